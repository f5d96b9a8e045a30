using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Cli.Access;

/// <summary>The API keys of a ledger on its database.</summary>
internal sealed class StoredAccessKeys(LedgerHost ledger, Func<string> actor) : IAccessKeys
{
    private DateTimeOffset Now => ledger.Clock.GetUtcNow();

    public async Task<(string Text, JsonObject Key)> CreateAsync(
        string name, string role, TimeSpan? expiresIn, CancellationToken cancellation)
    {
        var (text, key) = await ledger.Keys.CreateAsync(name, role, expiresIn, actor(), cancellation).ConfigureAwait(false);
        return (text, key.ToDocument(Now));
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(CancellationToken cancellation)
    {
        var keys = await ledger.Keys.ListAsync(cancellation).ConfigureAwait(false);
        var now = Now;
        return [.. keys.Select(key => key.ToDocument(now))];
    }

    public async Task<KeyRevocation> RevokeAsync(string keyId, CancellationToken cancellation)
    {
        var (key, now) = await ledger.Keys.RevokeAsync(keyId, cancellation).ConfigureAwait(false);
        return new KeyRevocation(
            key.ToDocument(Now), now, false, await ledger.Keys.CountValidAsync(Roles.Admin, cancellation).ConfigureAwait(false));
    }

    public async Task<IReadOnlyList<JsonObject>> RefusedAsync(int limit, CancellationToken cancellation) =>
        [.. (await ledger.SecurityLog.LatestAsync(limit, cancellation).ConfigureAwait(false)).Select(one => one.ToDocument())];
}
