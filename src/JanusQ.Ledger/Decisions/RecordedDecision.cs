using System.Collections.Immutable;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Promotions;

namespace JanusQ.Ledger.Decisions;

/// <summary>A decision as it is recorded: its four events, what followed from it for its candidate, and what was before it.</summary>
public sealed record RecordedDecision
{
    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>Everything that had happened to the candidate before, in order.</summary>
    public required ImmutableArray<CandidateEvent> Earlier { get; init; }

    /// <summary>The four events of the decision and its candidate's promotion or demotion that followed, in order.</summary>
    public required ImmutableArray<RecordedEvent> Events { get; init; }

    /// <summary>The verdict.</summary>
    public PromotionDecided Decided => Events.Select(recorded => recorded.Happened).OfType<PromotionDecided>().Single();

    /// <summary>The decision of a stream's events by its id, or none.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="history">All events of its stream, in order.</param>
    /// <param name="decisionId">The decision.</param>
    public static RecordedDecision? Find(string candidateId, IReadOnlyList<RecordedEvent> history, string decisionId)
    {
        ArgumentNullException.ThrowIfNull(history);
        for (var i = 0; i < history.Count; i++)
        {
            if (Is(DecisionOf(history[i].Happened), decisionId))
            {
                var events = history.Skip(i).TakeWhile(recorded => Is(DecisionOf(recorded.Happened), decisionId)).ToImmutableArray();
                var earlier = history.Take(i).Select(recorded => recorded.Happened).ToImmutableArray();
                return events.Any(recorded => recorded.Happened is PromotionDecided)
                    ? new RecordedDecision { CandidateId = candidateId, Earlier = earlier, Events = events }
                    : null;
            }
        }

        return null;
    }

    /// <summary>Every decision of a stream's events, in order.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="history">All events of its stream, in order.</param>
    public static IReadOnlyList<RecordedDecision> AllOf(string candidateId, IReadOnlyList<RecordedEvent> history) =>
    [
        .. history.Select(recorded => recorded.Happened).OfType<PromotionDecided>()
            .Select(decided => Find(candidateId, history, decided.DecisionId)!),
    ];

    /// <summary>
    /// The documents that deriving it again asks for: inputs and artifacts of the evaluation, policy, gate inputs, gate report.
    /// </summary>
    public IEnumerable<Sha256Hash> NamedDocuments()
    {
        var decided = Decided;
        Sha256Hash?[] own = [decided.PolicySha256, decided.GateInputsSha256, decided.GateReportSha256];
        var state = Earlier.Aggregate(Candidate.Unrecorded(CandidateId), (before, happened) => before.After(happened));
        var evaluation = state.Find(decided.EvaluationId);
        return (evaluation is null ? [] : StoredEvidence.NamedBy(evaluation)).Concat(own.OfType<Sha256Hash>()).Distinct();
    }

    /// <summary>Derives it again from what it recorded and compares, byte for byte in canonical JSON (audit.md section 2).</summary>
    /// <param name="find">Finds a document by its hash; none where it is not there.</param>
    public Replay Replay(FindContent find)
    {
        CandidateEvent[] events = [.. Earlier, .. Events.Select(recorded => recorded.Happened)];
        return DecisionReplay.Of(CandidateId, events, Decided.DecisionId, find, RecordedEvent.DataOf);
    }

    /// <summary>The decision as a document: the same for the command line and the server, and stable.</summary>
    public JsonObject ToJson()
    {
        var members = new List<(string, JsonValue)> { ("candidate_id", CandidateId) };
        foreach (var recorded in Events)
        {
            var name = recorded.Type;
            members.Add((name, JsonObject.Of(
                ("sequence", recorded.Sequence), ("version", recorded.Version), ("recorded_at", recorded.Timestamp.ToString()),
                ("data", recorded.Data))));
        }

        return JsonObject.Of([.. members]);
    }

    private static string? DecisionOf(CandidateEvent happened) => happened switch
    {
        GateMatrixEvaluated gates => gates.DecisionId,
        PrerequisitesEvaluated prerequisites => prerequisites.DecisionId,
        RollbackReadinessEvaluated rollback => rollback.DecisionId,
        PromotionDecided decided => decided.DecisionId,
        CandidatePromoted promoted => promoted.DecisionId,
        CandidateDemoted demoted => demoted.DecisionId,
        _ => null,
    };

    private static bool Is(string? decisionId, string asked) => string.Equals(decisionId, asked, StringComparison.Ordinal);
}
