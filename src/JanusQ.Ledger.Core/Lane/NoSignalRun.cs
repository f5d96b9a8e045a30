using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>A window without signals: recorded, not evaluated (lane.md section 23). The same window again gives the same run id.</summary>
public sealed record NoSignalRun
{
    private const string UsualReason = "no_signal";

    /// <summary>Start of the window.</summary>
    public required Instant QueryStart { get; init; }

    /// <summary>End of the window.</summary>
    public required Instant QueryEnd { get; init; }

    /// <summary>The strategy configuration that would have run; it may be unacceptable.</summary>
    public required LaneDocument StrategyConfig { get; init; }

    /// <summary>The bytes of the policy that would have judged.</summary>
    public required byte[] GatePolicy { get; init; }

    /// <summary>Why there are no signals, as given; blank counts as none (C28).</summary>
    public string? GivenReason { get; init; }

    /// <summary>The instant that counts as now.</summary>
    public required Instant EvaluatedAt { get; init; }

    /// <summary>The version of the code, as the caller says.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The reason, trimmed; <c>no_signal</c> if none or blank.</summary>
    public string Reason => GivenReason is null || CodePoints.IsBlank(GivenReason) ? UsualReason : CodePoints.Trim(GivenReason);

    /// <summary>The id of the window.</summary>
    public string RunId => Sha256Hash.OfText(
        $"{{\"query_end\": {Quote(QueryEnd.ToString())}, \"query_start\": {Quote(QueryStart.ToString())}, "
        + $"\"reason\": {Quote(Reason)}, \"strategy_config_path\": {Quote(StrategyConfig.Ref)}}}").Id;

    /// <summary>The record, members in contract order.</summary>
    public JsonObject ToRecord()
    {
        var runId = RunId;
        var first = FirstStrategy();
        var start = WithSpace(QueryStart);
        var end = WithSpace(QueryEnd);
        return JsonObject.Of(
            ("run_id", runId),
            ("status", "skipped"),
            ("strategy_id", first?.StrategyId.Value),
            ("strategy_name", first?.StrategyId.Value),
            ("strategy_type", first?.StrategyType),
            ("strategy_version", first?.Version),
            ("code_commit", CodeVersion),
            ("feature_version", "v1"),
            ("feature_schema_version", "v3"),
            ("feature_spec_hash", HashOf(Encoding.UTF8.GetBytes(Reason), StrategyConfig.Bytes, GatePolicy, start, end)),
            ("signal_source", "autonomy-signals"),
            ("dataset_version", HashOf(start, end, Encoding.UTF8.GetBytes(Reason))),
            ("dataset_from", QueryStart.ToString()),
            ("dataset_to", QueryEnd.ToString()),
            ("dataset_snapshot_ref", "no_signal_window"),
            ("runner_version", "run_autonomous_lane_no_signals"),
            ("runner_binary_hash", Sha256Hash.OfText(runId)),
            ("updated_at", EvaluatedAt.ToString()));
    }

    private Strategy? FirstStrategy()
    {
        try
        {
            return StrategyConfiguration.Read(StrategyConfig.Ref, StrategyConfig.Bytes) is [var first, ..] ? first : null;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private static Sha256Hash HashOf(params ReadOnlySpan<byte[]> parts)
    {
        var buffer = new ByteBuffer();
        foreach (var part in parts) buffer.Append(part);
        return Sha256Hash.Of(buffer.Written);
    }

    private static byte[] WithSpace(Instant instant) => Encoding.ASCII.GetBytes(instant.ToString().Replace('T', ' '));

    private static string Quote(string text) => CanonicalJson.Text(text);
}
