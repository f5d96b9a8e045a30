using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Bundles;

namespace JanusQ.Ledger.Bundles;

/// <summary>A bundle as a file.</summary>
public static class BundleFile
{
    /// <summary>What a bundle says of itself. Nobody signed that: <see cref="BundleVerification"/> compares it with all the rest.</summary>
    /// <exception cref="RefusedException">
    /// By the code of the first finding: it is no zip, or none with the manifest of a bundle.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BundleManifest ReadManifest(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var findings = new BundleFindings();
        using var archive = BundleArchive.Open(file, findings);
        if (archive is null)
        {
            var found = findings.Kept[0];
            throw new RefusedException(new Refusal(found.Code, found.ToString()));
        }

        if (!archive.Has(BundlePath.Manifest)) throw Refuse("bundle_file_missing", "The zip has no manifest.json.");
        if (!archive.TryRead(BundlePath.Manifest, out byte[]? json, out _, out var finding)) throw Refuse(finding.Code, finding.ToString());
        return BundleManifest.TryParse(json, out var manifest, out var refusal) ? manifest : throw new RefusedException(refusal);
    }

    private static RefusedException Refuse(string code, string explanation) => new(new Refusal(code, explanation));
}
