using System.Globalization;
using BenchmarkDotNet.Attributes;
using JanusQ.Ledger.Conformance;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// Both artifacts from the signals of the scale recipe (artifacts.md section 11). Time a signal must stay flat from a thousand to half a
/// million of them.
/// </summary>
[MemoryDiagnoser]
public class BuildingArtifacts : IQuickMeasurement
{
    private const int Symbols = 100;
    private static readonly DateTime Start = new(2026, 1, 5, 14, 30, 0, DateTimeKind.Utc);
    private static readonly Instant GeneratedAt = Instant.Parse("2026-02-25");

    private byte[] _document = [];
    private SortedSignals _signals = null!;
    private IReadOnlyList<RewardedDecision> _decisions = [];
    private EventCarArtifact _eventCar = null!;

    [Params(1_000, 62_400, 500_000)]
    public int Signals { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var recipe = ScaleRecipe.Make(42, Symbols, Signals / Symbols, Start);
        _document = CanonicalJson.Bytes(recipe.Signals);
        _decisions = RewardedDecision.Read(recipe.Decisions);
        _signals = SortedSignals.Of(SignalsDocument.Read(_document));
        _eventCar = EventCar();
    }

    [Benchmark]
    public SortedSignals Read() => SortedSignals.Of(SignalsDocument.Read(_document));

    [Benchmark]
    public EventCarArtifact EventCar() => EventCarArtifact.Build("run-1", _signals, GeneratedAt, threads: Threads);

    [Benchmark]
    public HgrmRewardArtifact Reward() => HgrmRewardArtifact.Build("cand-1", _eventCar, _decisions, GeneratedAt, Threads);

    [Benchmark]
    public Sha256Hash EventCarFile() => _eventCar.FileHash();

    IEnumerable<Measured> IQuickMeasurement.Measure()
    {
        var first = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var signals in new[] { 1_000, 62_400, 500_000 })
        {
            Signals = signals;
            Threads = 1;
            Setup();
            var turns = signals > 100_000 ? 2 : signals > 10_000 ? 5 : 300;
            var count = signals.ToString("N0", CultureInfo.InvariantCulture);
            foreach (var threads in new[] { 1, 2 })
            {
                Threads = threads;
                _eventCar = EventCar();
                var of = $", {count} signals, {threads.ToString(CultureInfo.InvariantCulture)} thread{(threads > 1 ? "s" : "")}";
                if (threads == 1) yield return Line("read and sort", of, "ns/signal", signals, QuickMeasurements.Best(() => Read(), turns),
                    first);
                yield return Line("event/CAR", of, "ns/signal", signals, QuickMeasurements.Best(() => EventCar(), turns), first);
                yield return Line("event/CAR file hashed", of, "ns/signal", signals, QuickMeasurements.Best(() => EventCarFile(), turns),
                    first);
                yield return Line("HGRM", of, "ns/decision", _decisions.Count, QuickMeasurements.Best(() => Reward(), turns), first);
            }

            yield return new Measured($"live, {count} signals read and sorted", LiveBytes(() => Read()) / signals, "B/signal");
            yield return new Measured($"live, {count} signals' event/CAR on top", LiveBytes(() => EventCar()) / signals, "B/signal");
        }
    }

    /// <summary>The ratio is to the same line at a thousand signals on one thread.</summary>
    private static Measured Line(string what, string of, string unit, int count, double nanoseconds, Dictionary<string, double> first)
    {
        first.TryAdd(what, nanoseconds / count);
        return new Measured(what + of, nanoseconds / count, unit, first[what]);
    }

    private static double LiveBytes(Func<object> make)
    {
        make();
        var before = GC.GetTotalMemory(true);
        var made = make();
        var after = GC.GetTotalMemory(true);
        GC.KeepAlive(made);
        return after - before;
    }
}
