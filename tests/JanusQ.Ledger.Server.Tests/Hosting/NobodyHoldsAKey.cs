using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Access;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>No API keys at all.</summary>
internal sealed class NobodyHoldsAKey : IKeyHolders
{
    /// <inheritdoc />
    public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) => Task.FromResult<KeyHolder?>(null);
}
