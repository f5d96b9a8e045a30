using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Decisions;

namespace JanusQ.Ledger.Hosting;

/// <summary>Answers from the database of a ledger.</summary>
internal sealed class StoredAnswers(LedgerHost ledger) : ILedgerQuestions
{
    public Task<IReadOnlyList<RecordedEvent>> HistoryAsync(string candidateId, CancellationToken cancellation) =>
        ledger.Queries.HistoryAsync(candidateId, cancellation);

    public Task<Candidate?> CandidateAsync(string candidateId, CancellationToken cancellation) =>
        ledger.Queries.CandidateAsync(candidateId, cancellation);

    public Task<Candidate?> CandidateAtVersionAsync(string candidateId, long version, CancellationToken cancellation) =>
        ledger.Queries.CandidateAtVersionAsync(candidateId, version, cancellation);

    public Task<Candidate?> CandidateAtInstantAsync(string candidateId, Instant at, CancellationToken cancellation) =>
        ledger.Queries.CandidateAtInstantAsync(candidateId, at, cancellation);

    public async Task<SummaryPage> CandidatesAsync(CandidateFilter filter, string? after, int limit, CancellationToken cancellation)
    {
        var page = await ledger.Queries.CandidatesAsync(filter, after, limit, cancellation);
        return new SummaryPage([.. page.Candidates.Select(CandidateDocument.Summary)], page.NextAfter);
    }

    public Task<SafetyControls> SafetyAsync(CancellationToken cancellation) => ledger.Facts.SafetyAsync(cancellation);

    public Task<IReadOnlyList<PolicyBook>> PoliciesAsync(CancellationToken cancellation) => ledger.Facts.PoliciesAsync(cancellation);

    public Task<ChampionSlot?> ChampionAsync(PromotionTarget target, long? version, Instant? at, CancellationToken cancellation) =>
        ledger.Facts.ChampionAsync(target, version, at, cancellation);

    public Task<RecordedDecision?> FindDecisionAsync(string decisionId, CancellationToken cancellation) =>
        ledger.Decisions.FindAsync(decisionId, cancellation);

    public Task<IReadOnlyList<RecordedDecision>> DecisionsOfAsync(string candidateId, CancellationToken cancellation) =>
        ledger.Decisions.OfCandidateAsync(candidateId, cancellation);

    public IAsyncEnumerable<string> CandidatesWithDecisionsAsync(CancellationToken cancellation) =>
        ledger.Decisions.CandidatesWithDecisionsAsync(cancellation);

    public Task<Replay> ReplayAsync(RecordedDecision decision, CancellationToken cancellation) =>
        ledger.Decisions.ReplayAsync(decision, cancellation);

    public Task<byte[]?> ReadContentAsync(Sha256Hash sha256, CancellationToken cancellation) =>
        ledger.Content.ReadAsync(sha256, cancellation);
}
