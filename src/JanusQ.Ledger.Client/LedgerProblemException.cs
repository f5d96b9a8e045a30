using System.Net;
using System.Text.Json;

namespace JanusQ.Ledger.Client;

/// <summary>The ledger refused a request: problem details (RFC 9457) as an exception.</summary>
public sealed class LedgerProblemException : Exception
{
    internal LedgerProblemException(HttpStatusCode status, JsonElement document, Uri? address)
        : base(TextOf(document, "detail") ?? $"{address?.GetLeftPart(UriPartial.Path) ?? "The server"} answered {(int)status}.")
    {
        Status = status;
        Document = document;
        Address = address;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>What was asked, or none where that is not known.</summary>
    public Uri? Address { get; }

    /// <summary>
    /// The stable code of the reason, for instance <c>submission_conflicted</c>; <c>http_STATUS</c> where the answer was no problem of the
    /// ledger.
    /// </summary>
    public string Code => TextOf(Document, "code") ?? $"http_{(int)Status}";

    /// <summary>The member or header at fault, or none.</summary>
    public string? Field => TextOf(Document, "field");

    /// <summary>A sentence for people.</summary>
    public string Detail => Message;

    /// <summary>What the request is known by in the server's logs, or none.</summary>
    public string? CorrelationId => TextOf(Document, "correlation_id");

    /// <summary>The whole document, with the members of its code; undefined where the answer was no problem of the ledger.</summary>
    public JsonElement Document { get; }

    private static string? TextOf(JsonElement document, string member) =>
        document.ValueKind == JsonValueKind.Object
            && document.TryGetProperty(member, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
