using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Access;

namespace JanusQ.Ledger.Testing.LoneServer;

/// <summary>Only one worker has a key, and everybody knows it.</summary>
public sealed class OneWorker : IKeyHolders
{
    public const string Key = "jq_lone-worker";

    public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) =>
        Task.FromResult(keySha256 == Sha256Hash.OfText(Key) ? new KeyHolder("lone-worker", "worker") : null);
}
