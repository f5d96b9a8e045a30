using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;
using Marten;
using Npgsql;

namespace JanusQ.Ledger.Watching;

/// <summary>Asks what the Janus evidence of the decision is that was recorded last, by whatever program.</summary>
/// <param name="store">The events.</param>
/// <param name="contents">The documents that they name.</param>
/// <param name="database">The database below.</param>
public sealed class EvidenceReader(IDocumentStore store, ContentStore contents, NpgsqlDataSource database)
{
    // An event may become visible after one with a higher number: so many numbers are looked at once more.
    private const int LookedAtAgain = 1000;

    private static readonly string[] Decided =
        [.. EventNames.All.Where(name => name.Type == typeof(PromotionDecided)).Select(name => name.Name)];

    private Seen _seen = new(0, 0, null);

    /// <summary>Asks. After the first time only what was recorded since is looked through, however long ago the last decision is.</summary>
    /// <returns>None where nothing was ever decided.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="IntegrityException">The gate inputs of the last decision are not what their hash says.</exception>
    public async Task<ToldEvidence?> ReadAsync(CancellationToken cancellation = default)
    {
        var seen = _seen;
        await using var last = database.CreateCommand($"select coalesce(max(seq_id), 0) from {LedgerStore.Schema}.mt_events");
        var upTo = (long)(await last.ExecuteScalarAsync(cancellation))!;
        var after = Math.Max(seen.Decision, seen.UpTo - LookedAtAgain);
        await using var session = store.QuerySession();
        var found = await session.Events.QueryAllRawEvents()
            .Where(e => e.Sequence > after && e.EventTypeName.IsOneOf(Decided))
            .OrderByDescending(e => e.Sequence).Take(1).ToListAsync(cancellation);
        seen = found is [{ Data: PromotionDecided decided } decision]
            ? new Seen(upTo, decision.Sequence, await EvidenceOf(decided, cancellation))
            : seen with { UpTo = upTo };
        _seen = seen;
        return seen.Evidence;
    }

    private async Task<ToldEvidence> EvidenceOf(PromotionDecided decided, CancellationToken cancellation)
    {
        if (decided.GateInputsSha256 is not { } sha256) return ToldEvidence.None;
        var inputs = await contents.ReadAsync(sha256, cancellation)
            ?? throw new IntegrityException($"The gate inputs {sha256} of the decision {decided.DecisionId} are not stored.");
        return ToldEvidence.Of(inputs);
    }

    /// <summary>What is known.</summary>
    /// <param name="UpTo">The number up to which was looked.</param>
    /// <param name="Decision">The number of the last decision; 0 where there is none.</param>
    /// <param name="Evidence">Its evidence; none where there is none.</param>
    private sealed record Seen(long UpTo, long Decision, ToldEvidence? Evidence);
}
