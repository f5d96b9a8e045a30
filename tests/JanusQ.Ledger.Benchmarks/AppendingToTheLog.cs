using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// What it costs to take events into the log, against SHA-256 alone over the very bytes that are hashed: a leaf spelled and hashed, a node
/// of the tree for each leaf, the tiles, and with it all the leaves in their bundles.
/// </summary>
public class AppendingToTheLog : IQuickMeasurement
{
    private const int Events = 8_192;

    private readonly byte[] _node = new byte[65];
    private readonly ByteBuffer _buffer = new(1 << 20);
    private LogLeaf[] _leaves = [];
    private byte[][] _spelled = [];
    private Sha256Hash[] _hashes = [];

    [GlobalSetup]
    public void Setup()
    {
        _leaves = [.. Enumerable.Range(1, Events).Select(number => new LogLeaf
        {
            Id = new Guid(number, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
            Stream = "candidate-cand-0123456789ab",
            Version = number % 100,
            Sequence = number,
            Type = "artifact_emitted.v1",
            SchemaVersion = 1,
            Timestamp = Instant.Parse("2026-03-01T09:30:00.25Z"),
            Actor = "worker-1",
            DataSha256 = Sha256Hash.OfText("{}"),
        })];
        _spelled = [.. _leaves.Select(leaf => (byte[])[0, .. leaf.ToBytes()])];
        _hashes = [.. _leaves.Select(leaf => leaf.Hash())];
    }

    [Benchmark(Baseline = true)]
    public int PlainSha256OfTheLeavesAndNodes()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var leaf in _spelled)
        {
            SHA256.HashData(leaf, digest);
            SHA256.HashData(_node, digest);
        }

        return digest[0];
    }

    [Benchmark]
    public Sha256Hash HashLeaves()
    {
        Sha256Hash last = default;
        foreach (var leaf in _spelled) last = MerkleHash.Leaf(leaf.AsSpan(1));
        return last;
    }

    [Benchmark]
    public Sha256Hash AppendHashesToTheTree()
    {
        var tree = new MerkleTree();
        tree.Append(_hashes);
        GC.KeepAlive(tree.TakeChanged());
        return tree.Root();
    }

    [Benchmark]
    public Sha256Hash AppendHashesToAFrontier()
    {
        var frontier = new MerkleFrontier();
        frontier.Append(_hashes);
        return frontier.Root();
    }

    [Benchmark]
    public Sha256Hash SpellHashAppendAndBundle()
    {
        var tree = new MerkleTree();
        var leaf = new ByteBuffer(512);
        _buffer.Clear();
        foreach (var entry in _leaves)
        {
            leaf.Clear();
            if (!entry.TryAppend(leaf, out _)) throw new InvalidOperationException("The leaf is too large.");
            tree.Append(MerkleHash.Leaf(leaf.Written));
            EntryBundle.Append(_buffer, leaf.Written);
        }

        GC.KeepAlive(tree.TakeChanged());
        return tree.Root();
    }

    IEnumerable<Measured> IQuickMeasurement.Measure()
    {
        Setup();
        var plain = QuickMeasurements.Best(() => PlainSha256OfTheLeavesAndNodes(), 50) / Events;
        yield return new Measured("plain SHA-256 of leaf and node", plain, "ns/event", null,
            $"{_spelled.Average(leaf => leaf.Length):0} B a leaf");
        double Each(Action work) => QuickMeasurements.Best(work, 50) / Events;
        yield return new Measured("leaf hash", Each(() => HashLeaves()), "ns/event", plain);
        yield return new Measured("append a leaf hash to the tree, with tiles", Each(() => AppendHashesToTheTree()), "ns/event", plain);
        yield return new Measured("append a leaf hash to a frontier", Each(() => AppendHashesToAFrontier()), "ns/event", plain);
        var all = Each(() => SpellHashAppendAndBundle());
        yield return new Measured("spell, hash, append, bundle", all, "ns/event", plain, $"{1e9 / all:0} events/s");
    }
}
