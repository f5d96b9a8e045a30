using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using JanusQ.Ledger.Conformance;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// What the contract's hashes cost against SHA-256 alone over the very bytes that are hashed: a document read, made canonical and hashed;
/// and the event/CAR artifact with an id and a payload hash a signal and the manifest over all records.
/// </summary>
public class CanonicalBytesAgainstPlainSha256 : IQuickMeasurement
{
    private static readonly Instant GeneratedAt = Instant.Parse("2026-02-25");

    private readonly JsonTape _tape = new();
    private readonly ByteBuffer _buffer = new(1 << 20);
    private byte[] _file = [];
    private byte[] _canonical = [];
    private JsonValue _tree = JsonValue.Null;
    private SortedSignals _signals = null!;
    private byte[][] _hashed = [];

    [GlobalSetup]
    public void Setup()
    {
        var recipe = ScaleRecipe.Make(42, 100, 624, new DateTime(2026, 1, 5, 14, 30, 0, DateTimeKind.Utc));
        _tree = recipe.Signals;
        _file = FileJson.Bytes(recipe.Signals);
        _canonical = CanonicalJson.Bytes(recipe.Signals);
        _signals = SortedSignals.Of(SignalsDocument.Read(_file));
        var artifact = EventCar();
        var records = ((JsonObject)JsonValue.Read(artifact.ToBytes()))["records"]!;
        var hashed = new List<byte[]>();
        foreach (ref readonly var record in artifact.Records)
        {
            var identity = CanonicalJson.Bytes(JsonObject.Of(
                ("event_ts", record.Signal.EventTime.ToString()),
                ("symbol", record.Signal.Symbol.Value),
                ("seq", record.Signal.SequenceOrZero),
                ("source", record.Signal.Source?.Value),
                ("payload", JsonValue.Read(record.Signal.CanonicalPayload.ToArray()))));
            if (Sha256Hash.Of(identity).Id != record.EventId.ToString())
                throw new InvalidOperationException("These are not the bytes that the artifact hashes.");
            hashed.Add(identity);
            hashed.Add(record.Signal.CanonicalPayload.ToArray());
        }

        hashed.Add(CanonicalJson.Bytes(records));
        if (Sha256Hash.Of(hashed[^1]) != artifact.ManifestHash)
            throw new InvalidOperationException("These are not the bytes that the artifact hashes.");
        _hashed = [.. hashed];
    }

    [Benchmark(Baseline = true)]
    public byte[] PlainSha256OfTheCanonicalBytes() => SHA256.HashData(_canonical);

    [Benchmark]
    public Sha256Hash ReadToTapeCanonicalizeAndHash()
    {
        _tape.ReadDocument(_file);
        _buffer.Clear();
        _tape.Root.AppendCanonical(_buffer);
        return Sha256Hash.Of(_buffer.Written);
    }

    [Benchmark]
    public Sha256Hash ReadToTreeCanonicalizeAndHash() => CanonicalJson.Hash(JsonValue.Read(_file));

    [Benchmark]
    public Sha256Hash CanonicalizeAndHashATree() => CanonicalJson.Hash(_tree);

    [Benchmark]
    public int PlainSha256OfWhatAnEventCarArtifactHashes()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var bytes in _hashed) SHA256.HashData(bytes, digest);
        return digest[0];
    }

    [Benchmark]
    public EventCarArtifact EventCar() => EventCarArtifact.Build("run-1", _signals, GeneratedAt, threads: 1);

    [Benchmark]
    public EventCarArtifact EventCarOnTwoThreads() => EventCarArtifact.Build("run-1", _signals, GeneratedAt, threads: 2);

    IEnumerable<Measured> IQuickMeasurement.Measure()
    {
        Setup();
        double Megabyte(double nanoseconds) => nanoseconds / (_canonical.Length / 1e6);
        var plain = QuickMeasurements.Best(() => PlainSha256OfTheCanonicalBytes(), 20);
        yield return new Measured("plain SHA-256 of the canonical bytes", Megabyte(plain), "ns/MB", null,
            $"{_canonical.Length / 1e6:0.0} MB");
        yield return new Measured("tree to canonical bytes and hash",
            Megabyte(QuickMeasurements.Best(() => CanonicalizeAndHashATree(), 10)), "ns/MB", Megabyte(plain));
        yield return new Measured("read to tape, canonical bytes, hash",
            Megabyte(QuickMeasurements.Best(() => ReadToTapeCanonicalizeAndHash(), 10)), "ns/MB", Megabyte(plain));
        yield return new Measured("read to tree, canonical bytes, hash",
            Megabyte(QuickMeasurements.Best(() => ReadToTreeCanonicalizeAndHash(), 5)), "ns/MB", Megabyte(plain));
        var buffers = QuickMeasurements.Best(() => PlainSha256OfWhatAnEventCarArtifactHashes(), 10) / _signals.Count;
        var bytes = _hashed.Sum(buffer => (long)buffer.Length) / (double)_signals.Count;
        yield return new Measured("plain SHA-256 of the buffers that event/CAR hashes", buffers, "ns/signal", null,
            $"{bytes:0} B in 2 hashes a signal, and 1");
        yield return new Measured("event/CAR, 1 thread", QuickMeasurements.Best(() => EventCar(), 10) / _signals.Count, "ns/signal",
            buffers);
        yield return new Measured("event/CAR, 2 threads", QuickMeasurements.Best(() => EventCarOnTwoThreads(), 10) / _signals.Count,
            "ns/signal", buffers);
    }
}
