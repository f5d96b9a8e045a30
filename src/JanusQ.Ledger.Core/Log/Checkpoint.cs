using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// What a log says of itself (audit.md section 3, C2SP tlog-checkpoint): origin, size and root, a line each.
/// </summary>
public sealed record Checkpoint
{
    private Checkpoint(string origin, long size, Sha256Hash root, ImmutableArray<string> extensions)
    {
        Origin = origin;
        Size = size;
        Root = root;
        Extensions = extensions;
    }

    /// <summary>Which log.</summary>
    public string Origin { get; }

    /// <summary>Number of leaves.</summary>
    public long Size { get; }

    /// <summary>Root of the tree of that size.</summary>
    public Sha256Hash Root { get; }

    /// <summary>
    /// Lines behind the three. Other logs may have some and they are kept, so that signatures verify; this log writes none, and nothing is
    /// ever read from them.
    /// </summary>
    public ImmutableArray<string> Extensions { get; }

    /// <summary>A checkpoint of a log.</summary>
    /// <exception cref="ArgumentException">
    /// The origin cannot name a key, or the size is negative, or the empty tree is given another root than it has.
    /// </exception>
    public static Checkpoint Of(string origin, long size, Sha256Hash root)
    {
        if (!NoteKeyName.IsValid(origin))
            throw new ArgumentException("An origin is not empty and holds no blanks and no plus.", nameof(origin));
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (size == 0 && root != MerkleHash.EmptyTree) throw new ArgumentException("The empty tree has one root.", nameof(root));
        return new Checkpoint(origin, size, root, []);
    }

    /// <summary>Reads the text of a checkpoint, which is the text of its note.</summary>
    /// <param name="text">The lines, each with its newline.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="refusal">
    /// <c>checkpoint_malformed</c>: not an origin, a size without leading zeros and a root in base 64 with only lines that are not empty
    /// behind them; <c>checkpoint_empty_root_mismatch</c>: the empty tree with another root than it has.
    /// </param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out Refusal? refusal)
    {
        checkpoint = null;
        var rest = text.AsSpan();
        if (!LogText.TryLine(ref rest, out var origin) || origin.IsEmpty || !LogText.CanBeEncoded(text))
            return Malformed("origin", out refusal);
        if (!LogText.TryLine(ref rest, out var sizeLine) || !LogText.TrySize(sizeLine, out var size)) return Malformed("size", out refusal);
        if (!LogText.TryLine(ref rest, out var rootLine) || !LogText.TryHash(rootLine, out var root)) return Malformed("root", out refusal);
        var extensions = ImmutableArray.CreateBuilder<string>();
        while (!rest.IsEmpty)
        {
            if (!LogText.TryLine(ref rest, out var line) || line.IsEmpty) return Malformed("extension", out refusal);
            extensions.Add(line.ToString());
        }

        refusal = size == 0 && root != MerkleHash.EmptyTree
            ? new Refusal("checkpoint_empty_root_mismatch", $"The root of the empty tree is {MerkleHash.EmptyTree}, not {root}.")
            : null;
        if (refusal is null) checkpoint = new Checkpoint(origin.ToString(), size, root, extensions.ToImmutable());
        return refusal is null;
    }

    /// <summary>The lines, each with its newline: what is signed.</summary>
    public string ToText() =>
        $"{Origin}\n{LogText.Of(Size)}\n{LogText.Of(Root)}\n{string.Concat(Extensions.Select(line => line + "\n"))}";

    /// <inheritdoc />
    public bool Equals(Checkpoint? other) =>
        other is not null && Size == other.Size && string.Equals(ToText(), other.ToText(), StringComparison.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Size, Root);

    private static bool Malformed(string line, out Refusal refusal)
    {
        refusal = new Refusal("checkpoint_malformed",
            $"The {line} line of a checkpoint is missing or not as it is written.").With("line", line);
        return false;
    }
}
