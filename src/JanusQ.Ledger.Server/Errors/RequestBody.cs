using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Server.Uploads;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>
/// Reads the documents of requests. What is not as the contract says is refused as <c>request_invalid</c> with the place and what is
/// expected there, and without the names of types that a serializer would tell.
/// </summary>
internal static class RequestBody
{
    /// <summary>Bytes of a JSON request at most.</summary>
    public const int LargestJson = 1024 * 1024;

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="RefusedException"><c>media_type_unsupported</c>, <c>content_too_large</c>, <c>request_invalid</c>.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
            throw new RefusedException(new Refusal("media_type_unsupported", "The body is a JSON document: send it as application/json."));
        if (request.ContentLength > LargestJson) throw TooLarge();
        var bytes = await UploadedBytes.ReadAsync(request.Body, LargestJson, TooLarge, context.RequestAborted).ConfigureAwait(false);
        return Parse<T>(bytes.Span);
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, ApiJson.Options) ?? throw Invalid("$", "an object");
        }
        catch (JsonException wrong)
        {
            throw Invalid(
                wrong.Path ?? "$",
                "a document of the form that the API description gives: known members, each once, the required ones all there");
        }
    }

    /// <summary>A hash that a member holds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static Sha256Hash Hash(string field, string text) =>
        Sha256Hash.TryParse(text, out var hash) ? hash : throw Invalid(field, "a SHA-256 of 64 lower-case hex digits");

    /// <summary>A hash that a member holds, or none.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static Sha256Hash? OptionalHash(string field, string? text) => text is null ? null : Hash(field, text);

    /// <summary>An instant that a member holds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static Instant Instant(string field, string text) =>
        Core.Signals.Instant.TryParse(text, out var instant)
            ? instant
            : throw Invalid(field, "an instant with its offset, for instance 2026-02-25T06:00:00Z");

    /// <summary>A target that a member holds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static PromotionTarget Target(string field, string text) =>
        PromotionTargets.TryParse(text, out var target) ? target : throw Invalid(field, "shadow, paper or live");

    /// <summary>The refusal of a member.</summary>
    public static RefusedException Invalid(string field, string expectation) => new(
        new Refusal("request_invalid", $"{field}: expected {expectation}.").With("field", field).With("expected", expectation));

    private static RefusedException TooLarge() =>
        new(new Refusal("content_too_large", $"A JSON request has at most {LargestJson} bytes.").With("limit", LargestJson));
}
