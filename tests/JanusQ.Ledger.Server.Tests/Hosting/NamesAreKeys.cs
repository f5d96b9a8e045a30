using System.Collections.Concurrent;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Access;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>Everybody who is asked for has a key.</summary>
internal sealed class NamesAreKeys : IKeyHolders
{
    private static readonly ConcurrentDictionary<string, KeyHolder> Holders = new(StringComparer.Ordinal);

    public static string KeyOf(string name, string role)
    {
        var key = $"jq_{name}.{role}";
        Holders[Sha256Hash.OfText(key).ToString()] = new KeyHolder(name, role);
        return key;
    }

    public Task<KeyHolder?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation) =>
        Task.FromResult(Holders.GetValueOrDefault(keySha256.ToString()));
}
