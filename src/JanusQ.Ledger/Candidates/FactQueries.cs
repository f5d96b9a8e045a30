using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
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
        return await session.LoadAsync<SafetyControls>(SafetyControls.Stream, cancellation) ?? SafetyControls.Unrehearsed;
    }

    /// <summary>The policies of a name, or none if nothing was published under it.</summary>
    public async Task<PolicyBook?> PolicyAsync(string name, CancellationToken cancellation = default)
    {
        if (!PolicyBook.IsName(name)) return null;
        await using var session = store.QuerySession();
        return await session.LoadAsync<PolicyBook>(PolicyBook.StreamOf(name), cancellation);
    }

    /// <summary>The policies of all names, in the order of the names, character by character.</summary>
    public async Task<IReadOnlyList<PolicyBook>> PoliciesAsync(CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await session.QueryAsync<PolicyBook>("where true order by id collate \"C\"", cancellation);
    }

    /// <summary>The place of a target's champion.</summary>
    public async Task<ChampionSlot> ChampionAsync(PromotionTarget target, CancellationToken cancellation = default)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<ChampionSlot>(ChampionSlot.StreamOf(target), cancellation) ?? ChampionSlot.Empty(target);
    }
}
