using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>Documents that come with the program (folder <c>config</c>).</summary>
internal static class Shipped
{
    /// <summary>The shipped gate policy.</summary>
    public static LaneDocument GatePolicy { get; } = Read("gate-policy.json");

    /// <summary>The sample of signals that the demo runs on.</summary>
    public static LaneDocument SampleSignals { get; } = Read("signals.json");

    /// <summary>The strategies that the demo runs.</summary>
    public static LaneDocument SampleStrategies { get; } = Read("strategies.yaml");

    private static LaneDocument Read(string name)
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program lacks its document '{name}'.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new LaneDocument(name, bytes);
    }
}
