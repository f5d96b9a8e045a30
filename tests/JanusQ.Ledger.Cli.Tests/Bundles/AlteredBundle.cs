using System.IO.Compression;
using System.Text;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Cli.Tests.Bundles;

/// <summary>The files of a bundle, to alter and to zip again: by somebody who knows the format and makes the manifest fit.</summary>
internal sealed class AlteredBundle
{
    private readonly List<(string Name, byte[] Bytes)> _files = [];
    private bool _keepsManifest;

    public static AlteredBundle Of(string path)
    {
        var bundle = new AlteredBundle();
        using var zip = ZipFile.OpenRead(path);
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            bundle._files.Add((entry.FullName, bytes.ToArray()));
        }

        return bundle;
    }

    public IEnumerable<string> Names => _files.Select(file => file.Name);

    public string First(string prefix) => Names.First(name => name.StartsWith(prefix, StringComparison.Ordinal));

    public byte[] Bytes(string name) => _files.Single(file => file.Name == name).Bytes;

    public string Text(string name) => Encoding.UTF8.GetString(Bytes(name));

    public AlteredBundle Set(string name, byte[] bytes)
    {
        var at = _files.FindIndex(file => file.Name == name);
        _files[at] = (name, bytes);
        return this;
    }

    public AlteredBundle Edit(string name, Func<string, string> edit)
    {
        var (before, after) = (Text(name), edit(Text(name)));
        Assert.NotEqual(before, after);
        return Set(name, Encoding.UTF8.GetBytes(after));
    }

    public AlteredBundle EditLines(Func<List<string>, IEnumerable<string>> edit) => Edit(
        BundlePath.Events.Text, text => string.Concat(edit([.. text.Split('\n').SkipLast(1)]).Select(line => line + "\n")));

    public AlteredBundle Flip(string name, int at)
    {
        var bytes = (byte[])Bytes(name).Clone();
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        return Set(name, bytes);
    }

    public AlteredBundle Add(string name, byte[] bytes)
    {
        _files.Add((name, bytes));
        return this;
    }

    public AlteredBundle Remove(string name)
    {
        Assert.Equal(1, _files.RemoveAll(file => file.Name == name));
        return this;
    }

    /// <summary>Leaves the manifest as it is, so that it no longer fits.</summary>
    public AlteredBundle WithTheOldManifest()
    {
        _keepsManifest = true;
        return this;
    }

    /// <summary>Makes leaves, tree and checkpoint fit the data, and signs: what somebody can do who has the key of the log.</summary>
    public AlteredBundle SignAgain(SignerKey signer)
    {
        var (tree, lines) = (new MerkleFrontier(), new ByteBuffer());
        foreach (var line in Text(BundlePath.Events.Text).Split('\n').SkipLast(1))
        {
            Assert.True(BundleEvent.TryRead(Encoding.UTF8.GetBytes(line), out var parts, out _));
            Assert.True(LogLeaf.TryParse(parts.Leaf, out var leaf, out _));
            var fitting = (leaf with { DataSha256 = Sha256Hash.Of(parts.Data) }).ToBytes();
            tree.Append(MerkleHash.Leaf(fitting));
            BundleEvent.Append(lines, parts.Index, fitting, parts.Data);
        }

        Assert.True(BundleManifest.TryParse(Bytes(BundlePath.Manifest.Text), out var manifest, out _));
        var checkpoint = SignedCheckpoint.Sign(Core.Log.Checkpoint.Of(manifest.Origin, tree.Size, tree.Root()), signer);
        return Set(BundlePath.Events.Text, lines.ToArray()).Set(BundlePath.Checkpoint.Text, checkpoint.ToBytes())
            .Set(BundlePath.Manifest.Text, (manifest with { Root = tree.Root() }).ToBytes());
    }

    public string Write(string path)
    {
        if (!_keepsManifest) FitManifest();
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in _files)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(bytes);
        }

        return path;
    }

    private void FitManifest()
    {
        var name = BundlePath.Manifest.Text;
        if (!Names.Contains(name) || !BundleManifest.TryParse(Bytes(name), out var manifest, out _)) return;
        var others = _files.Where(file => file.Name != name).DistinctBy(file => file.Name).OrderBy(
            file => file.Name, StringComparer.Ordinal);
        var lines = Names.Contains(BundlePath.Events.Text) ? Text(BundlePath.Events.Text).Split('\n').SkipLast(1).ToArray() : [];
        Set(name, (manifest with
        {
            Files = [.. others.Select(file => new BundleFileEntry(file.Name, file.Bytes.Length, Sha256Hash.Of(file.Bytes)))],
            Events = lines.Length,
            Decisions = lines.Count(line => line.Contains("\"type\":\"promotion_decided\"", StringComparison.Ordinal)),
        }).ToBytes());
    }
}
