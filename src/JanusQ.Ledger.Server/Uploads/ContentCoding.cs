using JanusQ.Ledger.Core;
using JanusQ.Ledger.Server.Description;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>Bodies are taken as they are: one that is said to be packed would be recorded packed (RFC 9110, 8.4 and 15.5.16).</summary>
internal static class ContentCoding
{
    private const string Header = "Content-Encoding";
    private const string None = "identity";

    /// <summary>The refusal of a request to an endpoint that takes a body, where its body is packed; none where it is not.</summary>
    public static Refusal? Check(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<ITakes>() is null && metadata?.GetMetadata<TakesBytesAttribute>() is null) return null;
        if (Check(context.Request.Headers.ContentEncoding.ToString()) is not { } refusal) return null;
        context.Response.Headers.AcceptEncoding = None;
        return refusal;
    }

    /// <summary>The refusal of a body, or of a part of one, by how it is said to be packed.</summary>
    public static Refusal? Check(string coding) =>
        coding.Length == 0 || coding.Trim().Equals(None, StringComparison.OrdinalIgnoreCase)
            ? null
            : new Refusal("media_type_unsupported", "Bodies are taken as they are, and not packed: send it without Content-Encoding.")
                .With("field", Header);
}
