using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Errors;
using Microsoft.Extensions.Primitives;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>What the bytes of a body are said to hash to: <c>Content-Digest: sha-256=:BASE64:</c> (RFC 9530).</summary>
internal static class ContentDigest
{
    /// <summary>The header's name.</summary>
    public const string Header = "Content-Digest";

    private const string Algorithm = "sha-256";
    private const int LongestHeader = 1000;

    /// <summary>The SHA-256 that a header states; digests by other algorithms may stand beside it.</summary>
    /// <exception cref="RefusedException"><c>content_digest_missing</c>, <c>request_invalid</c>.</exception>
    public static Sha256Hash Read(StringValues header)
    {
        var text = header.ToString();
        if (text.Length > LongestHeader) throw Malformed();
        if ((DigestField.Read(text) ?? throw Malformed()).TryGetValue(Algorithm, out var base64))
        {
            // Two texts for the same bytes, which only bits that do not count tell apart, are one too many.
            var bytes = new byte[Sha256Hash.Size];
            return Convert.TryFromBase64String(base64, bytes, out var written) && written == Sha256Hash.Size
                && string.Equals(Convert.ToBase64String(bytes), base64, StringComparison.Ordinal)
                ? new Sha256Hash(bytes)
                : throw Malformed();
        }

        throw new RefusedException(
            new Refusal("content_digest_missing", $"Say what the bytes hash to: {Header}: {Algorithm}=:BASE64: (RFC 9530).")
                .With("field", Header));
    }

    private static RefusedException Malformed() => RequestBody.Invalid(Header, $"{Algorithm}=:BASE64: with the 32 bytes of the hash");
}
