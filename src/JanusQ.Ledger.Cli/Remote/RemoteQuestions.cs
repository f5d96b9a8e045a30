using System.Runtime.CompilerServices;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>
/// Asks a server. States of candidates and replays are not believed but derived here, from the events and documents that the server gives.
/// </summary>
internal sealed class RemoteQuestions(LedgerClient client) : ILedgerQuestions
{
    private const int LargestPage = 1000;

    public async Task<IReadOnlyList<RecordedEvent>> HistoryAsync(string candidateId, CancellationToken cancellation)
    {
        if (!CandidateIdentity.IsCandidateId(candidateId)) return [];
        var found = await RemoteAnswer.FindAsync(
            AskAsync(() => client.ShowHistoryAsync(candidateId, cancellation: cancellation)), "unknown_candidate").ConfigureAwait(false);
        try
        {
            return found is null ? [] : [.. RemoteDocuments.ObjectsOf(found, "events").Select(RecordedEvent.Read)];
        }
        catch (FormatException)
        {
            throw RemoteDocuments.Unexpected("events");
        }
    }

    public async Task<Candidate?> CandidateAsync(string candidateId, CancellationToken cancellation) =>
        Fold(candidateId, await HistoryAsync(candidateId, cancellation).ConfigureAwait(false));

    public async Task<Candidate?> CandidateAtVersionAsync(string candidateId, long version, CancellationToken cancellation)
    {
        var history = await HistoryAsync(candidateId, cancellation).ConfigureAwait(false);
        return history.Count < version ? null : Fold(candidateId, history.TakeWhile(recorded => recorded.Version <= version));
    }

    public async Task<Candidate?> CandidateAtInstantAsync(string candidateId, Instant at, CancellationToken cancellation)
    {
        var history = await HistoryAsync(candidateId, cancellation).ConfigureAwait(false);
        return Fold(candidateId, history.TakeWhile(recorded => recorded.Happened.At <= at));
    }

    public async Task<SummaryPage> CandidatesAsync(CandidateFilter filter, string? after, int limit, CancellationToken cancellation)
    {
        var candidates = new List<JsonObject>();
        while (true)
        {
            var size = Math.Min(limit - candidates.Count, LargestPage);
            var page = await PageAsync(filter, after, size, cancellation).ConfigureAwait(false);
            candidates.AddRange(page.Candidates);
            if (page.NextAfter is null || candidates.Count >= limit) return new SummaryPage(candidates, page.NextAfter);
            after = page.NextAfter;
        }
    }

    // A page goes on after a candidate, as on a database, and not at a cursor: only so does it go on wherever the ledger is.
    private async Task<SummaryPage> PageAsync(CandidateFilter filter, string? after, int size, CancellationToken cancellation)
    {
        var page = await RemoteAnswer.AskAsync(AskAsync(() => client.ListCandidatesAsync(
            Given(
                ("stage", filter.Stage?.Text()),
                ("target", filter.Target?.Name()),
                ("reason", filter.Reason),
                ("policy", filter.GatePolicySha256?.ToString()),
                ("since", filter.ChangedSince?.ToString()),
                ("until", filter.ChangedUntil?.ToString()),
                ("limit", size.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("after", after)),
            cancellation))).ConfigureAwait(false);
        JsonObject[] candidates = [.. RemoteDocuments.ObjectsOf(page, "candidates")];
        var isLast = candidates.Length == 0 || RemoteDocuments.OptionalText(page, "next_cursor") is null;
        return new SummaryPage(candidates, isLast ? null : RemoteDocuments.Text(candidates[^1], "candidate_id"));
    }

    public async Task<SafetyControls> SafetyAsync(CancellationToken cancellation) =>
        RemoteDocuments.SafetyOf(await RemoteAnswer.AskAsync(AskAsync(() => client.ShowSafetyAsync(cancellation))).ConfigureAwait(false));

    public async Task<IReadOnlyList<PolicyBook>> PoliciesAsync(CancellationToken cancellation)
    {
        var policies = await RemoteAnswer.AskAsync(AskAsync(() => client.ListPoliciesAsync(cancellation))).ConfigureAwait(false);
        return [.. RemoteDocuments.ObjectsOf(policies, "policies").Select(RemoteDocuments.BookOf)];
    }

    public async Task<ChampionSlot?> ChampionAsync(PromotionTarget target, long? version, Instant? at, CancellationToken cancellation)
    {
        var when = Given(("version", version?.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("at", at?.ToString()));
        var place = await RemoteAnswer.FindAsync(
            AskAsync(() => client.ShowChampionAsync(target.Name(), when, cancellation)), "unknown_version").ConfigureAwait(false);
        return place is null ? null : RemoteDocuments.PlaceOf(place);
    }

    public async Task<RecordedDecision?> FindDecisionAsync(string decisionId, CancellationToken cancellation)
    {
        if (!CandidateIdentity.IsId(decisionId)) return null;
        var shown = await RemoteAnswer.FindAsync(
            AskAsync(() => client.ShowDecisionAsync(decisionId, cancellation)), "unknown_decision").ConfigureAwait(false);
        if (shown is null) return null;
        var candidateId = RemoteDocuments.Text(shown, "candidate_id");
        return RecordedDecision.Find(candidateId, await HistoryAsync(candidateId, cancellation).ConfigureAwait(false), decisionId);
    }

    public async Task<IReadOnlyList<RecordedDecision>> DecisionsOfAsync(string candidateId, CancellationToken cancellation) =>
        RecordedDecision.AllOf(candidateId, await HistoryAsync(candidateId, cancellation).ConfigureAwait(false));

    // The list of decisions follows the events at a distance; that of candidates does not, so no decision is left out.
    public async IAsyncEnumerable<string> CandidatesWithDecisionsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await PageAsync(new CandidateFilter(), after, LargestPage, cancellation).ConfigureAwait(false);
            foreach (var candidate in page.Candidates) yield return RemoteDocuments.Text(candidate, "candidate_id");
            after = page.NextAfter;
        }
        while (after is not null);
    }

    public async Task<Replay> ReplayAsync(RecordedDecision decision, CancellationToken cancellation)
    {
        var read = new Dictionary<Sha256Hash, byte[]?>();
        foreach (var sha256 in decision.NamedDocuments()) read[sha256] = await ReadContentAsync(sha256, cancellation).ConfigureAwait(false);
        return decision.Replay(sha256 => read.GetValueOrDefault(sha256));
    }

    public async Task<byte[]?> ReadContentAsync(Sha256Hash sha256, CancellationToken cancellation)
    {
        try
        {
            return await RemoteAnswer.FindAsync(client.GetContentAsync(sha256.ToString(), cancellation), "unknown_artifact")
                .ConfigureAwait(false);
        }
        catch (InvalidDataException altered)
        {
            throw new IntegrityException(altered.Message);
        }
    }

    private static async Task<JsonObject> AskAsync(Func<Task<System.Text.Json.JsonElement>> ask) =>
        RemoteAnswer.ObjectOf(await ask().ConfigureAwait(false));

    private static IEnumerable<KeyValuePair<string, string>> Given(params (string Name, string? Value)[] values) =>
        values.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value!));

    private static Candidate? Fold(string candidateId, IEnumerable<RecordedEvent> history) => history.Aggregate(
        (Candidate?)null,
        (before, recorded) => before is null ? Candidate.From(candidateId, recorded.Happened) : before.After(recorded.Happened));
}
