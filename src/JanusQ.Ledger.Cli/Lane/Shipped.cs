using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>Documents that come with the program (folder <c>config</c>).</summary>
internal static class Shipped
{
    /// <summary>The shipped gate policy.</summary>
    public static LaneDocument GatePolicy { get; } = Read("gate-policy.json");

    /// <summary>The sample of signals that the demo runs on.</summary>
    public static LaneDocument SampleSignals { get; } = Read("signals.json");

    /// <summary>Strategies that do not beat the baseline over the sample.</summary>
    public static LaneDocument SampleStrategies { get; } = Read("strategies.yaml");

    /// <summary>Strategies that beat it.</summary>
    public static LaneDocument FirstStrategies { get; } = Read("strategies-first.yaml");

    /// <summary>Others that beat it.</summary>
    public static LaneDocument SecondStrategies { get; } = Read("strategies-second.yaml");

    /// <summary>The config map that a paper patch patches.</summary>
    public static LaneDocument SampleConfigMap { get; } = Read("strategy-configmap.yaml");

    /// <summary>Metrics of the forecasts.</summary>
    public static LaneDocument SampleForecastMetrics { get; } = Read("forecast-metrics.json");

    /// <summary>What the lane's worker believes about readiness.</summary>
    public static LaneDocument SampleRollbackReadiness { get; } = Read("rollback-readiness.json");

    private static LaneDocument Read(string name)
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its document '{name}'.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new LaneDocument(name, bytes);
    }
}
