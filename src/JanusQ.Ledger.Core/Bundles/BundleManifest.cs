using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Bundles;

/// <summary>What a bundle is about: everything, one candidate, or one decision of a candidate.</summary>
/// <param name="CandidateId">The candidate; none for everything.</param>
/// <param name="DecisionId">The decision; none for all of the candidate.</param>
/// <param name="Until">The last checkpoint that was signed by then was exported; none for the last of all.</param>
public sealed record BundleScope(string? CandidateId = null, string? DecisionId = null, Instant? Until = null)
{
    /// <summary><c>all</c>, <c>candidate</c> or <c>decision</c>.</summary>
    public string Kind => CandidateId is null ? "all" : DecisionId is null ? "candidate" : "decision";

    /// <summary>Whether the bundle holds every event of the tree.</summary>
    public bool IsWhole => CandidateId is null;

    /// <summary>The scope as the manifest has it.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("kind", Kind), ("candidate_id", CandidateId), ("decision_id", DecisionId), ("until", Until?.ToString()));
}

/// <summary>A file of a bundle as the manifest lists it.</summary>
/// <param name="Path">Its name in the zip.</param>
/// <param name="Size">Number of bytes, unpacked.</param>
/// <param name="Sha256">Hash of those bytes.</param>
public sealed record BundleFileEntry(string Path, long Size, Sha256Hash Sha256);

/// <summary>
/// <c>manifest.json</c> (audit.md section 5). Nobody signs it: everything in it follows from the other files and is compared with them.
/// </summary>
public sealed record BundleManifest
{
    /// <summary>The name of the format.</summary>
    public const string Format = "janusq-bundle";

    /// <summary>The version of the format.</summary>
    public const int FormatVersion = 1;

    /// <summary>Bytes that are read at most.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>What the bundle is about.</summary>
    public required BundleScope Scope { get; init; }

    /// <summary>Which log: the origin of its checkpoint.</summary>
    public required string Origin { get; init; }

    /// <summary>Number of leaves that the checkpoint speaks for.</summary>
    public required long TreeSize { get; init; }

    /// <summary>Root of the tree of that size.</summary>
    public required Sha256Hash Root { get; init; }

    /// <summary>Number of events in the bundle.</summary>
    public required long Events { get; init; }

    /// <summary>Number of decisions among them.</summary>
    public required long Decisions { get; init; }

    /// <summary>Number of statements: that of the decisions, or 0 where the bundle was made without.</summary>
    public required long Statements { get; init; }

    /// <summary>Documents that the events name and that the ledger did not hold, sorted.</summary>
    public required ImmutableArray<Sha256Hash> AbsentContent { get; init; }

    /// <summary>Every file but the manifest, sorted by name.</summary>
    public required ImmutableArray<BundleFileEntry> Files { get; init; }

    /// <summary>The manifest's bytes: canonical JSON.</summary>
    public byte[] ToBytes() => CanonicalJson.Bytes(JsonObject.Of(
        ("format", Format),
        ("format_version", FormatVersion),
        ("scope", Scope.ToJson()),
        ("origin", Origin),
        ("tree_size", TreeSize),
        ("root", Root),
        ("counts", JsonObject.Of(
            ("events", Events),
            ("decisions", Decisions),
            ("statements", Statements),
            ("contents", Files.Count(file => BundlePath.TryParse(file.Path, out var path, out _) && path.Kind == BundleFileKind.Content)),
            ("files", Files.Length))),
        ("absent_content", JsonArray.OfTexts(AbsentContent.Select(hash => hash.ToString()))),
        ("files", new JsonArray(Files.Select(file => (JsonValue)JsonObject.Of(
            ("path", file.Path), ("size", file.Size), ("sha256", file.Sha256)))))));

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The file.</param>
    /// <param name="manifest">What it says.</param>
    /// <param name="refusal">
    /// <c>bundle_manifest_malformed</c>: anything that <see cref="ToBytes"/> does not write in this very way;
    /// <c>bundle_format_unknown</c>: another format or version.
    /// </param>
    public static bool TryParse(
        byte[] json, [NotNullWhen(true)] out BundleManifest? manifest, [NotNullWhen(false)] out Refusal? refusal)
    {
        manifest = null;
        refusal = null;
        var members = JsonValue.TryRead(json, out var value, out _) ? value as JsonObject : null;
        if (members?["format"] is JsonText format && TryNumber(members["format_version"], out var version)
            && (format.Value != Format || version != FormatVersion))
        {
            refusal = new Refusal("bundle_format_unknown", $"Expected {Format} {FormatVersion}, found {format.Value} {version}.");
            return false;
        }

        manifest = members is null ? null : Read(members);
        if (manifest is not null && !manifest.ToBytes().AsSpan().SequenceEqual(json)) manifest = null;
        if (manifest is null) refusal = new Refusal("bundle_manifest_malformed", "Expected the canonical JSON of a bundle's manifest.");
        return manifest is not null;
    }

    private static BundleManifest? Read(JsonObject members)
    {
        if (members["scope"] is not JsonObject scope || ScopeOf(scope) is not { } about || members["origin"] is not JsonText origin
            || !TryNumber(members["tree_size"], out var size) || !TryHash(members["root"], out var root)
            || members["counts"] is not JsonObject counts || !TryNumber(counts["events"], out var events)
            || !TryNumber(counts["decisions"], out var decisions) || !TryNumber(counts["statements"], out var statements)
            || members["absent_content"] is not JsonArray absent || members["files"] is not JsonArray files)
        {
            return null;
        }

        var missing = ImmutableArray.CreateBuilder<Sha256Hash>(absent.Count);
        foreach (var element in absent.Elements)
        {
            if (!TryHash(element, out var hash)) return null;
            missing.Add(hash);
        }

        var listed = ImmutableArray.CreateBuilder<BundleFileEntry>(files.Count);
        foreach (var element in files.Elements)
        {
            if (element is not JsonObject file || file["path"] is not JsonText path || !TryNumber(file["size"], out var bytes)
                || !TryHash(file["sha256"], out var sha256))
            {
                return null;
            }

            listed.Add(new BundleFileEntry(path.Value, bytes, sha256));
        }

        return new BundleManifest
        {
            Scope = about,
            Origin = origin.Value,
            TreeSize = size,
            Root = root,
            Events = events,
            Decisions = decisions,
            Statements = statements,
            AbsentContent = missing.MoveToImmutable(),
            Files = listed.MoveToImmutable(),
        };
    }

    private static BundleScope? ScopeOf(JsonObject scope)
    {
        var candidate = (scope["candidate_id"] as JsonText)?.Value;
        var decision = (scope["decision_id"] as JsonText)?.Value;
        Instant? until = Instant.TryParse((scope["until"] as JsonText)?.Value, out var instant) ? instant : null;
        if (candidate is not null && !CandidateIdentity.IsCandidateId(candidate)) return null;
        if (decision is not null && (candidate is null || !CandidateIdentity.IsId(decision))) return null;
        return new BundleScope(candidate, decision, until);
    }

    private static bool TryHash(JsonValue? value, out Sha256Hash hash) => Sha256Hash.TryParse((value as JsonText)?.Value, out hash);

    private static bool TryNumber(JsonValue? value, out long number)
    {
        var found = value is JsonInteger integer ? integer.Value : BigInteger.MinusOne;
        var fits = found >= 0 && found <= long.MaxValue;
        number = fits ? (long)found : 0;
        return fits;
    }
}
