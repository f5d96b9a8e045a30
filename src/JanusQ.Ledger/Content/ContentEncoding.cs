using System.Runtime.InteropServices;
using ZstdSharp;

namespace JanusQ.Ledger.Content;

/// <summary>Bytes as they lie in the table.</summary>
/// <param name="Encoding"><c>raw</c> or <c>zstd</c>.</param>
/// <param name="Bytes">The bytes in that encoding.</param>
internal sealed record StoredForm(string Encoding, byte[] Bytes);

/// <summary>Compression of stored documents: Zstandard level 1, or none where it does not pay.</summary>
internal static class ContentEncoding
{
    public const string Raw = "raw";
    public const string Zstd = "zstd";

    // Below this the row's own overhead outweighs what compression saves.
    private const int SmallestCompressed = 512;
    private const int Level = 1;

    [ThreadStatic]
    private static Compressor? t_compressor;

    [ThreadStatic]
    private static Decompressor? t_decompressor;

    public static StoredForm Encode(ReadOnlyMemory<byte> content)
    {
        if (content.Length >= SmallestCompressed)
        {
            var compressor = t_compressor ??= new Compressor(Level);
            var packed = compressor.Wrap(content.Span);
            if (packed.Length < content.Length - (content.Length / 16)) return new StoredForm(Zstd, packed.ToArray());
        }

        var whole = MemoryMarshal.TryGetArray(content, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : content.ToArray();
        return new StoredForm(Raw, whole);
    }

    /// <summary>The original bytes; none if the stored ones cannot be that many bytes in that encoding.</summary>
    public static byte[]? Decode(string encoding, byte[] stored, long size)
    {
        if (string.Equals(encoding, Raw, StringComparison.Ordinal)) return stored.Length == size ? stored : null;
        if (!string.Equals(encoding, Zstd, StringComparison.Ordinal)) return null;
        var decompressor = t_decompressor ??= new Decompressor();
        var content = new byte[size];
        try
        {
            return decompressor.Unwrap(stored, content) == content.Length ? content : null;
        }
        catch (ZstdException)
        {
            return null;
        }
    }

    public static Stream Compressing(Stream target) => new CompressionStream(target, Level, leaveOpen: true);

    public static Stream Decompressing(Stream source) => new DecompressionStream(source, leaveOpen: false);
}
