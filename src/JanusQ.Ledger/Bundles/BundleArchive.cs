using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// The zip of a bundle, read by somebody who trusts nobody: only names that a bundle has, each once, nothing encrypted, no file larger than
/// its kind can be nor than it says itself. Nothing is ever unpacked to disk.
/// </summary>
internal sealed class BundleArchive : IDisposable
{
    /// <summary>Bytes of all files together at most, unpacked.</summary>
    public const long MostUnpacked = 64L << 30;

    private const long MostContent = 1L << 30;
    private const long MostReport = 256L << 20;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;
    private readonly Lock _reading = new();

    private BundleArchive(ZipArchive zip, Dictionary<string, ZipArchiveEntry> entries, IReadOnlyList<BundlePath> paths)
    {
        _zip = zip;
        _entries = entries;
        Paths = paths;
    }

    /// <summary>The files in the order of the zip.</summary>
    public IReadOnlyList<BundlePath> Paths { get; }

    /// <summary>Opens a zip.</summary>
    /// <returns>None, with findings, where it is no zip or one that must not be read.</returns>
    public static BundleArchive? Open(Stream file, BundleFindings findings)
    {
        var before = findings.Count;
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
            var paths = new List<BundlePath>();
            var left = MostUnpacked;
            foreach (var entry in zip.Entries)
            {
                if (!BundlePath.TryParse(entry.FullName, out var path, out var refusal))
                    findings.Add(refusal.Code, Shown(entry.FullName), "only files of a bundle", refusal.Explanation);
                else if (!entries.TryAdd(entry.FullName, entry))
                    findings.Add("bundle_file_duplicate", entry.FullName, "one file of the name", "a second one");
                else if (entry.IsEncrypted)
                    findings.Add("bundle_file_encrypted", entry.FullName, "a file that anyone can read", "an encrypted one");
                else if (entry.Length > MostOf(path.Kind))
                    findings.Add(
                        "bundle_file_too_large", entry.FullName, $"{Text(MostOf(path.Kind))} bytes at most",
                        $"{Text(entry.Length)} bytes");
                else if ((left -= entry.Length) < 0)
                    findings.Add("bundle_too_large", entry.FullName, $"{Text(MostUnpacked)} bytes at most in all files", "more");
                else
                    paths.Add(path);
            }

            if (findings.Count == before) return new BundleArchive(zip, entries, paths);
        }
        catch (Exception failure) when (
            failure is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException)
        {
            findings.Add("bundle_not_a_zip", "the file", "a zip", failure.Message);
        }

        zip?.Dispose();
        return null;
    }

    /// <summary>Whether there is such a file.</summary>
    public bool Has(BundlePath path) => _entries.ContainsKey(path.Text);

    /// <summary>Bytes of a file as it says itself.</summary>
    public long SizeOf(BundlePath path) => _entries[path.Text].Length;

    /// <summary>Reads a file to its end, piece by piece.</summary>
    /// <param name="path">A file that is there.</param>
    /// <param name="take">Takes each piece.</param>
    /// <param name="sha256">Hash of all of it.</param>
    /// <param name="finding">What is wrong with it: <c>bundle_file_unreadable</c> or <c>bundle_file_size_mismatch</c>.</param>
    public bool TryRead(
        BundlePath path, Action<ReadOnlySpan<byte>> take, out Sha256Hash sha256, [NotNullWhen(false)] out BundleFinding? finding)
    {
        sha256 = default;
        finding = null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var declared = SizeOf(path);
        var buffer = new byte[(int)Math.Min(Math.Max(declared, 1), 1 << 16)];
        long size = 0;
        try
        {
            // The streams of a zip share one file, so they take turns piece by piece; who takes a piece may read other files meanwhile.
            using var stream = Locked(() => _entries[path.Text].Open());
            int count;
            while ((count = Locked(() => stream.Read(buffer))) > 0)
            {
                size += count;
                if (size > declared) break;
                hash.AppendData(buffer, 0, count);
                take(buffer.AsSpan(0, count));
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            finding = new BundleFinding("bundle_file_unreadable", path.Text, "a file that can be unpacked", failure.Message);
            return false;
        }

        if (size != declared)
            finding = new BundleFinding(
                "bundle_file_size_mismatch", path.Text, $"{Text(declared)} bytes", size > declared ? "more" : Text(size));
        sha256 = Sha256Hash.Of(hash);
        return finding is null;
    }

    /// <summary>A file in memory.</summary>
    public bool TryRead(
        BundlePath path, [NotNullWhen(true)] out byte[]? bytes, out Sha256Hash sha256, [NotNullWhen(false)] out BundleFinding? finding)
    {
        // What it says of its size is believed only as far as there are bytes.
        var buffer = new ByteBuffer((int)Math.Min(SizeOf(path), 1 << 20));
        bytes = TryRead(path, piece => buffer.Append(piece), out sha256, out finding) ? buffer.ToArray() : null;
        return bytes is not null;
    }

    /// <inheritdoc />
    public void Dispose() => _zip.Dispose();

    private T Locked<T>(Func<T> read)
    {
        lock (_reading) return read();
    }

    private static long MostOf(BundleFileKind kind) => kind switch
    {
        BundleFileKind.Manifest => BundleManifest.MostBytes,
        BundleFileKind.Events => MostUnpacked,
        BundleFileKind.Checkpoint or BundleFileKind.Keys => SignedNote.MostBytes,
        BundleFileKind.Policy => WitnessPolicy.MostBytes,
        BundleFileKind.Report => MostReport,
        BundleFileKind.Proof => InclusionProofFile.MostBytes,
        BundleFileKind.Statement => DsseEnvelope.MostBytes,
        BundleFileKind.Content => MostContent,
        _ => 0,
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string name) => name.Length <= 200 ? name : name[..200] + "...";
}
