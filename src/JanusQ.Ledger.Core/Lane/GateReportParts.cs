using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// The parts of a gate report beside the gates (lane.md section 18), from the members of an evaluation report as they stand there: what is
/// not there is absent.
/// </summary>
internal static class GateReportParts
{
    public const int StressCases = 4;

    private static readonly string[] StressNames = ["spread", "volatility", "liquidity", "halt"];
    private static readonly string[] Counts = ["decision_count", "trade_count"];
    private static readonly string[] FoldMembers =
        ["fold_name", "decision_count", "trade_count", "net_pnl", "max_drawdown", "cost_bps", "regime_label"];
    private static readonly string[] StressMembers =
        ["max_drawdown", "cost_bps", "turnover_ratio", "net_pnl", "gross_pnl", "decision_count", "trade_count"];

    /// <summary>The gate matrix's payload with run and throughput.</summary>
    public static JsonObject Measured(GateReport report, string runId, JsonObject throughput) =>
        report.ToJson().With("run_id", runId).With("throughput", throughput);

    /// <summary>What went through the run.</summary>
    /// <param name="signalCount">Number of signals; null where it is not known.</param>
    /// <param name="metrics">The report's metrics.</param>
    /// <param name="folds">Number of folds.</param>
    /// <param name="stressCases">Number of stress cases.</param>
    public static JsonObject Throughput(int? signalCount, JsonObject metrics, int folds, int stressCases)
    {
        var signals = signalCount is { } count ? JsonObject.Of(("signal_count", count)) : JsonObject.Empty;
        return new JsonObject(signals.Members.Concat(Pick(metrics, Counts)))
            .With("no_signal_window", false)
            .With("no_signal_reason", JsonValue.Null)
            .With("fold_metrics_count", folds)
            .With("stress_metrics_count", stressCases);
    }

    /// <summary>The folds of a report's robustness.</summary>
    public static JsonObject FoldMetrics(JsonObject robustness)
    {
        var folds = (robustness["folds"] as JsonArray ?? JsonArray.Empty).Elements.OfType<JsonObject>()
            .Select(fold => new JsonObject(Pick(fold, FoldMembers))).ToArray();
        return JsonObject.Of(("count", folds.Length), ("items", new JsonArray(folds)), ("artifact_ref", LanePaths.EvaluationReport));
    }

    /// <summary>No stress is applied: four copies of the plain metrics, to be read as what they are; none without metrics.</summary>
    public static JsonObject StressMetrics(JsonObject metrics)
    {
        string[] cases = metrics.Count == 0 ? [] : StressNames;
        return JsonObject.Of(
            ("count", cases.Length),
            ("items", new JsonArray(cases.Select(name => (JsonValue)new JsonObject(
            [
                KeyValuePair.Create<string, JsonValue>("case", name), .. Pick(metrics, StressMembers),
            ])))),
            ("artifact_ref", "db:research_stress_metrics"));
    }

    /// <summary>The counts of the Janus artifacts and the verdict of their summary.</summary>
    public static JsonObject Janus(int eventCount, int rewardCount, EvidenceSummary summary) => JsonObject.Of(
        ("event_car", JsonObject.Of(("count", eventCount), ("artifact_ref", LanePaths.EventCar))),
        ("hgrm_reward", JsonObject.Of(("count", rewardCount), ("artifact_ref", LanePaths.Reward))),
        ("evidence_complete", summary.IsComplete),
        ("reasons", JsonArray.OfTexts(summary.Reasons)));

    /// <summary>The draft, with its own id under <c>provenance</c>.</summary>
    /// <param name="measured">What <see cref="Measured"/> made.</param>
    /// <param name="evidence">Folds, stress cases and the Janus block.</param>
    /// <param name="report">The gates, which the rationale speaks of.</param>
    public static JsonObject Draft(JsonObject measured, JsonObject evidence, GateReport report)
    {
        var draft = measured.With("promotion_evidence", evidence.With("promotion_rationale", DraftRationale(report)));
        return draft.With("provenance", JsonObject.Of(("gate_report_trace_id", CanonicalJson.Id(draft))));
    }

    private static JsonObject DraftRationale(GateReport report) => JsonObject.Of(
        ("requested_target", report.Target.Name()),
        ("gate_recommended_mode", report.RecommendedMode.Name()),
        ("gate_reasons", JsonArray.OfTexts(report.Reasons.Order(CodePoints.Order))),
        ("rationale_text", "Gate matrix recommendation captured from deterministic evaluation artifacts."));

    private static IEnumerable<KeyValuePair<string, JsonValue>> Pick(JsonObject from, string[] names)
    {
        foreach (var name in names)
            if (from.TryGet(name, out var value)) yield return KeyValuePair.Create(name, value);
    }
}
