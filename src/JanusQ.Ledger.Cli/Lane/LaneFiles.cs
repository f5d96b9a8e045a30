using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>Where the documents of a run are, by the name that lane.md section 2 gives each.</summary>
internal sealed record LaneFiles
{
    public required string Signals { get; init; }

    public required string StrategyConfig { get; init; }

    public string? GatePolicy { get; init; }

    public string? StrategyConfigMap { get; init; }

    public string? ForecastMetrics { get; init; }

    public string? RollbackReadiness { get; init; }

    public string? TcaMetrics { get; init; }

    public string? LlmMetrics { get; init; }

    public string? DriftEvidence { get; init; }

    /// <summary>Reads all of them.</summary>
    /// <exception cref="CliFailure">A file cannot be read or is too large.</exception>
    public async Task<LaneInputs> ReadAsync(CancellationToken cancellation) => new()
    {
        Signals = await ReadAsync("--signals", Signals, cancellation).ConfigureAwait(false),
        StrategyConfig = await ReadAsync("--strategy-config", StrategyConfig, cancellation).ConfigureAwait(false),
        GatePolicy = await TryReadAsync("--gate-policy", GatePolicy, cancellation).ConfigureAwait(false) ?? Shipped.GatePolicy,
        StrategyConfigMap = await TryReadAsync("--strategy-configmap", StrategyConfigMap, cancellation).ConfigureAwait(false),
        ForecastMetrics = await TryReadAsync("--forecast-metrics", ForecastMetrics, cancellation).ConfigureAwait(false),
        RollbackReadiness = await TryReadAsync("--rollback-readiness", RollbackReadiness, cancellation).ConfigureAwait(false),
        TcaMetrics = await TryReadAsync("--tca-metrics", TcaMetrics, cancellation).ConfigureAwait(false),
        LlmMetrics = await TryReadAsync("--llm-metrics", LlmMetrics, cancellation).ConfigureAwait(false),
        DriftEvidence = await TryReadAsync("--drift-evidence", DriftEvidence, cancellation).ConfigureAwait(false),
    };

    private static async Task<LaneDocument> ReadAsync(string option, string path, CancellationToken cancellation)
    {
        var file = await InputFile.ReadAsync(option, path, cancellation).ConfigureAwait(false);
        return new LaneDocument(file.Reference, file.Bytes);
    }

    private static async Task<LaneDocument?> TryReadAsync(string option, string? path, CancellationToken cancellation) =>
        path is null ? null : await ReadAsync(option, path, cancellation).ConfigureAwait(false);
}
