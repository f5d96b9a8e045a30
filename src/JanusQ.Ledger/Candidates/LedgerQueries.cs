using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;

namespace JanusQ.Ledger.Candidates;

/// <summary>
/// What can be asked of a ledger. Nothing here writes, except that asynchronous projections are caught up where they are asked for.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="database">The database below.</param>
/// <param name="projections">What is kept behind the events.</param>
public sealed class LedgerQueries(IDocumentStore store, NpgsqlDataSource database, LedgerProjections projections)
{
    /// <summary>The current state of a candidate, or none.</summary>
    public async Task<Candidate?> CandidateAsync(string candidateId, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await CandidateAsync(session, candidateId, cancellation);
    }

    /// <summary>The state of a candidate after so many of its events; none where it has fewer.</summary>
    public async Task<Candidate?> CandidateAtVersionAsync(string candidateId, long version, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await CandidateAtVersionAsync(session, candidateId, version, cancellation);
    }

    /// <summary>The state of a candidate at an instant, that instant's events included; none where nothing had happened yet.</summary>
    public async Task<Candidate?> CandidateAtInstantAsync(string candidateId, Instant at, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await CandidateAtInstantAsync(session, candidateId, at, cancellation);
    }

    /// <summary>Everything that happened to a candidate, in order; empty where it does not exist.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> HistoryAsync(string candidateId, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await HistoryAsync(session, candidateId, cancellation);
    }

    /// <summary>A page of candidates in the order of their ids, character by character, whatever the database's language.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="after">The id that the page before ended with; from the first if null.</param>
    /// <param name="limit">Candidates at most, from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<CandidatePage> CandidatesAsync(
        CandidateFilter filter, string? after, int limit, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var session = store.QuerySession(SessionOptions.ForTransaction(transaction));
        return await CandidatesAsync(session, transaction, filter, after, limit, cancellation);
    }

    /// <summary>
    /// Lane runs of a candidate, in the order in which they were started, complete up to the sequence that comes with them.
    /// </summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="catchUp">Brings the projection up to what is recorded first; where a server keeps it current that is its own
    /// business.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<AsOf<IReadOnlyList<LaneRun>>> LaneRunsAsync(
        string candidateId, bool catchUp, CancellationToken cancellation = default)
    {
        return await projections.ReadAsync<IReadOnlyList<LaneRun>>(
            nameof(LaneRun),
            catchUp,
            async session =>
            {
                var runs = await session.QueryAsync<LaneRun>("where data ->> 'candidate_id' = ? order by id", cancellation, candidateId);
                return [.. runs.OrderBy(run => run.LastSequence)];
            },
            cancellation);
    }

    /// <summary>One decision with everything that is recorded about it, or none; complete up to the sequence that comes with it.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="decisionId">The decision.</param>
    /// <param name="catchUp">Brings the projection up to what is recorded first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<Decision?>> DecisionAsync(
        string candidateId, string decisionId, bool catchUp, CancellationToken cancellation = default) =>
        projections.ReadAsync(
            nameof(Decision),
            catchUp,
            session => session.LoadAsync<Decision>(Decision.KeyOf(candidateId, decisionId), cancellation),
            cancellation);

    /// <summary>How often gates failed for which reason, under which policy, on which of some days; by day, gate and reason.</summary>
    /// <param name="since">The first day, <c>YYYY-MM-DD</c>.</param>
    /// <param name="until">The first day after.</param>
    /// <param name="catchUp">Brings the projection up to what is recorded first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<IReadOnlyList<GateFailureStatistics>>> GateFailuresAsync(
        DateOnly since, DateOnly until, bool catchUp, CancellationToken cancellation = default) =>
        projections.ReadAsync(
            nameof(GateFailureStatistics),
            catchUp,
            session =>
            {
                static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
                return session.QueryAsync<GateFailureStatistics>(
                    "where id collate \"C\" >= ? and id collate \"C\" < ? order by id collate \"C\"", cancellation, Text(since),
                    Text(until));
            },
            cancellation);

    /// <summary>How far the ledger has come.</summary>
    public async Task<LedgerStatus> StatusAsync(CancellationToken cancellation = default)
    {
        // Tables come into being when they are first needed, so any of them may be missing while others are there.
        var events = await CountAsync("mt_events", cancellation);
        if (events is null)
            return new LedgerStatus(false, 0, 0, 0, 0, await NumberAsync("select pg_database_size(current_database())", cancellation));
        return new LedgerStatus(
            true,
            events.Value,
            await NumberAsync($"select coalesce(max(seq_id), 0) from {LedgerStore.Schema}.mt_events", cancellation),
            await CountAsync("mt_doc_candidate", cancellation) ?? 0,
            await CountAsync("content", cancellation) ?? 0,
            await NumberAsync("select pg_database_size(current_database())", cancellation));
    }

    internal static async Task<Candidate?> CandidateAsync(IQuerySession session, string candidateId, CancellationToken cancellation) =>
        CandidateIdentity.IsCandidateId(candidateId)
            ? await session.LoadAsync<Candidate>(CandidateIdentity.StreamOf(candidateId), cancellation)
            : null;

    internal static async Task<Candidate?> CandidateAtVersionAsync(
        IQuerySession session, string candidateId, long version, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var events = await FetchAsync(session, candidateId, version, null, cancellation);
        return events.Count == version ? Fold(candidateId, events) : null;
    }

    internal static async Task<Candidate?> CandidateAtInstantAsync(
        IQuerySession session, string candidateId, Instant at, CancellationToken cancellation) =>
        Fold(candidateId, await FetchAsync(session, candidateId, 0, at, cancellation));

    internal static async Task<IReadOnlyList<RecordedEvent>> HistoryAsync(
        IQuerySession session, string candidateId, CancellationToken cancellation) =>
        [.. (await FetchAsync(session, candidateId, 0, null, cancellation)).Select(RecordedEvent.Of)];

    internal static async Task<CandidatePage> CandidatesAsync(
        IQuerySession session,
        NpgsqlTransaction transaction,
        CandidateFilter filter,
        string? after,
        int limit,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var (sql, values) = CandidateSearch.Of(filter, after, limit + 1);

        // Which index serves best depends on how common the value is: a plan made for any value reads everything for a rare one.
        await using (var planning = new NpgsqlCommand("set local plan_cache_mode = force_custom_plan", transaction.Connection, transaction))
            await planning.ExecuteNonQueryAsync(cancellation);
        var found = await session.QueryAsync<Candidate>(sql, cancellation, values);
        var page = found.Take(limit).ToArray();
        return new CandidatePage(page, found.Count > limit ? page[^1].CandidateId : null);
    }

    private async Task<long?> CountAsync(string table, CancellationToken cancellation)
    {
        var isThere = await NumberAsync(
            $"select count(*) from pg_class where oid = to_regclass('{LedgerStore.Schema}.{table}')", cancellation);
        return isThere == 0 ? null : await NumberAsync($"select count(*) from {LedgerStore.Schema}.{table}", cancellation);
    }

    private async Task<long> NumberAsync(string sql, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }

    internal static Candidate? Fold(string candidateId, IReadOnlyList<IEvent> events)
    {
        Candidate? candidate = null;
        foreach (var recorded in events)
        {
            if (recorded.Data is not CandidateEvent happened)
                throw new UnknownCandidateEventException(
                    $"The stream of {candidateId} holds a {recorded.EventTypeName}, which is no candidate's event.");
            candidate = candidate is null ? Candidate.From(candidateId, happened) : candidate.After(happened);
        }

        return candidate;
    }

    private static async Task<IReadOnlyList<IEvent>> FetchAsync(
        IQuerySession session, string candidateId, long version, Instant? at, CancellationToken cancellation)
    {
        if (!CandidateIdentity.IsCandidateId(candidateId)) return [];
        var events = await session.Events.FetchStreamAsync(CandidateIdentity.StreamOf(candidateId), version, token: cancellation);

        // The instant inside the event is compared, not the store's time stamp: it is the one that is recorded for good.
        return at is { } instant
            ? [.. events.TakeWhile(recorded => recorded.Data is not CandidateEvent happened || happened.At <= instant)]
            : events;
    }
}

/// <summary>Candidates in the order of their ids.</summary>
/// <param name="Candidates">The page.</param>
/// <param name="NextAfter">What the next page begins after; none if this is the last.</param>
public sealed record CandidatePage(IReadOnlyList<Candidate> Candidates, string? NextAfter);

/// <summary>An answer from an asynchronous projection.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Sequence">The event sequence up to which it is complete.</param>
public sealed record AsOf<T>(T Value, long Sequence);

/// <summary>How far a ledger has come.</summary>
/// <param name="Exists">Whether its tables are there; the numbers are 0 where they are not.</param>
/// <param name="Events">Number of events.</param>
/// <param name="LastSequence">Sequence of the last event.</param>
/// <param name="Candidates">Number of candidates.</param>
/// <param name="Contents">Number of stored documents.</param>
/// <param name="Bytes">Size of the database.</param>
public sealed record LedgerStatus(bool Exists, long Events, long LastSequence, long Candidates, long Contents, long Bytes)
{
    /// <summary>That of a database without a ledger.</summary>
    public static readonly LedgerStatus None = new(false, 0, 0, 0, 0, 0);
}
