using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Access;

/// <summary>A request that the server refused. Texts of the request are cut and made printable, whatever it sent.</summary>
public sealed record SecurityEntry
{
    private const int LongestCode = 100;
    private const int LongestActor = 200;
    private const int LongestRole = 50;
    private const int LongestKeyName = 100;
    private const int LongestAddress = 100;
    private const int LongestMethod = 20;
    private const int LongestPath = 500;
    private const int LongestCorrelation = 200;

    /// <summary>When it was refused.</summary>
    public required DateTimeOffset RefusedAt { get; init; }

    /// <summary>HTTP status of the answer, 400 to 499.</summary>
    public required int Status { get; init; }

    /// <summary>Why.</summary>
    public required string Code { get; init => field = Bounded(value, LongestCode); }

    /// <summary>Who asked, as authenticated; none where nobody was.</summary>
    public string? Actor { get; init => field = BoundedOrNone(value, LongestActor); }

    /// <summary>The role of the one who asked.</summary>
    public string? Role { get; init => field = BoundedOrNone(value, LongestRole); }

    /// <summary>Name of the key that was shown, also of one that no longer counts.</summary>
    public string? KeyName { get; init => field = BoundedOrNone(value, LongestKeyName); }

    /// <summary>Address of the one who asked.</summary>
    public string? Address { get; init => field = BoundedOrNone(value, LongestAddress); }

    /// <summary>HTTP method; empty where the request was not read so far.</summary>
    public required string Method { get; init => field = Bounded(value, LongestMethod); }

    /// <summary>The path, without the query: a query may hold what is nobody's business.</summary>
    public required string Path { get; init => field = Bounded(value, LongestPath); }

    /// <summary>The correlation id of the answer.</summary>
    public required string CorrelationId { get; init => field = Bounded(value, LongestCorrelation); }

    /// <summary>The entry as a document, its members in the order of the table.</summary>
    public JsonObject ToDocument() => JsonObject.Of(
        ("refused_at", Instant.Of(RefusedAt).ToString()),
        ("status", Status),
        ("code", Code),
        ("actor", OrNull(Actor)),
        ("role", OrNull(Role)),
        ("key_name", OrNull(KeyName)),
        ("address", OrNull(Address)),
        ("method", Method),
        ("path", Path),
        ("correlation_id", CorrelationId));

    private static JsonValue OrNull(string? text) => text is null ? JsonValue.Null : text;

    private static string? BoundedOrNone(string? text, int longest) => text is null ? null : Bounded(text, longest);

    // Neither control characters nor unpaired surrogates: the entry goes into a database, a log and a terminal.
    private static string Bounded(string text, int longest)
    {
        var bounded = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format
                ? Rune.ReplacementChar : rune;
            if (bounded.Length + shown.Utf16SequenceLength > longest) break;
            bounded.Append(shown.ToString());
        }

        return bounded.ToString();
    }
}
