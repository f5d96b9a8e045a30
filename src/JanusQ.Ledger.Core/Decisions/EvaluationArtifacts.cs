using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>
/// The artifacts of an evaluation as the checks see them: one whose bytes are not what was recorded is not there. An input document is
/// there under its own ref too, as in the lane (lane.md section 21).
/// </summary>
internal sealed class EvaluationArtifacts(ArtifactSet set, VerifiedContent content) : IParsedArtifacts
{
    private const string Inputs = "inputs/";

    private readonly Dictionary<string, JsonObject?> _parsed = new(StringComparer.Ordinal);

    /// <summary>The artifacts recorded, whether they resolve or not.</summary>
    public ArtifactSet Recorded => set;

    /// <inheritdoc />
    public bool Contains(string path) => Find(path) is not null;

    /// <inheritdoc />
    public byte[]? Find(string path) =>
        Locate(path) is { } artifact && content.Find(artifact.Sha256) is { } bytes && bytes.Length == artifact.Size ? bytes : null;

    /// <inheritdoc />
    public JsonObject? Parsed(string path)
    {
        if (!_parsed.TryGetValue(path, out var document)) _parsed[path] = document = ReadableArtifacts.ReadObject(Find(path));
        return document;
    }

    private Artifact? Locate(string path)
    {
        if (set.Find(path) is { } artifact) return artifact;
        foreach (var input in set)
        {
            if (!input.Path.StartsWith(Inputs, StringComparison.Ordinal)) continue;
            var slash = input.Path.IndexOf('/', Inputs.Length);
            if (slash > 0 && input.Path.AsSpan(slash + 1).SequenceEqual(path)) return input;
        }

        return null;
    }
}
