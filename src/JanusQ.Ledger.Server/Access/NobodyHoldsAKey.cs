using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Access;

/// <summary>No API keys: callers need a token of an issuer.</summary>
internal sealed class NobodyHoldsAKey : IKeyHolders
{
    /// <inheritdoc />
    public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) => Task.FromResult<KeyHolder?>(null);
}
