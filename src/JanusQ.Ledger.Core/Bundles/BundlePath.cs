using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Bundles;

/// <summary>What a file of a bundle is.</summary>
public enum BundleFileKind
{
    /// <summary><c>manifest.json</c></summary>
    Manifest,

    /// <summary><c>events.jsonl</c></summary>
    Events,

    /// <summary><c>checkpoint</c></summary>
    Checkpoint,

    /// <summary><c>key.vkey</c></summary>
    Keys,

    /// <summary><c>policy.tlog-policy</c></summary>
    Policy,

    /// <summary><c>report.html</c></summary>
    Report,

    /// <summary><c>content/SHA256</c></summary>
    Content,

    /// <summary><c>proofs/INDEX.tlog-proof</c></summary>
    Proof,

    /// <summary><c>statements/DECISION.dsse.json</c></summary>
    Statement,
}

/// <summary>The name of a file in a bundle (audit.md section 5). There are no others.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The name as it stands in the zip.</param>
public readonly record struct BundlePath(BundleFileKind Kind, string Text)
{
    private const string ContentFolder = "content/";
    private const string ProofFolder = "proofs/";
    private const string ProofEnding = ".tlog-proof";
    private const string StatementFolder = "statements/";
    private const string StatementEnding = ".dsse.json";

    /// <summary>Says what is in the bundle. It is not signed: it is believed only as far as the rest bears it out.</summary>
    public static readonly BundlePath Manifest = new(BundleFileKind.Manifest, "manifest.json");

    /// <summary>The events, one a line.</summary>
    public static readonly BundlePath Events = new(BundleFileKind.Events, "events.jsonl");

    /// <summary>The signed checkpoint.</summary>
    public static readonly BundlePath Checkpoint = new(BundleFileKind.Checkpoint, "checkpoint");

    /// <summary>The verifier keys that the log ever had, one a line.</summary>
    public static readonly BundlePath Keys = new(BundleFileKind.Keys, "key.vkey");

    /// <summary>The C2SP tlog-policy that the checkpoint satisfies.</summary>
    public static readonly BundlePath Policy = new(BundleFileKind.Policy, "policy.tlog-policy");

    /// <summary>The report for people.</summary>
    public static readonly BundlePath Report = new(BundleFileKind.Report, "report.html");

    /// <summary>The files that every bundle has.</summary>
    public static readonly BundlePath[] Always = [Manifest, Events, Checkpoint, Keys, Policy, Report];

    /// <summary>A stored document.</summary>
    public static BundlePath Content(in Sha256Hash sha256) => new(BundleFileKind.Content, ContentFolder + sha256);

    /// <summary>The proof of an event, by the index of its leaf.</summary>
    public static BundlePath Proof(long index) =>
        new(BundleFileKind.Proof, ProofFolder + index.ToString(CultureInfo.InvariantCulture) + ProofEnding);

    /// <summary>The statement about a decision.</summary>
    public static BundlePath Statement(string decisionId) => new(BundleFileKind.Statement, StatementFolder + decisionId + StatementEnding);

    /// <summary>The hash that names a stored document, for <see cref="BundleFileKind.Content"/>.</summary>
    public Sha256Hash ContentHash => Sha256Hash.Parse(Text[ContentFolder.Length..]);

    /// <summary>Reads a name as a zip has it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">What it names.</param>
    /// <param name="refusal">
    /// <c>bundle_path_unsafe</c>: a name that could lead out of a folder; <c>bundle_file_unknown</c>: any other that no bundle has.
    /// </param>
    public static bool TryParse(string name, out BundlePath path, [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(name);
        refusal = null;
        foreach (var known in Always)
        {
            path = known;
            if (string.Equals(name, known.Text, StringComparison.Ordinal)) return true;
        }

        if (TryMiddle(name, ContentFolder, "", out var hash) && Sha256Hash.TryParse(hash, out var sha256)) path = Content(sha256);
        else if (TryMiddle(name, ProofFolder, ProofEnding, out var digits) && TryIndex(digits, out var index)) path = Proof(index);
        else if (TryMiddle(name, StatementFolder, StatementEnding, out var id) && CandidateIdentity.IsId(id)) path = Statement(id);
        else
        {
            path = default;
            refusal = IsUnsafe(name)
                ? new Refusal("bundle_path_unsafe", "A name that could lead out of a folder.")
                : new Refusal("bundle_file_unknown", "A name that no file of a bundle has.");
        }

        return refusal is null;
    }

    /// <summary>The index in the name of a proof.</summary>
    public long ProofIndex => long.Parse(Text.AsSpan(ProofFolder.Length..^ProofEnding.Length), CultureInfo.InvariantCulture);

    /// <summary>The decision in the name of a statement.</summary>
    public string StatementDecision => Text[StatementFolder.Length..^StatementEnding.Length];

    private static bool TryMiddle(string name, string before, string behind, out string middle)
    {
        var fits = name.Length > before.Length + behind.Length && name.StartsWith(before, StringComparison.Ordinal)
            && name.EndsWith(behind, StringComparison.Ordinal);
        middle = fits ? name[before.Length..^behind.Length] : "";
        return fits;
    }

    private static bool TryIndex(string digits, out long index) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && (digits.Length == 1 || digits[0] != '0');

    private static bool IsUnsafe(string name) =>
        name.Length == 0 || name[0] == '/' || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal)
        || name.Split('/').Any(part => part is "." or "..");
}
