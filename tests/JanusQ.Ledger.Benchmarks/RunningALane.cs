using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// The whole lane over a week of minutes (7,798 signals) and over 23 years of days (60,557 signals), files written included. The reference
/// needs 1.3 s and 10.0 s. The market data is not part of the repository: the variable JANUSQ_DATA names its folder, or it stands in
/// <c>data</c> beside the folder that JANUSQ_VECTORS names, or in <c>../shared/data</c> beside the repository.
/// </summary>
[MemoryDiagnoser]
public class RunningALane : IQuickMeasurement
{
    private const string Week = "signals-minute-2013-10-week.json.gz";
    private const string Days = "signals-daily-1998-2020.json.gz";

    private static readonly Dictionary<string, double> ReferenceMilliseconds = new() { [Week] = 1_300, [Days] = 10_000 };

    private static readonly LaneArguments Arguments = new()
    {
        PromotionTarget = "paper",
        EvaluatedAt = "2026-02-26T00:00:00Z",
        CodeVersion = "benchmark",
    };

    private LaneInputs _inputs = null!;
    private string _output = "";

    [Params(Week, Days)]
    public string File { get; set; } = Week;

    [GlobalSetup]
    public void Setup()
    {
        var folder = DataFolder() ?? throw new DirectoryNotFoundException("The market data is not here: set JANUSQ_DATA to its folder.");
        LaneDocument Document(string name) => new(name, System.IO.File.ReadAllBytes(Path.Combine(folder, "lane", name)));
        _inputs = new LaneInputs
        {
            Signals = new LaneDocument("signals.json", Unpack(Path.Combine(folder, File))),
            StrategyConfig = Document(File == Days ? "strategies-daily.json" : "strategies-mixed.yaml"),
            GatePolicy = Document("gate-policy.json"),
            StrategyConfigMap = Document("strategy-configmap.yaml"),
            ForecastMetrics = Document("forecast-metrics.json"),
            RollbackReadiness = Document("rollback-readiness.json"),
        };
        _output = Directory.CreateTempSubdirectory("janusq-lane-").FullName;
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_output, true);

    [Benchmark]
    public LaneOutcome Run() => LaneRun.Execute(_inputs, Arguments);

    [Benchmark]
    public long RunAndWrite()
    {
        long written = 0;
        foreach (var file in Run().Files)
        {
            var path = Path.Combine(_output, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            file.WriteTo(piece => stream.Write(piece));
            written += file.Size;
        }

        return written;
    }

    IEnumerable<Measured> IQuickMeasurement.Measure()
    {
        if (DataFolder() is null)
        {
            yield return new Measured("market data not found, set JANUSQ_DATA", 0, "");
            yield break;
        }

        foreach (var file in new[] { Week, Days })
        {
            File = file;
            Setup();
            var reference = ReferenceMilliseconds[file] * 1e6;
            yield return new Measured(file + ", run", QuickMeasurements.Best(() => Run(), 12), "ns", reference);
            yield return new Measured(
                file + ", run and files written", QuickMeasurements.Best(() => RunAndWrite(), 6), "ns", reference,
                "ratio: to the reference");
            Cleanup();
        }
    }

    private static string? DataFolder()
    {
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("JANUSQ_DATA"),
            Environment.GetEnvironmentVariable("JANUSQ_VECTORS") is { Length: > 0 } vectors ? Path.Combine(vectors, "..", "data") : null,
            .. Above().Select(folder => Path.Combine(folder, "shared", "data")),
        ];
        return candidates.OfType<string>().FirstOrDefault(folder => System.IO.File.Exists(Path.Combine(folder, Week)));
    }

    private static IEnumerable<string> Above()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }

    private static byte[] Unpack(string file)
    {
        using var packed = new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
