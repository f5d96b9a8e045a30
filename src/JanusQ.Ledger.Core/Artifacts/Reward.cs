using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>One reward: a decision, its event, and the gates and rewards that follow (artifacts.md section 7, steps 1 to 9).</summary>
internal readonly record struct Reward
{
    public static readonly Decimal28 NeutralGate = Decimal28.Of("-0.50");
    public static readonly Decimal28 OppositeGate = Decimal28.Of("-1");
    public static readonly Decimal28 UnpredictedGate = Decimal28.Of("0.70");
    public static readonly Decimal28 MismatchGate = Decimal28.Of("0.40");
    private static readonly Decimal28 Cost = Decimal28.Of("0.0005");
    private static readonly Decimal28 RationaleReward = Decimal28.Of("0.10");

    public EntryId RewardId { get; init; }

    public EntryId EventId { get; private init; }

    public bool IsMapped { get; private init; }

    public RewardedDecision Decision { get; private init; }

    public SemanticDirection ExpectedDirection { get; private init; }

    public string EventType { get; private init; }

    public Decimal28 DirectionGate { get; private init; }

    public Decimal28 EventTypeGate { get; private init; }

    public Decimal28 PnlReward { get; private init; }

    public Decimal28 MagnitudeReward { get; private init; }

    public Decimal28 ProcessReward { get; private init; }

    public Decimal28 FinalReward { get; private init; }

    public static Reward Of(RewardedDecision decision, EventCarArtifact eventCar) =>
        eventCar.TryFind(decision.EventTime, decision.Symbol.Value, out var record)
            ? Of(decision, (record.Signal.EventType.Value, record.Car)) with { EventId = record.EventId }
            : Of(decision, default((string, Decimal28)?));

    /// <summary>The reward of a decision whose event has this type and CAR; an unmapped one has none.</summary>
    public static Reward Of(RewardedDecision decision, (string Type, Decimal28 Car)? mapped)
    {
        var car = mapped?.Car ?? Decimal28.Zero;
        var expected = SemanticDirections.Of(car);
        var eventType = mapped?.Type ?? SignalEventType.Unclassified;
        var agrees = expected == (decision.IsBuy ? SemanticDirection.Long : SemanticDirection.Short);
        var directionGate = expected == SemanticDirection.Neutral ? NeutralGate : agrees ? Decimal28.One : OppositeGate;
        var eventTypeGate = decision.PredictedEventType is not { } predicted ? UnpredictedGate
            : string.Equals(predicted, eventType, StringComparison.Ordinal) ? Decimal28.One : MismatchGate;
        var pnl = (car * (decision.IsBuy ? Decimal28.One : OppositeGate)) - Cost;
        var absolute = Decimal28.Abs(car);
        var magnitude = agrees ? absolute : -absolute;
        var process = decision.HasRationale ? RationaleReward : Decimal28.Zero;
        return new Reward
        {
            IsMapped = mapped is not null,
            Decision = decision,
            ExpectedDirection = expected,
            EventType = eventType,
            DirectionGate = directionGate,
            EventTypeGate = eventTypeGate,
            PnlReward = pnl,
            MagnitudeReward = magnitude,
            ProcessReward = process,
            FinalReward = ((directionGate * eventTypeGate * pnl) + magnitude) + process,
        };
    }
}

/// <summary>Adds rewards up in order.</summary>
internal sealed class RewardTally
{
    private int _count;
    private int _mapped;
    private int _opposite;
    private int _agreeing;
    private int _matching;
    private Decimal28 _final;
    private Decimal28 _pnl;

    public void Add(in Reward reward)
    {
        _count++;
        if (reward.IsMapped) _mapped++;
        if (Decimal28.Compare(reward.DirectionGate, Reward.OppositeGate) == 0) _opposite++;
        if (Decimal28.Compare(reward.DirectionGate, Decimal28.One) == 0) _agreeing++;
        if (Decimal28.Compare(reward.EventTypeGate, Decimal28.One) == 0) _matching++;
        _final += reward.FinalReward;
        _pnl += reward.PnlReward;
    }

    public RewardSummary ToSummary() => new(
        _count, _mapped, _opposite, PerReward(Decimal28.Of(_agreeing)), PerReward(Decimal28.Of(_matching)), PerReward(_final),
        PerReward(_pnl));

    private Decimal28 PerReward(in Decimal28 sum) => _count == 0 ? Decimal28.Zero : sum / Decimal28.Of(_count);
}

/// <summary>The summary of a reward artifact.</summary>
/// <param name="RewardCount">Number of rewards.</param>
/// <param name="EventMappedCount">Rewards whose decision met an event.</param>
/// <param name="HardGateFailCount">Rewards with direction gate −1.</param>
/// <param name="DirectionGatePassRatio">Share with direction gate 1.</param>
/// <param name="EventTypeMatchRatio">Share with event type gate 1.</param>
/// <param name="MeanFinalReward">Mean of the final rewards.</param>
/// <param name="MeanPnlReward">Mean of the profit rewards.</param>
public sealed record RewardSummary(
    int RewardCount,
    int EventMappedCount,
    int HardGateFailCount,
    Decimal28 DirectionGatePassRatio,
    Decimal28 EventTypeMatchRatio,
    Decimal28 MeanFinalReward,
    Decimal28 MeanPnlReward)
{
    /// <summary>The member <c>summary</c> of the artifact.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("reward_count", RewardCount),
        ("event_mapped_count", EventMappedCount),
        ("hard_gate_fail_count", HardGateFailCount),
        ("direction_gate_pass_ratio", DirectionGatePassRatio.ToArtifactText()),
        ("event_type_match_ratio", EventTypeMatchRatio.ToArtifactText()),
        ("mean_final_reward", MeanFinalReward.ToArtifactText()),
        ("mean_pnl_reward", MeanPnlReward.ToArtifactText()));
}
