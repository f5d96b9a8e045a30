using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using Marten;
using Npgsql;

namespace JanusQ.Ledger.Candidates;

/// <summary>
/// The questions of <see cref="LedgerQueries"/> and <see cref="FactQueries"/> about state that is written with its events, each answered
/// from one look at the ledger together with the sequence up to which it is complete: no event up to that will come to be later.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="database">The database below.</param>
/// <param name="settled">How far the ledger is settled.</param>
public sealed class SnapshotQueries(IDocumentStore store, NpgsqlDataSource database, SettledEvents settled)
{
    /// <summary>The state of a candidate, or none.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="version">After so many of its events; none where it has fewer.</param>
    /// <param name="at">At that instant, where no version is named; as it is now where neither is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<Candidate?>> CandidateAsync(
        string candidateId, long? version = null, Instant? at = null, CancellationToken cancellation = default) =>
        ReadAsync(
            snapshot => (version, at) switch
            {
                ({ } number, _) => LedgerQueries.CandidateAtVersionAsync(snapshot.Session, candidateId, number, cancellation),
                (_, { } instant) => LedgerQueries.CandidateAtInstantAsync(snapshot.Session, candidateId, instant, cancellation),
                _ => LedgerQueries.CandidateAsync(snapshot.Session, candidateId, cancellation),
            },
            cancellation);

    /// <summary>Everything that happened to a candidate, in order; empty where it does not exist.</summary>
    public Task<AsOf<IReadOnlyList<RecordedEvent>>> HistoryAsync(string candidateId, CancellationToken cancellation = default) =>
        ReadAsync(snapshot => LedgerQueries.HistoryAsync(snapshot.Session, candidateId, cancellation), cancellation);

    /// <summary>A page of candidates in the order of their ids, character by character.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="after">The id that the page before ended with; from the first if null.</param>
    /// <param name="limit">Candidates at most, from 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<CandidatePage>> CandidatesAsync(
        CandidateFilter filter, string? after, int limit, CancellationToken cancellation = default) =>
        ReadAsync(
            snapshot => LedgerQueries.CandidatesAsync(snapshot.Session, snapshot.Transaction, filter, after, limit, cancellation),
            cancellation);

    /// <summary>The safety controls.</summary>
    public Task<AsOf<SafetyControls>> SafetyAsync(CancellationToken cancellation = default) =>
        ReadAsync(snapshot => FactQueries.SafetyAsync(snapshot.Session, cancellation), cancellation);

    /// <summary>The policies of a name, or none if nothing was published under it.</summary>
    public Task<AsOf<PolicyBook?>> PolicyAsync(string name, CancellationToken cancellation = default) =>
        ReadAsync(snapshot => FactQueries.PolicyAsync(snapshot.Session, name, cancellation), cancellation);

    /// <summary>The policies of all names, in the order of the names.</summary>
    public Task<AsOf<IReadOnlyList<PolicyBook>>> PoliciesAsync(CancellationToken cancellation = default) =>
        ReadAsync(snapshot => FactQueries.PoliciesAsync(snapshot.Session, cancellation), cancellation);

    /// <summary>The place of a target's champion.</summary>
    /// <param name="target">The target.</param>
    /// <param name="version">After so many of its events; none where it has fewer.</param>
    /// <param name="at">At that instant, where no version is named; as it is now where neither is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<ChampionSlot?>> ChampionAsync(
        PromotionTarget target, long? version = null, Instant? at = null, CancellationToken cancellation = default) =>
        ReadAsync(snapshot => FactQueries.ChampionAsync(snapshot.Session, target, version, at, cancellation), cancellation);

    /// <summary>The places of the champions of all targets, by rank, now or at an instant.</summary>
    public Task<AsOf<IReadOnlyList<ChampionSlot>>> ChampionsAsync(Instant? at = null, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<ChampionSlot>>(
            async snapshot =>
            {
                var places = new List<ChampionSlot>();
                foreach (var target in PromotionTargets.All)
                    places.Add(await FactQueries.ChampionAsync(snapshot.Session, target, at, cancellation));
                return places;
            },
            cancellation);

    private async Task<AsOf<T>> ReadAsync<T>(Func<LedgerSnapshot, Task<T>> read, CancellationToken cancellation)
    {
        await using var snapshot = await LedgerSnapshot.OpenAsync(store, database, settled, cancellation);
        return new AsOf<T>(await read(snapshot), snapshot.Sequence);
    }
}
