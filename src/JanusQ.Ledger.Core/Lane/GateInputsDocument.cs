using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Lane.Profitability;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>The document that the gate matrix evaluates (lane.md section 17, gates-and-policy.md section 3).</summary>
internal static class GateInputsDocument
{
    private const int RequiredFeatures = 3;

    private static readonly string[] ReadinessFlags =
    [
        "operational_ready", "runbook_validated", "kill_switch_dry_run_passed", "rollback_dry_run_passed"
    ];

    public static readonly JsonObject NoOrders = JsonObject.Of(("order_count", 0));
    public static readonly JsonObject NoLanguageModel = JsonObject.Of(("error_ratio", "0"));

    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static JsonObject Build(
        AcceptedInputs inputs,
        SignalPass pass,
        EvaluationReport report,
        ProfitabilityEvidence evidence,
        EvidenceValidation validation,
        Recalibration recalibration,
        string? approvalToken)
    {
        var fragility = Fragility.Of(pass.Candidate.Decisions);
        return JsonObject.Of(
        [
            ("feature_schema_version", FeatureReader.SchemaVersion),
            ("required_feature_null_rate", NullRate(pass, inputs.Signals.Count)),
            ("staleness_ms_p95", pass.StalenessMsP95),
            ("symbol_coverage", inputs.Signals.SymbolCount),
            ("metrics", report.Metrics.ToJson()),
            ("robustness", report.Robustness.ToJson()),
            ("tca_metrics", inputs.TcaMetrics ?? NoOrders),
            ("llm_metrics", inputs.LlmMetrics ?? NoLanguageModel),
            ("forecast_metrics", inputs.ForecastMetrics ?? JsonObject.Empty),
            ("profitability_evidence", evidence
                .ToJson(recalibration.RunId, recalibration.RunId is null ? null : LanePaths.Recalibration)
                .With("validation", validation.ToJson())),
            ("fragility_state", fragility.State),
            ("fragility_score", fragility.Score),
            ("stability_mode_active", fragility.StabilityModeActive),
            .. ReadinessFlags.Select(name => (name, inputs.RollbackReadiness?[name] ?? JsonValue.Null)),
            ("approval_token", approvalToken),
        ]);
    }

    /// <summary>Text of the share of required features that are none.</summary>
    public static string NullRate(SignalPass pass, int signals) =>
        (Decimal28.Of(pass.MissingRequired) / Decimal28.Of((long)RequiredFeatures * signals)).ToString();
}
