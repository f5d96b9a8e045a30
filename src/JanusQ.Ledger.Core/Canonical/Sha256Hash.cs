using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>A SHA-256 digest, 32 bytes, written as 64 lower-case hex digits (artifacts.md section 2, "Hashes").</summary>
[InlineArray(Size)]
[SuppressMessage("Usage", "CA2231", Justification = "Operators are declared below.")]
public struct Sha256Hash : IEquatable<Sha256Hash>
{
    /// <summary>Number of bytes in a digest.</summary>
    public const int Size = 32;

    /// <summary>Number of hex digits of an <see cref="Id"/>.</summary>
    public const int IdLength = 24;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    [ThreadStatic]
    private static IncrementalHash? _reused;

    private byte _first;

    /// <summary>Takes a digest over from its 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public Sha256Hash(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Size) throw new ArgumentException($"A SHA-256 digest has {Size} bytes, not {digest.Length}.", nameof(digest));
        digest.CopyTo(Span);
    }

    /// <summary>The digest's bytes.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in _first), Size);

    [UnscopedRef]
    private Span<byte> Span => MemoryMarshal.CreateSpan(ref _first, Size);

    /// <summary>The first 24 hex digits: an <i>id</i> of the contract (artifacts.md section 2).</summary>
    public readonly string Id => Convert.ToHexStringLower(Bytes[..(IdLength / 2)]);

    /// <summary>The digest of <paramref name="bytes"/>.</summary>
    public static Sha256Hash Of(ReadOnlySpan<byte> bytes)
    {
        // A one-shot hash sets a context up and tears it down again, which costs as much as hashing a few hundred bytes.
        var hash = _reused ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        return Of(hash);
    }

    /// <summary>The digest of two runs of bytes, one behind the other.</summary>
    public static Sha256Hash Of(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        var hash = _reused ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(tail);
        return Of(hash);
    }

    /// <summary>Ends an incremental computation and takes its digest.</summary>
    public static Sha256Hash Of(IncrementalHash incremental)
    {
        ArgumentNullException.ThrowIfNull(incremental);
        Sha256Hash hash = default;
        incremental.GetHashAndReset(hash.Span);
        return hash;
    }

    /// <summary>Reads 64 lower-case hex digits.</summary>
    public static bool TryParse(string? text, out Sha256Hash hash)
    {
        hash = default;
        if (text is not { Length: Size * 2 } || text.AsSpan().ContainsAnyExcept(LowerHex)) return false;
        Convert.FromHexString(text, hash.Span, out _, out _);
        return true;
    }

    /// <summary>Reads 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Sha256Hash Parse(string text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException("A SHA-256 hash is 64 lower-case hex digits.");

    /// <summary>Appends the digest as 64 lower-case hex digits.</summary>
    public readonly void AppendHex(ByteBuffer target)
    {
        ArgumentNullException.ThrowIfNull(target);
        AppendHex(Bytes, target);
    }

    /// <summary>Appends bytes as lower-case hex digits, two a byte.</summary>
    internal static void AppendHex(ReadOnlySpan<byte> bytes, ByteBuffer target)
    {
        var span = target.Reserve(bytes.Length * 2);
        Convert.TryToHexStringLower(bytes, span, out var written);
        target.Advance(written);
    }

    /// <inheritdoc />
    public override readonly string ToString() => Convert.ToHexStringLower(Bytes);

    /// <inheritdoc />
    public readonly bool Equals(Sha256Hash other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is Sha256Hash other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Bytes);

    /// <summary>Whether two digests are the same.</summary>
    public static bool operator ==(Sha256Hash left, Sha256Hash right) => left.Equals(right);

    /// <summary>Whether two digests differ.</summary>
    public static bool operator !=(Sha256Hash left, Sha256Hash right) => !left.Equals(right);

    /// <summary>The digest of the UTF-8 bytes of a text.</summary>
    public static Sha256Hash OfText(string text) => Of(Encoding.UTF8.GetBytes(text));
}
