using System.Collections.Immutable;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>What somebody who verifies a bundle believes beforehand. Nothing that comes with the bundle is added to it.</summary>
/// <param name="Keys">Verifier keys of the log, old ones too; one at least.</param>
/// <param name="Policy">Whose cosignatures are asked for, or none.</param>
public sealed record BundleTrust(ImmutableArray<VerifierKey> Keys, WitnessPolicy? Policy = null);

/// <summary>What came of verifying a bundle.</summary>
public sealed record BundleVerdict
{
    /// <summary>What the bundle says of itself; none where that cannot be read.</summary>
    public BundleManifest? Manifest { get; init; }

    /// <summary>The trusted keys that signed the checkpoint.</summary>
    public ImmutableArray<VerifierKey> SignedBy { get; init; } = [];

    /// <summary>The witnesses whose cosignatures counted.</summary>
    public ImmutableArray<VerifierKey> CosignedBy { get; init; } = [];

    /// <summary>Keys that the bundle names and that were not given: they count for nothing.</summary>
    public ImmutableArray<VerifierKey> KeysNotGiven { get; init; } = [];

    /// <summary>Events that were verified.</summary>
    public long Events { get; init; }

    /// <summary>Documents that were verified.</summary>
    public long Contents { get; init; }

    /// <summary>Janus artifacts that were recomputed.</summary>
    public long JanusArtifacts { get; init; }

    /// <summary>Decisions that were derived again.</summary>
    public long Decisions { get; init; }

    /// <summary>Statements that were verified.</summary>
    public long Statements { get; init; }

    /// <summary>What is wrong, the first thousand of it.</summary>
    public required ImmutableArray<BundleFinding> Findings { get; init; }

    /// <summary>How much is wrong.</summary>
    public required long FindingsCount { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsVerified => FindingsCount == 0;

    /// <summary>The verdict as a document.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("status", IsVerified ? "verified" : "findings"),
        ("scope", Manifest?.Scope.ToJson() ?? JsonValue.Null),
        ("origin", Manifest?.Origin),
        ("tree_size", Manifest is { } manifest ? manifest.TreeSize : JsonValue.Null),
        ("root", Manifest is { } known ? known.Root : JsonValue.Null),
        ("signed_by", JsonArray.OfTexts(SignedBy.Select(key => key.ToString()))),
        ("cosigned_by", JsonArray.OfTexts(CosignedBy.Select(key => key.ToString()))),
        ("keys_not_given", JsonArray.OfTexts(KeysNotGiven.Select(key => key.ToString()))),
        ("verified", JsonObject.Of(
            ("events", Events),
            ("contents", Contents),
            ("janus_artifacts", JanusArtifacts),
            ("decisions", Decisions),
            ("statements", Statements))),
        ("findings_count", FindingsCount),
        ("findings", new JsonArray(Findings.Select(finding => (JsonValue)finding.ToJson()))));
}
