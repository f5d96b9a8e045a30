using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Marten;

namespace JanusQ.Ledger.Content;

/// <summary>Documents that a command brings, to be stored if its events name them.</summary>
internal sealed class NamedContents(ContentStore store, IReadOnlyCollection<DocumentContent> contents)
{
    /// <summary>Documents that no event names by their own hash, and that are stored with whatever is recorded.</summary>
    public IReadOnlyCollection<DocumentContent> Alongside { get; init; } = [];

    /// <summary>
    /// Whether all of them are so small that they go into the events' own transaction, and away with it where that fails.
    /// </summary>
    public bool GoWithTheirEvents => contents.All(ContentStore.GoesWithItsEvents);

    public Task StoreWithAsync(IDocumentSession session, IEnumerable<LedgerEvent> events, CancellationToken cancellation)
    {
        var named = events.Select(NamedBy).OfType<Sha256Hash>().ToHashSet();
        return store.StoreWithAsync(session, [.. contents.Where(content => named.Contains(content.Sha256)), .. Alongside], cancellation);
    }

    private static Sha256Hash? NamedBy(LedgerEvent happened) => happened switch
    {
        ArtifactEmitted emitted => emitted.Sha256,
        DrillRecorded drill => drill.EvidenceSha256,
        PolicyPublished published => published.PolicySha256,
        _ => null,
    };
}
