using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Bundles;

/// <summary>The files of a bundle that is verified, each compared with what the manifest says of it.</summary>
/// <param name="archive">The bundle.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="read">Hears of bytes that were read.</param>
internal sealed class BundleFiles(BundleArchive archive, BundleFindings findings, Action<long>? read)
{
    private readonly Dictionary<string, BundleFileEntry> _listed = new(StringComparer.Ordinal);

    /// <summary>The bundle.</summary>
    public BundleArchive Archive => archive;

    /// <summary>Says that bytes were read.</summary>
    public void HasRead(long bytes) => read?.Invoke(bytes);

    /// <summary>Takes over what the manifest lists, and compares it with the files that are there.</summary>
    public void List(BundleManifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            if (!_listed.TryAdd(file.Path, file))
                findings.Add("bundle_manifest_malformed", BundlePath.Manifest.Text, "each file once", file.Path);
        }

        var sorted = manifest.Files.Select(file => file.Path).Order(StringComparer.Ordinal);
        if (!manifest.Files.Select(file => file.Path).SequenceEqual(sorted, StringComparer.Ordinal))
            findings.Add("bundle_manifest_malformed", BundlePath.Manifest.Text, "files sorted by name", "another order");
        foreach (var path in archive.Paths)
        {
            if (path != BundlePath.Manifest && !_listed.ContainsKey(path.Text))
                findings.Add("bundle_file_unlisted", path.Text, "only files that the manifest lists", "a file that it does not");
        }

        var present = archive.Paths.Select(path => path.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _listed.Keys.Concat(BundlePath.Always.Select(path => path.Text)).Distinct(StringComparer.Ordinal))
            if (!present.Contains(name)) findings.Add("bundle_file_missing", name, "the file", "none");
    }

    /// <summary>
    /// A file that every bundle has, before it is known what the manifest lists; none, with a finding, where it cannot be read.
    /// </summary>
    public byte[]? ReadAlways(BundlePath path)
    {
        if (!archive.Has(path))
        {
            findings.Add("bundle_file_missing", path.Text, "the file", "none");
            return null;
        }

        if (archive.TryRead(path, out var bytes, out _, out var finding))
        {
            read?.Invoke(bytes.Length);
            return bytes;
        }

        findings.Add(finding);
        return null;
    }

    /// <summary>
    /// A file, compared with what the manifest says of it; none where it is not there or, with a finding, cannot be read.
    /// </summary>
    public byte[]? Read(BundlePath path)
    {
        if (!archive.Has(path)) return null;
        if (!archive.TryRead(path, out var bytes, out var sha256, out var finding))
        {
            findings.Add(finding);
            return null;
        }

        read?.Invoke(bytes.Length);
        Compare(path, sha256);
        return bytes;
    }

    /// <summary>A file line by line, compared with what the manifest says of it.</summary>
    public void ReadLines(BundlePath path, EventLines.TakeLine take)
    {
        if (!archive.Has(path)) return;
        var lines = new EventLines(take);
        var isRead = archive.TryRead(
            path,
            piece =>
            {
                lines.Take(piece);
                read?.Invoke(piece.Length);
            },
            out var sha256,
            out var finding);
        if (!isRead) findings.Add(finding!);
        else Compare(path, sha256);
        if (lines.IsTooLong || lines.IsUnfinished)
            findings.Add(
                "bundle_event_malformed", path.Text, $"lines that end, of {BundleEvent.MostBytes} bytes at most", "one that does not");
    }

    /// <summary>Compares a file that was read with what the manifest says of it.</summary>
    public void Compare(BundlePath path, in Sha256Hash sha256, BundleFindings? into = null)
    {
        if (!_listed.TryGetValue(path.Text, out var file)) return;
        var size = archive.SizeOf(path);
        if (file.Sha256 == sha256 && file.Size == size) return;
        (into ?? findings).Add(
            "bundle_file_mismatch", path.Text, $"{BundlePlace.Text(file.Size)} bytes that hash to {file.Sha256}",
            $"{BundlePlace.Text(size)} bytes that hash to {sha256}");
    }
}
