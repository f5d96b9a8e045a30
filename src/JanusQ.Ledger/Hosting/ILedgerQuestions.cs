using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Decisions;

namespace JanusQ.Ledger.Hosting;

/// <summary>
/// What people and programs ask a ledger, wherever it is: on a database, or behind a server. Whatever can be derived from events is derived
/// by the one who asks.
/// </summary>
public interface ILedgerQuestions
{
    /// <summary>Everything that happened to a candidate, in order; empty where it does not exist.</summary>
    Task<IReadOnlyList<RecordedEvent>> HistoryAsync(string candidateId, CancellationToken cancellation = default);

    /// <summary>The current state of a candidate, or none.</summary>
    Task<Candidate?> CandidateAsync(string candidateId, CancellationToken cancellation = default);

    /// <summary>The state of a candidate after so many of its events, from 1; none where it has fewer.</summary>
    Task<Candidate?> CandidateAtVersionAsync(string candidateId, long version, CancellationToken cancellation = default);

    /// <summary>The state of a candidate at an instant, that instant's events included; none where nothing had happened yet.</summary>
    Task<Candidate?> CandidateAtInstantAsync(string candidateId, Instant at, CancellationToken cancellation = default);

    /// <summary>A page of candidates, one line each, in the order of their ids.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="after">What the page before named as where it ended; from the first if null.</param>
    /// <param name="limit">Candidates at most, from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<SummaryPage> CandidatesAsync(CandidateFilter filter, string? after, int limit, CancellationToken cancellation = default);

    /// <summary>The safety controls as they stand.</summary>
    Task<SafetyControls> SafetyAsync(CancellationToken cancellation = default);

    /// <summary>The policies of all names, in the order of the names.</summary>
    Task<IReadOnlyList<PolicyBook>> PoliciesAsync(CancellationToken cancellation = default);

    /// <summary>
    /// The place of a target's champion: now, after so many of its events, or at an instant; none where it has fewer events.
    /// </summary>
    Task<ChampionSlot?> ChampionAsync(PromotionTarget target, long? version, Instant? at, CancellationToken cancellation = default);

    /// <summary>A decision by its id, or none.</summary>
    Task<RecordedDecision?> FindDecisionAsync(string decisionId, CancellationToken cancellation = default);

    /// <summary>Every decision of a candidate, in order.</summary>
    Task<IReadOnlyList<RecordedDecision>> DecisionsOfAsync(string candidateId, CancellationToken cancellation = default);

    /// <summary>Every candidate with a decision, in the order of their ids; there may be some without one among them.</summary>
    IAsyncEnumerable<string> CandidatesWithDecisionsAsync(CancellationToken cancellation = default);

    /// <summary>Derives a decision again from what it recorded and compares, byte for byte in canonical JSON.</summary>
    Task<Replay> ReplayAsync(RecordedDecision decision, CancellationToken cancellation = default);

    /// <summary>A document's bytes, or none if it is not stored.</summary>
    Task<byte[]?> ReadContentAsync(Sha256Hash sha256, CancellationToken cancellation = default);
}

/// <summary>Candidates in the order of their ids, one line each.</summary>
/// <param name="Candidates">As <see cref="CandidateDocument.Summary"/> writes them.</param>
/// <param name="NextAfter">What the next page begins after; none if this is the last.</param>
public sealed record SummaryPage(IReadOnlyList<JsonObject> Candidates, string? NextAfter);
