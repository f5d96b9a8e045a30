using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>The leaves of a tile themselves, each behind its length in 16 bits (C2SP tlog-tiles, "Log entries").</summary>
public static class EntryBundle
{
    /// <summary>Appends a leaf to a bundle.</summary>
    /// <exception cref="ArgumentException">It has more than 65,535 bytes.</exception>
    public static void Append(ByteBuffer bundle, ReadOnlySpan<byte> leaf)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (leaf.Length > LogLeaf.MostBytes) throw new ArgumentException($"A leaf has at most {LogLeaf.MostBytes} bytes.", nameof(leaf));
        BinaryPrimitives.WriteUInt16BigEndian(bundle.Reserve(sizeof(ushort)), (ushort)leaf.Length);
        bundle.Advance(sizeof(ushort));
        bundle.Append(leaf);
    }

    /// <summary>Reads a bundle.</summary>
    /// <param name="bundle">Its bytes; the leaves are parts of them.</param>
    /// <param name="width">How many leaves it is to hold.</param>
    /// <param name="leaves">The leaves.</param>
    /// <param name="refusal"><c>entry_bundle_malformed</c>: cut off, or more or fewer leaves than it is to hold.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> bundle, int width, out ImmutableArray<ReadOnlyMemory<byte>> leaves, [NotNullWhen(false)] out Refusal? refusal)
    {
        var found = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (bundle.Length >= sizeof(ushort) && found.Count <= width)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            bundle = bundle[sizeof(ushort)..];
            if (bundle.Length < length) return Refuse($"leaf {found.Count} of {length} bytes is cut off", out leaves, out refusal);
            found.Add(bundle[..length]);
            bundle = bundle[length..];
        }

        if (found.Count != width)
            return Refuse($"expected {width} leaves, found {(found.Count > width ? "more" : found.Count)}", out leaves, out refusal);
        if (!bundle.IsEmpty) return Refuse("bytes stand behind the last leaf", out leaves, out refusal);
        leaves = found.ToImmutable();
        refusal = null;
        return true;
    }

    private static bool Refuse(string what, out ImmutableArray<ReadOnlyMemory<byte>> leaves, out Refusal? refusal)
    {
        leaves = [];
        refusal = new Refusal("entry_bundle_malformed", $"A bundle of leaves: {what}.");
        return false;
    }
}
