using System.Runtime.CompilerServices;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Store;
using Marten;
using Npgsql;

namespace JanusQ.Ledger.Decisions;

/// <summary>Recorded decisions, and whether they can be derived again (audit.md section 2). Nothing here writes.</summary>
/// <param name="store">The event store.</param>
/// <param name="database">The database below.</param>
/// <param name="contents">The documents.</param>
/// <param name="settled">How far the ledger is settled.</param>
public sealed class DecisionQueries(
    IDocumentStore store, NpgsqlDataSource database, ContentStore contents, SettledEvents settled)
{
    /// <summary>A decision by its id, or none.</summary>
    public async Task<RecordedDecision?> FindAsync(string decisionId, CancellationToken cancellation = default) =>
        (await FindAsOfAsync(decisionId, cancellation)).Value;

    /// <summary>A decision by its id, or none, with the sequence up to which the answer is complete.</summary>
    public async Task<AsOf<RecordedDecision?>> FindAsOfAsync(string decisionId, CancellationToken cancellation = default)
    {
        await using var snapshot = await LedgerSnapshot.OpenAsync(store, database, settled, cancellation);
        var found = CandidateIdentity.IsId(decisionId) && await CandidateOfAsync(snapshot, decisionId, cancellation) is { } candidateId
            ? RecordedDecision.Find(candidateId, await HistoryAsync(snapshot.Session, candidateId, cancellation), decisionId)
            : null;
        return new AsOf<RecordedDecision?>(found, snapshot.Sequence);
    }

    /// <summary>Every decision of a candidate, in order.</summary>
    public async Task<IReadOnlyList<RecordedDecision>> OfCandidateAsync(string candidateId, CancellationToken cancellation = default)
    {
        if (!CandidateIdentity.IsCandidateId(candidateId)) return [];
        await using var session = store.QuerySession();
        var history = await HistoryAsync(session, candidateId, cancellation);
        return RecordedDecision.AllOf(candidateId, history);
    }

    /// <summary>Derives a decision again from what it recorded and compares, byte for byte in canonical JSON.</summary>
    public async Task<Replay> ReplayAsync(RecordedDecision decision, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var evidence = new StoredEvidence(contents);
        await evidence.ReadAsync(decision.NamedDocuments(), cancellation);
        return decision.Replay(evidence.Find);
    }

    /// <summary>Every candidate with a decision, in the order of their ids.</summary>
    public IAsyncEnumerable<string> CandidatesWithDecisionsAsync(CancellationToken cancellation = default) =>
        CandidatesWithDecisionsAsync(-long.MaxValue, cancellation);

    /// <summary>Every candidate with a decision behind a sequence, in the order of their ids.</summary>
    internal async IAsyncEnumerable<string> CandidatesWithDecisionsAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(
            $"""
            select distinct stream_id collate "C" as id from {LedgerStore.Schema}.mt_events
            where type = 'promotion_decided' and seq_id > $1 order by id
            """);
        command.Parameters.AddWithValue(after);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) yield return CandidateIdentity.CandidateOfStream(reader.GetString(0));
    }

    /// <summary>Everything that happened to a candidate, in order.</summary>
    internal async Task<IReadOnlyList<RecordedEvent>> HistoryAsync(string candidateId, CancellationToken cancellation)
    {
        await using var session = store.QuerySession();
        return await HistoryAsync(session, candidateId, cancellation);
    }

    private static async Task<IReadOnlyList<RecordedEvent>> HistoryAsync(
        IQuerySession session, string candidateId, CancellationToken cancellation) =>
        [.. (await session.Events.FetchStreamAsync(CandidateIdentity.StreamOf(candidateId), token: cancellation)).Select(RecordedEvent.Of)];

    // The events have no index by decision. The flat tables have one, and what they do not hold yet is behind what they are complete up to.
    private static async Task<string?> CandidateOfAsync(LedgerSnapshot snapshot, string decisionId, CancellationToken cancellation)
    {
        await using (var known = snapshot.Command($"select candidate_id from {ComplianceTables.Schema}.decisions where decision_id = $1"))
        {
            known.Parameters.AddWithValue(decisionId);
            if (await known.ExecuteScalarAsync(cancellation) is string candidateId) return candidateId;
        }

        var complete = await snapshot.ProgressOfAsync(LedgerProjections.ShardOf(ComplianceProjection.Name), cancellation);
        await using var newer = snapshot.Command(
            $"""
            select stream_id from {LedgerStore.Schema}.mt_events
            where seq_id > $1 and type = 'promotion_decided' and data ->> 'decision_id' = $2
            """);
        newer.Parameters.AddWithValue(complete);
        newer.Parameters.AddWithValue(decisionId);
        return await newer.ExecuteScalarAsync(cancellation) is string stream ? CandidateIdentity.CandidateOfStream(stream) : null;
    }
}
