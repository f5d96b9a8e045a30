using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// How the text formats of C2SP write values. Each has one spelling, and no other is read: two different texts never mean the same.
/// </summary>
internal static class LogText
{
    private static readonly UTF8Encoding Utf8Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads standard base 64 with its padding, without blanks and without stray bits.</summary>
    public static bool TryBase64(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var room = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64Chars(text, room, out var length)) return false;
        if (!text.SequenceEqual(Convert.ToBase64String(room.AsSpan(0, length)))) return false;
        bytes = room[..length];
        return true;
    }

    /// <summary>Reads a hash in base 64.</summary>
    public static bool TryHash(ReadOnlySpan<char> text, out Sha256Hash hash)
    {
        hash = default;
        if (text.Length != (Sha256Hash.Size + 2) / 3 * 4 || !TryBase64(text, out var bytes) || bytes.Length != Sha256Hash.Size)
            return false;
        hash = new Sha256Hash(bytes);
        return true;
    }

    /// <summary>Reads a number of leaves, or an index: decimal digits without leading zeros, below 2^63.</summary>
    public static bool TrySize(ReadOnlySpan<char> text, out long size)
    {
        size = 0;

        // The runtime's parser would pass over zero bytes at the end.
        return !text.ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || !text.StartsWith('0'))
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
    }

    /// <summary>Reads UTF-8.</summary>
    public static bool TryUtf8(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(bytes) ? Utf8Encoding.GetString(bytes) : null;
        return text is not null;
    }

    /// <summary>The bytes of a text that is known to hold no unpaired surrogate.</summary>
    public static byte[] ToUtf8(string text) => Utf8Encoding.GetBytes(text);

    /// <summary>A number as these formats write it.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A hash as these formats write it.</summary>
    public static string Of(in Sha256Hash hash) => Convert.ToBase64String(hash.Bytes);

    /// <summary>Whether a text can be encoded: no unpaired surrogates.</summary>
    public static bool CanBeEncoded(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    /// <summary>Takes the first line of a text off; false where no line ends.</summary>
    public static bool TryLine(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> line)
    {
        var end = rest.IndexOf('\n');
        line = end < 0 ? rest : rest[..end];
        if (end < 0) return false;
        rest = rest[(end + 1)..];
        return true;
    }
}
