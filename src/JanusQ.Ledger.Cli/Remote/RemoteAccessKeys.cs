using JanusQ.Ledger.Access;
using JanusQ.Ledger.Cli.Access;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>The API keys of a ledger behind a server.</summary>
internal sealed class RemoteAccessKeys(LedgerClient client) : IAccessKeys
{
    public async Task<(string Text, JsonObject Key)> CreateAsync(
        string name, string role, TimeSpan? expiresIn, CancellationToken cancellation)
    {
        var request = new CreateKeyRequest { Name = name, Role = role, ExpiresInSeconds = (long?)expiresIn?.TotalSeconds };
        var made = await RemoteAnswer.AskAsync(client.CreateKeyAsync(request, cancellation)).ConfigureAwait(false);
        return (made.Key, DocumentOf(made.About));
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(CancellationToken cancellation) =>
        [.. (await RemoteAnswer.AskAsync(client.ListKeysAsync(cancellation)).ConfigureAwait(false)).Keys.Select(DocumentOf)];

    public async Task<KeyRevocation> RevokeAsync(string keyId, CancellationToken cancellation)
    {
        // It becomes a part of an address, where what is no id leads elsewhere.
        if (!ApiKeyText.IsId(keyId)) throw new RefusedException(ApiKeys.Unknown(keyId));
        var revoked = await RemoteAnswer.AskAsync(client.RevokeKeyAsync(keyId, cancellation)).ConfigureAwait(false);
        return new KeyRevocation(
            DocumentOf(revoked.About),
            string.Equals(revoked.Outcome, RevokedKeyResponse.Revoked, StringComparison.Ordinal),
            revoked.OwnKey,
            revoked.AdminKeysLeft);
    }

    public async Task<IReadOnlyList<JsonObject>> RefusedAsync(int limit, CancellationToken cancellation)
    {
        var document = RemoteAnswer.ObjectOf(
            await RemoteAnswer.AskAsync(client.ShowSecurityLogAsync(limit, cancellation)).ConfigureAwait(false));
        return [.. RemoteDocuments.ObjectsOf(document, "entries")];
    }

    private static JsonObject DocumentOf(KeyResponse key) => JsonObject.Of(
        ("key_id", key.KeyId),
        ("name", key.Name),
        ("role", key.Role),
        ("status", key.Status),
        ("created_at", key.CreatedAt),
        ("created_by", key.CreatedBy),
        ("expires_at", key.ExpiresAt),
        ("revoked_at", key.RevokedAt));
}
