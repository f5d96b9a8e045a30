using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A stored document of an evaluation.</summary>
/// <param name="Path">Path relative to the artifact root, with <c>/</c>.</param>
/// <param name="Sha256">SHA-256 of the bytes.</param>
/// <param name="Size">Number of bytes.</param>
/// <param name="MediaType">Media type.</param>
/// <param name="SchemaVersion">Schema version of a Janus artifact, else none.</param>
/// <param name="ManifestHash">Manifest hash of a Janus artifact, else none.</param>
public sealed record Artifact(
    string Path, Sha256Hash Sha256, long Size, string MediaType, string? SchemaVersion = null, Sha256Hash? ManifestHash = null);

/// <summary>The artifacts of one evaluation, one a path, sorted by path (code points). Immutable, compared by value.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is the field's artifact set.")]
public sealed class ArtifactSet : IReadOnlyList<Artifact>, IEquatable<ArtifactSet>
{
    /// <summary>The set without artifacts.</summary>
    public static readonly ArtifactSet Empty = new([]);

    private readonly ImmutableArray<Artifact> _sorted;

    private ArtifactSet(ImmutableArray<Artifact> sorted) => _sorted = sorted;

    /// <inheritdoc />
    public int Count => _sorted.Length;

    /// <inheritdoc />
    public Artifact this[int index] => _sorted[index];

    /// <summary>Makes a set.</summary>
    /// <exception cref="ArgumentException">A path occurs twice.</exception>
    public static ArtifactSet Of(IEnumerable<Artifact> artifacts)
    {
        var sorted = artifacts.ToArray();
        Array.Sort(sorted, static (left, right) => CodePoints.Compare(left.Path, right.Path));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i - 1].Path, sorted[i].Path, StringComparison.Ordinal))
                throw new ArgumentException($"The path '{sorted[i].Path}' stands twice.", nameof(artifacts));
        }

        return new ArtifactSet(ImmutableArray.Create(sorted));
    }

    /// <summary>The artifact at a path, or none.</summary>
    public Artifact? Find(string path) => IndexOf(path) is var at and >= 0 ? _sorted[at] : null;

    /// <summary>The set with one artifact more.</summary>
    /// <exception cref="ArgumentException">Its path is taken.</exception>
    public ArtifactSet With(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var at = IndexOf(artifact.Path);
        if (at >= 0) throw new ArgumentException($"The path '{artifact.Path}' is taken.", nameof(artifact));
        return new ArtifactSet(_sorted.Insert(~at, artifact));
    }

    /// <summary>The artifact-set hash: of the canonical JSON of path to SHA-256 (ledger.md section 3).</summary>
    public Sha256Hash Hash() =>
        CanonicalJson.Hash(new JsonObject(_sorted.Select(artifact => new KeyValuePair<string, JsonValue>(artifact.Path, artifact.Sha256))));

    /// <inheritdoc />
    public IEnumerator<Artifact> GetEnumerator() => ((IEnumerable<Artifact>)_sorted).GetEnumerator();

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public bool Equals(ArtifactSet? other) => other is not null && _sorted.AsSpan().SequenceEqual(other._sorted.AsSpan());

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ArtifactSet);

    /// <inheritdoc />
    public override int GetHashCode() => _sorted.Length == 0 ? 0 : HashCode.Combine(_sorted.Length, _sorted[0], _sorted[^1]);

    private int IndexOf(string path)
    {
        var (low, high) = (0, _sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = CodePoints.Compare(_sorted[middle].Path, path);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
