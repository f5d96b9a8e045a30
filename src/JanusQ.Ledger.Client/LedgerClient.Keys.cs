using System.Globalization;
using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <content>Who may reach the server. For the role admin.</content>
public sealed partial class LedgerClient
{
    private const string Keys = "v1/keys";

    /// <summary>
    /// Makes an API key. It is sent once: each request makes a key. Where no answer comes, one may have been made that nobody has;
    /// <see cref="ListKeysAsync"/> shows it.
    /// </summary>
    public Task<CreatedKeyResponse> CreateKeyAsync(CreateKeyRequest request, CancellationToken cancellation = default) =>
        _once.SendAsync(HttpMethod.Post, Keys, () => Uploads.Json(request), null, Read<CreatedKeyResponse>, Json, cancellation);

    /// <summary>All keys that were ever made.</summary>
    public Task<KeyListResponse> ListKeysAsync(CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Get, Keys, null, null, Read<KeyListResponse>, Json, cancellation);

    /// <summary>Takes a key back for good.</summary>
    public Task<RevokedKeyResponse> RevokeKeyAsync(string keyId, CancellationToken cancellation = default) =>
        _transport.SendAsync(
            HttpMethod.Post, $"{Keys}/{Escaped(keyId)}/revoke", null, null, Read<RevokedKeyResponse>, Json, cancellation);

    /// <summary>The latest requests that the server refused, newest first.</summary>
    public Task<JsonElement> ShowSecurityLogAsync(int limit, CancellationToken cancellation = default) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"v1/security-log?limit={limit}"), cancellation);
}
