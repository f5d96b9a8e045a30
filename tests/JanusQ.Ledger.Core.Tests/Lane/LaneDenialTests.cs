using System.Text;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Lane;

/// <summary>What is missing or unusable ends in a denial or a refusal with the contract's reasons, never in an allowed promotion.</summary>
public class LaneDenialTests
{
    [Fact]
    public void The_starting_point_is_promoted() => Assert.Equal(PromotionAction.Promote, Run(inputs => inputs).Recommendation.Action);

    [Fact]
    public void Missing_forecast_metrics_deny() => Denied(
        Run(inputs => inputs with { ForecastMetrics = null }),
        "forecast_fallback_rate_missing",
        "forecast_inference_latency_p95_missing",
        "forecast_calibration_score_missing");

    [Fact]
    public void Missing_rollback_readiness_denies() => Denied(
        Run(inputs => inputs with { RollbackReadiness = null }),
        "operational_ready_missing",
        "runbook_validated_missing",
        "kill_switch_dry_run_passed_missing",
        "rollback_dry_run_passed_missing",
        "rollback_checks_missing_or_failed",
        "rollback_human_approval_missing");

    [Fact]
    public void A_strategy_plugin_that_is_not_there_denies_and_is_named()
    {
        var outcome = Run(inputs => inputs with
        {
            StrategyConfig = new LaneDocument(
                "strategies.json", Encoding.UTF8.GetBytes("""[{"strategy_id":"s","strategy_type":"quantum","version":"9"}]""")),
        });
        Denied(outcome, "decision_count_below_minimum", "trade_count_below_minimum");
        Assert.All(outcome.RuntimeErrors, error => Assert.Equal("plugin_not_found:quantum@9", error));
        var spec = (JsonObject)JsonValue.Read(outcome.Files.Single(file => file.Path == LanePaths.CandidateSpec).ToBytes());
        Assert.Equal(outcome.SignalCount, ((JsonArray)spec["runtime_errors"]!).Count);
    }

    [Fact]
    public void A_strategy_whose_parameters_cannot_be_read_denies() => Denied(
        Run(inputs => inputs with
        {
            StrategyConfig = new LaneDocument(
                "strategies.json", Encoding.UTF8.GetBytes("""[{"strategy_id":"s","params":{"qty":"many"}}]""")),
        }),
        "decision_count_below_minimum");

    [Fact]
    public void No_strategies_deny() => Denied(
        Run(inputs => inputs with { StrategyConfig = new LaneDocument("strategies.json", "[]"u8.ToArray()) }),
        "decision_count_below_minimum");

    [Fact]
    public void No_signals_are_refused_and_recorded_as_skipped()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var refused = Assert.Throws<RefusedException>(
            () => LaneRun.Execute(inputs with { Signals = new LaneDocument("signals.json", "[]"u8.ToArray()) }, arguments));
        Assert.Equal("""{"code":"signals_empty"}""", refused.Refusal.ToJson().ToString());
        var record = new NoSignalRun
        {
            QueryStart = Instant.Parse("2026-02-25"),
            QueryEnd = Instant.Parse("2026-02-26"),
            StrategyConfig = inputs.StrategyConfig,
            GatePolicy = inputs.GatePolicy.Bytes,
            EvaluatedAt = Instant.Parse("2026-02-26"),
            CodeVersion = "1",
        }.ToRecord();
        Assert.Equal("skipped", ((JsonText)record["status"]!).Value);
        Assert.Equal("no_signal_window", ((JsonText)record["dataset_snapshot_ref"]!).Value);
    }

    [Theory]
    [InlineData("\"production\"", "\"x\"", "{\"code\":\"unknown_promotion_target\"}")]
    [InlineData("null", "\"x\"", "{\"code\":\"unknown_promotion_target\"}")]
    [InlineData("\"paper\"", "\"soon\"", "{\"code\":\"argument_invalid\",\"field\":\"evaluated_at\"}")]
    public void Arguments_are_checked_before_documents(string target, string at, string refusal)
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var refused = Assert.Throws<RefusedException>(() => LaneRun.Execute(
            inputs with { Signals = new LaneDocument("signals.json", "nonsense"u8.ToArray()) },
            arguments with
            {
                PromotionTarget = JsonValue.Read(Encoding.UTF8.GetBytes(target)),
                EvaluatedAt = JsonValue.Read(Encoding.UTF8.GetBytes(at)),
            }));
        Assert.Equal(refusal, refused.Refusal.ToJson().ToString());
    }

    [Fact]
    public void Documents_are_checked_in_contract_order()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var broken = "nonsense"u8.ToArray();
        inputs =
            inputs with { Signals = new("s.json", broken), StrategyConfig = new("c.json", broken), GatePolicy = new("p.json", broken) };
        inputs = inputs with
        {
            StrategyConfigMap = new(
            "m.json", broken),
            ForecastMetrics = new("f.json", broken),
            RollbackReadiness = new("r.json", broken)
        };
        inputs =
            inputs with { TcaMetrics = new("t.json", broken), LlmMetrics = new("l.json", broken), DriftEvidence = new("d.json", broken) };
        var good = LaneCase.Promoted().Inputs;
        var empty = new LaneDocument("e.json", "{}"u8.ToArray());
        string Next(LaneInputs given) =>
            Assert.Throws<RefusedException>(() => LaneRun.Execute(given, arguments)).Refusal.ToJson().ToString();

        Assert.Equal("""{"code":"signals_document_invalid"}""", Next(inputs));
        Assert.Equal("""{"code":"strategy_config_invalid"}""", Next(inputs = inputs with { Signals = good.Signals }));
        Assert.Equal(
            """{"code":"json_rejected","document":"gate_policy"}""", Next(inputs = inputs with { StrategyConfig = good.StrategyConfig }));
        Assert.Equal("""{"code":"strategy_configmap_invalid"}""", Next(inputs = inputs with { GatePolicy = good.GatePolicy }));
        Assert.Equal(
            """{"code":"json_rejected","document":"forecast_metrics"}""",
            Next(inputs = inputs with { StrategyConfigMap = good.StrategyConfigMap }));
        Assert.Equal(
            """{"code":"json_rejected","document":"rollback_readiness"}""", Next(inputs = inputs with { ForecastMetrics = empty }));
        Assert.Equal("""{"code":"json_rejected","document":"tca_metrics"}""", Next(inputs = inputs with { RollbackReadiness = empty }));
        Assert.Equal("""{"code":"json_rejected","document":"llm_metrics"}""", Next(inputs = inputs with { TcaMetrics = empty }));
        Assert.Equal("""{"code":"json_rejected","document":"drift_evidence"}""", Next(inputs with { LlmMetrics = empty }));
        Assert.Equal(
            """{"code":"document_not_object","document":"drift_evidence"}""",
            Next(inputs with { LlmMetrics = empty, DriftEvidence = new("d.json", "[]"u8.ToArray()) }));
    }

    [Fact]
    public void Arithmetic_out_of_range_refuses_the_run()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        const string Signals = """
            [{"event_ts":"2026-01-05T14:30:00Z","symbol":"A","timeframe":"1Min",
              "payload":{"price":"1","macd":"9e999999","macd_signal":"-9e999999","rsi14":"20"}}]
            """;
        var refused = Assert.Throws<RefusedException>(
            () => LaneRun.Execute(inputs with { Signals = new LaneDocument("signals.json", Encoding.UTF8.GetBytes(Signals)) }, arguments));
        Assert.Equal("arithmetic_out_of_range", refused.Refusal.Code);
    }

    private static LaneOutcome Run(Func<LaneInputs, LaneInputs> change)
    {
        var (inputs, arguments) = LaneCase.Promoted();
        return LaneRun.Execute(change(inputs), arguments);
    }

    private static void Denied(LaneOutcome outcome, params string[] reasons)
    {
        Assert.Equal(PromotionAction.Deny, outcome.Recommendation.Action);
        Assert.False(outcome.Recommendation.Eligible);
        Assert.Null(outcome.PaperPatchPath);
        foreach (var reason in reasons) Assert.Contains(reason, outcome.Recommendation.Reasons);
    }
}
