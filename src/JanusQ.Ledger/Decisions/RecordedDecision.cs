using System.Collections.Immutable;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

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

    /// <summary>The decision as a document: the same for the command line and the server, and stable.</summary>
    public JsonObject ToJson()
    {
        var members = new List<(string, JsonValue)> { ("candidate_id", CandidateId) };
        foreach (var recorded in Events)
        {
            var name = recorded.Type;
            members.Add((name, JsonObject.Of(
                ("sequence", recorded.Sequence), ("version", recorded.Version), ("recorded_at", recorded.Timestamp.ToString()), ("data", recorded.Data))));
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
