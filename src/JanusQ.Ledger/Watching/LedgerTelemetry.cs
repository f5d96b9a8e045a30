using System.Diagnostics;
using System.Diagnostics.Metrics;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Promotions;

namespace JanusQ.Ledger.Watching;

/// <summary>
/// What a ledger tells about itself while it works, through the platform's own <see cref="ActivitySource"/> and <see cref="Meter"/>: who
/// wants to hear it names <see cref="Name"/>. Every tag has values from a closed list; what is not on it is told as <c>other</c>, and
/// nothing as <c>none</c>.
/// </summary>
public static class LedgerTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "JanusQ.Ledger";

    private const string None = "none";
    private const string Other = "other";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> AppendDuration = Meter.CreateHistogram(
        "janusq.append.duration",
        "s",
        "From taking a command to its answer.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });

    private static readonly Gauge<long> EventCount = Meter.CreateGauge<long>(
        "janus_event_count", null, "Events in the Janus evidence of the latest decision; 0 without any.");

    private static readonly Gauge<long> RewardCount = Meter.CreateGauge<long>(
        "janus_reward_count", null, "Rewards in the Janus evidence of the latest decision; 0 without any.");

    private static readonly Gauge<int> EvidenceComplete = Meter.CreateGauge<int>(
        "janus_evidence_complete", null, "1 if the Janus evidence of the latest decision is complete, else 0.");

    private static readonly Counter<long> GateFailures = Meter.CreateCounter<long>(
        "autonomy_gate_fail_total", null, "Gates that failed in recorded decisions, by gate and reason.");

    private static readonly Counter<long> PromotionAttempts = Meter.CreateCounter<long>(
        "promotion_attempt_total",
        null,
        "Requests for a promotion, each once, by target, by promote, hold, deny, unchanged, refused or failed, and by the first reason.");

    private static readonly Gauge<double> ProjectionLag = Meter.CreateGauge<double>(
        "janusq.projection.lag", "s", "Age of the oldest event that a projection has not taken in.");

    private static readonly Gauge<long> ProjectionLagEvents = Meter.CreateGauge<long>(
        "janusq.projection.lag.events", null, "Events that a projection has not taken in.");

    private static readonly Gauge<double> LogLag = Meter.CreateGauge<double>(
        "janusq.log.lag", "s", "Age of the oldest event that is not in the transparency log.");

    private static readonly Gauge<long> LogLagEvents = Meter.CreateGauge<long>(
        "janusq.log.lag.events", null, "Events that are not in the transparency log.");

    private static readonly Gauge<double> CheckpointAge = Meter.CreateGauge<double>(
        "janusq.log.checkpoint.age", "s", "Age of the checkpoint that was signed last.");

    /// <summary>Does what handles a command, and tells how long it took and what came of it.</summary>
    internal static async Task<TAnswer> WatchAsync<TAnswer>(object command, Func<Task<TAnswer>> handle)
    {
        var name = command.GetType().Name;
        using var activity = Source.StartActivity(name);
        var begun = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var answer = await handle();
            outcome = OutcomeOf(answer);
            if (command is RequestPromotion request) Attempted(request, answer as PromotionAnswer);
            return answer;
        }
        catch (Exception failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            if (command is RequestPromotion request) Attempted(request, null);
            throw;
        }
        finally
        {
            activity?.SetTag("janusq.outcome", outcome);
            AppendDuration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, new("command", name), new("outcome", outcome));
        }
    }

    /// <summary>Tells of a decision once it is recorded.</summary>
    internal static void Decided(DerivedDecision decision)
    {
        foreach (var (gate, reason) in FailuresOf(decision.Gates))
            GateFailures.Add(1, new("gate_id", KnownGate(gate)), new("reason", KnownReason(reason)));
    }

    /// <summary>Tells what the Janus evidence of the latest decision is.</summary>
    public static void Tell(ToldEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        EventCount.Record(evidence.Events);
        RewardCount.Record(evidence.Rewards);
        EvidenceComplete.Record(evidence.IsComplete ? 1 : 0);
    }

    /// <summary>Tells how far what is kept behind the events has come.</summary>
    public static void Tell(LedgerLags lags)
    {
        ArgumentNullException.ThrowIfNull(lags);
        foreach (var (projection, lag) in lags.Projections)
        {
            ProjectionLag.Record(lag.Age.TotalSeconds, new KeyValuePair<string, object?>("projection", projection));
            ProjectionLagEvents.Record(lag.Events, new KeyValuePair<string, object?>("projection", projection));
        }

        if (lags.Log is { } log)
        {
            LogLag.Record(log.Age.TotalSeconds);
            LogLagEvents.Record(log.Events);
        }

        if (lags.CheckpointAge is { } age) CheckpointAge.Record(age.TotalSeconds);
    }

    private static void Attempted(RequestPromotion request, PromotionAnswer? answer)
    {
        var (status, reason) = answer switch
        {
            null => ("failed", null),
            { Refusal: { } refusal } => ("refused", refusal.Code),
            { Outcome: CommandOutcome.Unchanged } => ("unchanged", answer.Decision?.Reasons.FirstOrDefault()),
            _ => (answer.Decision!.Action.ToString().ToLowerInvariant(), answer.Decision.Reasons.FirstOrDefault()),
        };
        var target = answer?.Decision?.Target ?? request.Target;
        PromotionAttempts.Add(1, new("target", target?.Name() ?? None), new("status", status), new("reason", KnownReason(reason)));
    }

    private static IEnumerable<(string? Gate, string? Reason)> FailuresOf(GateMatrixEvaluated evaluated) => evaluated.Gates
        .Where(gate => !string.Equals(gate.Status, "pass", StringComparison.Ordinal))
        .SelectMany(gate => gate.Reasons.IsEmpty
            ? [((string?)gate.GateId, (string?)null)]
            : gate.Reasons.Select(reason => ((string?)gate.GateId, (string?)reason)))
        .Concat(evaluated.Reasons.Select(reason => ((string?)null, (string?)reason)))
        .Distinct();

    private static string OutcomeOf<TAnswer>(TAnswer answer)
    {
        var outcome = answer switch
        {
            StreamRecording recording => recording.Outcome,
            PromotionAnswer promotion => promotion.Outcome,
            PlaceAnswer place => place.Outcome,
            _ => (CommandOutcome?)null,
        };
        return outcome?.ToString().ToLowerInvariant() ?? Other;
    }

    private static string KnownGate(string? gate) => gate is null ? None : GateIds.InOrder.Contains(gate) ? gate : Other;

    private static string KnownReason(string? reason) => reason is null ? None : ReasonCatalogue.Find(reason) is null ? Other : reason;
}
