using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>A file that a lane emits.</summary>
/// <param name="Path">Relative to the artifact root, with <c>/</c>.</param>
/// <param name="MediaType">What it holds.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="SchemaVersion">For Janus artifacts the schema's name.</param>
/// <param name="ManifestHash">For Janus artifacts the hash over their own entries.</param>
public sealed record EmittedFile(string Path, string MediaType, IArtifactFile Content, string? SchemaVersion = null, Sha256Hash? ManifestHash = null);

/// <summary>The Janus evidence of a run: decisions, event/CAR artifact, reward artifact and evidence summary (lane.md sections 6, 7, 12).</summary>
public sealed record JanusEvidence
{
    /// <summary>Where the event/CAR artifact stands.</summary>
    public const string EventCarPath = "gates/janus-event-car-v1.json";

    /// <summary>Where the reward artifact stands.</summary>
    public const string RewardPath = "gates/janus-hgrm-reward-v1.json";

    /// <summary>Where the evidence summary stands.</summary>
    public const string SummaryPath = "gates/janus-q-evidence-v1.json";

    private const string Json = "application/json";

    /// <summary>What the strategies decided, and their errors.</summary>
    public required RuntimeOutcome Runtime { get; init; }

    /// <summary>The event/CAR artifact.</summary>
    public required EventCarArtifact EventCar { get; init; }

    /// <summary>The reward artifact.</summary>
    public required HgrmRewardArtifact Reward { get; init; }

    /// <summary>The evidence summary.</summary>
    public required EvidenceSummary Summary { get; init; }

    /// <summary>The three files, in the order in which they are made.</summary>
    public IReadOnlyList<EmittedFile> Files =>
    [
        new(EventCarPath, Json, EventCar, EventCarArtifact.SchemaVersion, EventCar.ManifestHash),
        new(RewardPath, Json, Reward, HgrmRewardArtifact.SchemaVersion, Reward.ManifestHash),
        new(SummaryPath, Json, new JsonFile(Summary.Json)),
    ];

    /// <summary>Derives the evidence of sorted signals and strategies.</summary>
    /// <exception cref="RefusedException"><c>signals_empty</c> or <c>arithmetic_out_of_range</c>.</exception>
    public static JanusEvidence Derive(LaneIdentity identity, SortedSignals signals, IReadOnlyList<Strategy> strategies, Instant evaluatedAt)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Count == 0) throw new RefusedException(new Refusal("signals_empty", "The signals document holds no signal."));
        var runtime = StrategyRuntime.Run(signals, strategies);
        var eventCar = EventCarArtifact.Build(identity.RunId, signals, evaluatedAt);
        var reward = HgrmRewardArtifact.Build(identity.CandidateId, eventCar, [.. runtime.Decisions.Select(decision => decision.ToRewarded())], evaluatedAt);
        return new JanusEvidence
        {
            Runtime = runtime,
            EventCar = eventCar,
            Reward = reward,
            Summary = EvidenceSummary.Of(eventCar, EventCarPath, reward, RewardPath),
        };
    }

    /// <summary>A JSON value in file form.</summary>
    private sealed class JsonFile(JsonValue value) : IArtifactFile
    {
        public void WriteTo(ByteSink sink) => sink(FileJson.Bytes(value));
    }
}
