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
        foreach (var member in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = member.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) throw Malformed();
            if (!member.AsSpan(0, equals).SequenceEqual(Algorithm)) continue;
            var value = member.AsSpan(equals + 1);
            var bytes = new byte[Sha256Hash.Size];
            return value is [':', .. var base64, ':']
                && Convert.TryFromBase64Chars(base64, bytes, out var written) && written == Sha256Hash.Size
                ? new Sha256Hash(bytes)
                : throw Malformed();
        }

        throw new RefusedException(
            new Refusal("content_digest_missing", $"Say what the bytes hash to: {Header}: {Algorithm}=:BASE64: (RFC 9530).")
                .With("field", Header));
    }

    private static RefusedException Malformed() => RequestBody.Invalid(Header, $"{Algorithm}=:BASE64: with the 32 bytes of the hash");
}
