using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Reading;

/// <summary>
/// The answer of a query: a document of the ledger with the event sequence up to which it is complete, and its version as an entity tag
/// where it has one.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="sequence">The sequence.</param>
/// <param name="version">Number of events of the one stream that it shows; none where it shows another kind of thing.</param>
internal sealed class QueryAnswer(JsonObject document, long sequence, long? version = null) : IResult
{
    /// <summary>The header with the sequence.</summary>
    public const string SequenceHeader = "X-Ledger-Sequence";

    /// <summary>The member with the sequence.</summary>
    public const string SequenceMember = "as_of_sequence";

    private const string CheckAgain = "private, no-cache";

    /// <summary>The answer of a query that came with its sequence.</summary>
    public static QueryAnswer Of<T>(AsOf<T> read, Func<T, JsonObject> document, Func<T, long>? version = null) =>
        new(document(read.Value), read.Sequence, version?.Invoke(read.Value));

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        SetSequence(response, sequence);
        response.Headers.CacheControl = CheckAgain;
        if (version is { } number && EntityTag.IsKnown(httpContext, EntityTag.OfVersion(number))) return;
        var bytes = FileJson.Bytes(document.With(SequenceMember, sequence));
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Says up to which sequence an answer is complete.</summary>
    public static void SetSequence(HttpResponse response, long sequence) =>
        response.Headers[SequenceHeader] = sequence.ToString(CultureInfo.InvariantCulture);
}
