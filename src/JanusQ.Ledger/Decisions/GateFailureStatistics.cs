using System.Globalization;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JasperFx.Events;
using Marten.Events.Projections;

namespace JanusQ.Ledger.Decisions;

/// <summary>How often a gate failed for a reason, under a policy, on a day (ledger.md section 5).</summary>
public sealed record GateFailureStatistics
{
    /// <summary>Day, policy, gate and reason, parted by slashes.</summary>
    public required string Id { get; init; }

    /// <summary>The day (UTC) of the evaluations, <c>YYYY-MM-DD</c>.</summary>
    public required string Day { get; init; }

    /// <summary>The policy; none where it could not be read.</summary>
    public Sha256Hash? PolicySha256 { get; init; }

    /// <summary>The gate; none for a reason of the matrix that belongs to no gate.</summary>
    public string? GateId { get; init; }

    /// <summary>The reason; none where a gate failed without one.</summary>
    public string? Reason { get; init; }

    /// <summary>Number of evaluations in which it failed for that reason.</summary>
    public long Failures { get; init; }

    /// <summary>The sequence of the last event in this state.</summary>
    public long LastSequence { get; init; }

    /// <summary>The row as a document.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("day", Day),
        ("policy_sha256", PolicySha256 is { } policy ? policy : JsonValue.Null),
        ("gate_id", GateId),
        ("reason", Reason),
        ("failures", Failures));
}

/// <summary>Keeps the <see cref="GateFailureStatistics"/>, behind the events.</summary>
public sealed partial class GateFailureProjection : MultiStreamProjection<GateFailureStatistics, string>
{
    private const string Nothing = "-";
    private const int DayLength = 10;

    /// <summary>Says which rows each event counts in.</summary>
    public GateFailureProjection()
    {
        Name = nameof(GateFailureStatistics);
        IncludeType<LedgerEvent>();
        Identities<IEvent<GateMatrixEvaluated>>(e => KeysOf(e));
    }

    /// <summary>The rows that an event counts in, each once.</summary>
    public static IReadOnlyList<string> KeysOf(IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Data is GateMatrixEvaluated evaluated ? [.. FailuresOf(evaluated).Select(row => row.Id)] : [];
    }

    /// <inheritdoc />
    public override GateFailureStatistics Evolve(GateFailureStatistics? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.Data is not GateMatrixEvaluated evaluated)
            throw new UnknownCandidateEventException(
                $"Gate failures do not know the {e.EventTypeName} that the stream {e.StreamKey} holds.");
        var row = snapshot ?? FailuresOf(evaluated).First(failure => string.Equals(failure.Id, id, StringComparison.Ordinal));
        return row with { Failures = row.Failures + 1, LastSequence = e.Sequence };
    }

    private static IEnumerable<GateFailureStatistics> FailuresOf(GateMatrixEvaluated evaluated)
    {
        var day = evaluated.At.ToString()[..DayLength];
        var failures = evaluated.Gates
            .Where(gate => !string.Equals(gate.Status, "pass", StringComparison.Ordinal))
            .SelectMany(gate => gate.Reasons.IsEmpty
                ? [((string?)gate.GateId, (string?)null)]
                : gate.Reasons.Select(reason => ((string?)gate.GateId, (string?)reason)))
            .Concat(evaluated.Reasons.Select(reason => ((string?)null, (string?)reason)));
        return failures.Distinct().Select(failure => new GateFailureStatistics
        {
            Id = string.Create(
                CultureInfo.InvariantCulture,
                $"{day}/{evaluated.PolicySha256?.ToString() ?? Nothing}/{failure.Item1 ?? Nothing}/{failure.Item2 ?? Nothing}"),
            Day = day,
            PolicySha256 = evaluated.PolicySha256,
            GateId = failure.Item1,
            Reason = failure.Item2,
        });
    }
}
