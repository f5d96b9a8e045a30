using System.Text.Json;
using System.Text.Json.Serialization;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <summary>
/// The ledger over HTTP: every command and every question. Requests are sent again with the same content where the server is busy or the
/// connection fails; the ledger recognises what it has already, so that nothing is recorded twice. What the server refuses is a
/// <see cref="LedgerProblemException"/>. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A change that names a version is recognised too, whatever the version is by now. Taking a champion from its place is, where the same
/// caller asks for the same with the same reason, and either names the same version or nothing has happened to the place since.
/// </remarks>
public sealed partial class LedgerClient
{
    private const string Json = "application/json";
    private const string AnyType = "*/*";

    // A server may be newer than its clients and tell more than they know of.
    private static readonly JsonSerializerOptions Reading = new(ApiJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        MaxDepth = 64,
    };

    private readonly LedgerTransport _transport;

    // For what a second request would do a second time.
    private readonly LedgerTransport _once;

    /// <summary>Makes a client.</summary>
    /// <param name="http">Reaches the server, whose address is its base address. The client does not dispose of it.</param>
    /// <param name="key">The API key, or a token of the issuer that the server trusts.</param>
    /// <param name="retries">How often and how soon requests are sent again.</param>
    /// <param name="clock">Where pauses come from.</param>
    /// <exception cref="ArgumentException">There is no base address, or no header can carry the key.</exception>
    public LedgerClient(HttpClient http, string key, LedgerRetries? retries = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!IsKey(key)) throw new ArgumentException("A key is visible ASCII without blanks.", nameof(key));
        if (http.BaseAddress is null)
            throw new ArgumentException("The client needs the server's address as its base address.", nameof(http));
        _transport = new LedgerTransport(http, key, retries ?? new LedgerRetries(), clock ?? TimeProvider.System);
        _once = new LedgerTransport(http, key, LedgerRetries.None, clock ?? TimeProvider.System);
    }

    /// <summary>Whether a text can be a key or token: visible ASCII without blanks, which a header carries (RFC 6750, 2.1).</summary>
    public static bool IsKey(string? key) => key is { Length: > 0 } && key.All(static c => c is > ' ' and <= '~');

    /// <summary>Asks for a JSON document by its address, for instance <c>v1/candidates?stage=paper</c>.</summary>
    /// <param name="address">The address below the base address.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<JsonElement> GetAsync(string address, CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Get, address, null, null, Read<JsonElement>, Json, cancellation);

    /// <summary>Asks for bytes by their address.</summary>
    /// <param name="address">The address below the base address.</param>
    /// <param name="accept">The media type that is asked for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<byte[]> GetBytesAsync(string address, string accept = AnyType, CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Get, address, null, null, static bytes => bytes, accept, cancellation);

    private Task<TAnswer> PostAsync<TAnswer>(string address, object document, VersionMatch? version, CancellationToken cancellation) =>
        _transport.SendAsync(HttpMethod.Post, address, () => Uploads.Json(document), version, Read<TAnswer>, Json, cancellation);

    private static T Read<T>(byte[] bytes) =>
        JsonSerializer.Deserialize<T>(bytes, Reading) ?? throw new JsonException("The server answered with null.");

    private static string Candidate(string candidateId) => $"v1/candidates/{Escaped(candidateId)}";

    private static string Evaluation(string candidateId, string evaluationId) =>
        $"{Candidate(candidateId)}/evaluations/{Escaped(evaluationId)}";

    /// <summary>One part of an address. A part that means a folder would name something else.</summary>
    private static string Escaped(string part)
    {
        ArgumentException.ThrowIfNullOrEmpty(part);
        return part is "." or ".." ? throw new ArgumentException($"'{part}' names nothing.", nameof(part)) : Uri.EscapeDataString(part);
    }

    private static string WithFilter(string address, IEnumerable<KeyValuePair<string, string>>? filter)
    {
        var query = string.Join('&', (filter ?? []).Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}"));
        return query.Length == 0 ? address : $"{address}?{query}";
    }
}
