using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using Marten;

namespace JanusQ.Ledger.Candidates;

/// <summary>What the ledger's own events say besides candidates: safety controls, policies, champions. Nothing here writes.</summary>
/// <param name="store">The event store.</param>
public sealed class FactQueries(IDocumentStore store)
{
    /// <summary>The safety controls as they stand.</summary>
    public async Task<SafetyControls> SafetyAsync(CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await SafetyAsync(session, cancellation);
    }

    /// <summary>The policies of a name, or none if nothing was published under it.</summary>
    public async Task<PolicyBook?> PolicyAsync(string name, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await PolicyAsync(session, name, cancellation);
    }

    /// <summary>The policies of all names, in the order of the names, character by character.</summary>
    public async Task<IReadOnlyList<PolicyBook>> PoliciesAsync(CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await PoliciesAsync(session, cancellation);
    }

    /// <summary>The place of a target's champion as it was, or as it is.</summary>
    /// <param name="target">The target.</param>
    /// <param name="version">After so many of its events; none where it has fewer.</param>
    /// <param name="at">At that instant, its events included, where no version is named; as it is now where neither is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ChampionSlot?> ChampionAsync(
        PromotionTarget target, long? version, Instant? at, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await ChampionAsync(session, target, version, at, cancellation);
    }

    /// <summary>The place of a target's champion.</summary>
    public async Task<ChampionSlot> ChampionAsync(PromotionTarget target, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await ChampionAsync(session, target, cancellation);
    }

    internal static async Task<SafetyControls> SafetyAsync(IQuerySession session, CancellationToken cancellation) =>
        await session.LoadAsync<SafetyControls>(SafetyControls.Stream, cancellation) ?? SafetyControls.Unrehearsed;

    internal static async Task<PolicyBook?> PolicyAsync(IQuerySession session, string name, CancellationToken cancellation) =>
        PolicyBook.IsName(name) ? await session.LoadAsync<PolicyBook>(PolicyBook.StreamOf(name), cancellation) : null;

    internal static Task<IReadOnlyList<PolicyBook>> PoliciesAsync(IQuerySession session, CancellationToken cancellation) =>
        session.QueryAsync<PolicyBook>("where true order by id collate \"C\"", cancellation);

    internal static async Task<ChampionSlot?> ChampionAsync(
        IQuerySession session, PromotionTarget target, long? version, Instant? at, CancellationToken cancellation) =>
        version is { } number
            ? await ChampionAtVersionAsync(session, target, number, cancellation)
            : await ChampionAsync(session, target, at, cancellation);

    internal static Task<ChampionSlot> ChampionAsync(
        IQuerySession session, PromotionTarget target, Instant? at, CancellationToken cancellation) =>
        at is { } instant
            ? ChampionAtInstantAsync(session, target, instant, cancellation)
            : ChampionAsync(session, target, cancellation);

    private static async Task<ChampionSlot?> ChampionAtVersionAsync(
        IQuerySession session, PromotionTarget target, long version, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var events = await PlaceAsync(session, target, version, cancellation);
        return events.Count == version ? Fold(target, events) : null;
    }

    private static async Task<ChampionSlot> ChampionAtInstantAsync(
        IQuerySession session, PromotionTarget target, Instant at, CancellationToken cancellation) =>
        Fold(target, (await PlaceAsync(session, target, 0, cancellation)).TakeWhile(happened => happened.At <= at));

    private static async Task<ChampionSlot> ChampionAsync(IQuerySession session, PromotionTarget target, CancellationToken cancellation) =>
        await session.LoadAsync<ChampionSlot>(ChampionSlot.StreamOf(target), cancellation) ?? ChampionSlot.Empty(target);

    private static ChampionSlot Fold(PromotionTarget target, IEnumerable<ChampionEvent> events) =>
        events.Aggregate(ChampionSlot.Empty(target), (place, happened) => place.After(happened));

    private static async Task<IReadOnlyList<ChampionEvent>> PlaceAsync(
        IQuerySession session, PromotionTarget target, long version, CancellationToken cancellation)
    {
        var events = await session.Events.FetchStreamAsync(ChampionSlot.StreamOf(target), version, token: cancellation);
        return [.. events.Select(recorded => (ChampionEvent)recorded.Data)];
    }
}
