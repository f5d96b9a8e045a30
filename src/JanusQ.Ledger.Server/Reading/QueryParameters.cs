using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Reading;

/// <summary>
/// The query parameters of a request: those that its endpoint names, each at most once. Anything else is refused as <c>request_invalid</c>
/// by its name.
/// </summary>
internal sealed class QueryParameters
{
    /// <summary>The parameter with a page's size.</summary>
    public const string Limit = "limit";

    /// <summary>The parameter that a page begins at.</summary>
    public const string Cursor = "cursor";

    /// <summary>The parameter with a version.</summary>
    public const string Version = "version";

    /// <summary>The parameter with an instant.</summary>
    public const string At = "at";

    private const int DefaultLimit = 100;
    private const int LargestLimit = 1000;
    private const int LongestText = 200;
    private const int LongestCursor = 1000;
    private const int LongestName = 60;

    private readonly Dictionary<string, string> _given;

    private QueryParameters(Dictionary<string, string> given) => _given = given;

    /// <summary>Reads them.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static QueryParameters Of(HttpContext context)
    {
        var known = context.GetEndpoint()!.Metadata.GetOrderedMetadata<TakesQueryAttribute>().Select(taken => taken.Name).ToArray();
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in context.Request.Query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                var named = name.Length <= LongestName ? name : name[..LongestName];
                throw RequestBody.Invalid(
                    named, known.Length == 0 ? "no parameter at all" : $"one of the parameters {string.Join(", ", known)}");
            }

            if (values.Count != 1) throw RequestBody.Invalid(name, "one value");
            var longest = string.Equals(name, Cursor, StringComparison.Ordinal) ? LongestCursor : LongestText;
            if (values[0] is not { Length: > 0 } value || value.Length > longest || value.Any(char.IsControl))
                throw RequestBody.Invalid(name, $"a value of 1 to {longest} characters, none of them for control");
            given.Add(name, value);
        }

        return new QueryParameters(given);
    }

    /// <summary>What a page is made of, the parameters that only say which page left aside.</summary>
    public JsonObject Filter => new(
        _given.Where(one => one.Key is not (Limit or Cursor)).OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new KeyValuePair<string, JsonValue>(one.Key, one.Value)));

    /// <summary>A text, or none.</summary>
    public string? Text(string name) => _given.GetValueOrDefault(name);

    /// <summary>A text that must have a form, or none.</summary>
    public string? Text(string name, Func<string?, bool> isOne, string expectation) =>
        Text(name) is not { } text ? null : isOne(text) ? text : throw RequestBody.Invalid(name, expectation);

    /// <summary>One of several words, or none.</summary>
    public T? OneOf<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct =>
        Text(name) is not { } text ? null
            : words.TryGetValue(text, out var value) ? value
            : throw RequestBody.Invalid(name, $"one of {string.Join(", ", words.Keys)}");

    /// <summary>A target, or none.</summary>
    public PromotionTarget? Target(string name) => Text(name) is { } text ? RequestBody.Target(name, text) : null;

    /// <summary>A hash, or none.</summary>
    public Sha256Hash? Hash(string name) => RequestBody.OptionalHash(name, Text(name));

    /// <summary>An instant, or none.</summary>
    public Instant? Moment(string name) => Text(name) is { } text ? RequestBody.Instant(name, text) : null;

    /// <summary>A day, or none.</summary>
    public DateOnly? Day(string name) => Text(name) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw RequestBody.Invalid(name, "a day such as 2026-02-25");

    /// <summary>A whole number within bounds, or none.</summary>
    public long? Number(string name, long least, long most) => Text(name) is { } text ? Number(name, text, least, most) : null;

    /// <summary>A whole number within bounds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static long Number(string name, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw RequestBody.Invalid(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>The size of a page.</summary>
    public int PageSize => (int)(Number(Limit, 1, LargestLimit) ?? DefaultLimit);

    /// <summary>The point in the past that is asked about: a version, an instant, or none of them.</summary>
    public (long? Version, Instant? At) Past()
    {
        var (version, at) = (Number(Version, 1, int.MaxValue), Moment(At));
        return version is null || at is null
            ? (version, at)
            : throw RequestBody.Invalid(At, "only one of version and at");
    }
}
