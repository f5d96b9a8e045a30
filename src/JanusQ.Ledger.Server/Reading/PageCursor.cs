using System.Buffers;
using System.Buffers.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Reading;

/// <summary>
/// Where a page ended, in a text that callers hand back and need not understand: the version of its form, the query with a hash of its
/// filters, and the keys of the last item.
/// </summary>
internal static class PageCursor
{
    /// <summary>The code of a cursor that another query gave.</summary>
    public const string OfAnotherQuery = "cursor_of_another_query";

    private const long FormVersion = 1;
    private const string Expectation = "a next_cursor that this query gave";

    /// <summary>The text of a place.</summary>
    /// <param name="query">The query's name.</param>
    /// <param name="parameters">What it was asked.</param>
    /// <param name="keys">The keys of the last item.</param>
    public static string Of(string query, QueryParameters parameters, params IEnumerable<string> keys) =>
        Base64Url.EncodeToString(CanonicalJson.Bytes(new JsonArray(
            [FormVersion, query, CanonicalJson.Id(parameters.Filter), .. keys.Select(key => (JsonValue)key)])));

    /// <summary>The keys that a request's cursor holds, or none if it has no cursor.</summary>
    /// <param name="query">The query's name.</param>
    /// <param name="parameters">What it is asked.</param>
    /// <param name="count">Number of keys.</param>
    /// <exception cref="RefusedException"><c>request_invalid</c>, <c>cursor_of_another_query</c>.</exception>
    public static IReadOnlyList<string>? Read(string query, QueryParameters parameters, int count)
    {
        if (parameters.Text(QueryParameters.Cursor) is not { } text) return null;
        var parts = Decode(text);
        if (parts is null || parts.Count < 3 || parts[0] is not JsonInteger form) throw Malformed();
        if (form.Value != FormVersion) throw Malformed();
        var texts = parts.Elements.Skip(1).Select(part => (part as JsonText)?.Value ?? throw Malformed()).ToArray();
        if (!string.Equals(texts[0], query, StringComparison.Ordinal)
            || !string.Equals(texts[1], CanonicalJson.Id(parameters.Filter), StringComparison.Ordinal))
        {
            throw new RefusedException(
                new Refusal(OfAnotherQuery, "The cursor was given by another query, or by this one with other filters.")
                    .With("field", QueryParameters.Cursor).With("query", query));
        }

        return texts.Length == count + 2 ? texts[2..] : throw Malformed();
    }

    /// <summary>The refusal of a cursor that was not given by a query.</summary>
    public static RefusedException Malformed() => RequestBody.Invalid(QueryParameters.Cursor, Expectation);

    private static JsonArray? Decode(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return null;
        bytes = bytes[..written];

        // Exactly what is handed out, and no other spelling of it.
        return JsonValue.TryRead(bytes, out var value, out _) && value is JsonArray array
            && bytes.AsSpan().SequenceEqual(CanonicalJson.Bytes(array))
            && string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal)
            ? array
            : null;
    }
}
