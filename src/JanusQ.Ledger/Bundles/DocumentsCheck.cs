using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Bundles;

/// <summary>Checks the documents of a bundle: each hashes to its name, and they are those that its events name.</summary>
/// <param name="bundle">The path of the bundle.</param>
/// <param name="files">Its files.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class DocumentsCheck(string bundle, BundleFiles files, BundleFindings findings)
{
    /// <summary>
    /// Hashes every document. It has the file opened for itself, so that it can go on beside the events: most files of a bundle are
    /// documents.
    /// </summary>
    public HashedContents Hash(CancellationToken cancellation)
    {
        var hashed = new HashedContents([], new BundleFindings());
        using var file = new FileStream(bundle, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var archive = BundleArchive.Open(file, hashed.Findings);
        foreach (var path in archive?.Paths ?? [])
        {
            if (path.Kind != BundleFileKind.Content) continue;
            cancellation.ThrowIfCancellationRequested();
            var named = path.ContentHash;
            hashed.Present.Add(named);
            if (!archive!.TryRead(path, piece => files.HasRead(piece.Length), out var sha256, out var finding))
                hashed.Findings.Add(finding);
            else if (sha256 != named) hashed.Findings.Add("content_mismatch", path.Text, named.ToString(), sha256.ToString());
            files.Compare(path, sha256, hashed.Findings);
        }

        return hashed;
    }

    /// <summary>Compares the documents that are there with those that events name.</summary>
    public void Compare(BundleManifest manifest, HashedContents hashed, IReadOnlyDictionary<Sha256Hash, bool> named)
    {
        foreach (var finding in hashed.Findings.Kept) findings.Add(finding);
        var present = hashed.Present;
        foreach (var sha256 in present)
        {
            if (!named.ContainsKey(sha256))
                findings.Add("content_unneeded", BundlePath.Content(sha256).Text, "documents that an event names only", "another");
        }

        var absent = manifest.AbsentContent.ToHashSet();
        foreach (var (sha256, isRequired) in named.OrderBy(one => one.Key.ToString(), StringComparer.Ordinal))
        {
            if (present.Contains(sha256)) continue;
            if (isRequired || !absent.Contains(sha256))
                findings.Add("content_missing", BundlePath.Content(sha256).Text, "the document, which an event names", "none");
        }

        foreach (var sha256 in manifest.AbsentContent)
        {
            if (present.Contains(sha256) || !named.ContainsKey(sha256))
                findings.Add(
                    "bundle_manifest_mismatch", BundlePath.Manifest.Text, "only documents as absent that are named and not there",
                    sha256.ToString());
        }

    }
}

/// <summary>The documents that are in a bundle, and what was wrong with them.</summary>
internal sealed record HashedContents(HashSet<Sha256Hash> Present, BundleFindings Findings);
