using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Server.Uploads;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>
/// Reads the documents of requests. What is not as the contract says is refused as <c>request_invalid</c> with the member and what is
/// expected there, in words of the contract and none of the serializer.
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
        var contract = ApiJson.Options.GetTypeInfo(typeof(T));
        if (ContractCheck.Find(utf8, contract) is { } fault) throw Invalid(fault);
        try
        {
            return (T)JsonSerializer.Deserialize(utf8, contract)!;
        }
        catch (JsonException)
        {
            // A contract with something in it that is not compared above, and nothing of what the serializer says is for callers.
            throw Invalid(ContractFault.WholeBody, "a document of the form that the API description gives");
        }
    }

    /// <summary>A hash that a member holds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static Sha256Hash Hash(string field, string text) =>
        Sha256Hash.TryParse(text, out var hash) ? hash : throw Invalid(field, ContractWords.Hash);

    /// <summary>A hash that a member holds, or none.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static Sha256Hash? OptionalHash(string field, string? text) => text is null ? null : Hash(field, text);

    /// <summary>An instant that a member holds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static Instant Instant(string field, string text) =>
        Core.Signals.Instant.TryParse(text, out var instant)
            ? instant
            : throw Invalid(field, ContractWords.Instant);

    /// <summary>A target that a member holds.</summary>
    /// <exception cref="RefusedException"><c>request_invalid</c>.</exception>
    public static PromotionTarget Target(string field, string text) =>
        PromotionTargets.TryParse(text, out var target) ? target : throw Invalid(field, ContractWords.Target);

    /// <summary>The refusal of a member.</summary>
    public static RefusedException Invalid(string field, string expectation) => new(
        new Refusal("request_invalid", $"{field}: expected {expectation}.").With("field", field).With("expected", expectation));

    private static RefusedException Invalid(ContractFault fault)
    {
        var wrong = Invalid(fault.Field, fault.Expectation);
        return fault.Missing.IsEmpty ? wrong : new RefusedException(wrong.Refusal.With("missing", JsonArray.OfTexts(fault.Missing)));
    }

    private static RefusedException TooLarge() =>
        new(new Refusal("content_too_large", $"A JSON request has at most {LargestJson} bytes.").With("limit", LargestJson));
}
