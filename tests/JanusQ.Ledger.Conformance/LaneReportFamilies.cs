using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Lane.Profitability;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Conformance;

/// <summary>lane.md sections 9 to 17 and 23.</summary>
public class LaneReportFamilies
{
    [Fact]
    public void Evaluation_report() => VectorFamily.Check("evaluation-report", vector => Answer(() =>
    {
        var input = vector.Input;
        var signals = ((JsonArray)input["signals_counts"]!).Elements.Select(count => (int)((JsonInteger)count).Value).ToArray();
        var decisions = ((JsonArray)input["folds_text"]!).Elements
            .Select(text => OutsideDecisions.Read((JsonArray)JsonValue.Read(Encoding.UTF8.GetBytes(VectorFamily.Text(text)))))
            .ToArray();
        var folds = decisions
            .Select((list, i) => Fold.Of(
                decisions.Length == 1 ? Fold.OnlyName : FormattableString.Invariant($"fold_{i + 1}"), signals[i], list))
            .ToArray();
        var report = EvaluationReport.Of(
            new EvaluationSetup
            {
                Start = Instant.Parse(Text(input, "evaluation_start")),
                End = Instant.Parse(Text(input, "evaluation_end")),
                SignalSource = Text(input, "signal_source"),
                Strategies = [.. ((JsonArray)input["strategies"]!).Elements.Cast<JsonObject>().Select(ReadStrategy)],
                Costs = ReadCosts(input["cost_model"] as JsonObject ?? JsonObject.Empty),
                RunId = Text(input, "run_id"),
                StrategyConfigPath = Text(input, "strategy_config_path"),
                PromotionTarget = Text(input, "promotion_target"),
                EvaluatedAt = Instant.Parse(Text(input, "evaluated_at")),
                CodeVersion = Text(input, "code_version"),
            },
            folds).ToJson();
        return JsonObject.Of(
            ("fold_metrics", new JsonArray(folds.Select(fold => fold.MetricsToJson()))),
            ("report", report),
            ("file_sha256", Sha256Hash.Of(FileJson.Bytes(report))));
    }));

    [Fact]
    public void Regimes() => VectorFamily.Check("regime", vector =>
        Regime.Of([.. ((JsonArray)vector.Input["decisions"]!).Elements.Cast<JsonObject>().Select(ReadSample)]).ToJson());

    [Fact]
    public void Confidence() => VectorFamily.Check("confidence", vector => Answer(() => ConfidenceCalibration
        .Of(ConfidenceCalibration.ReadValues((JsonArray)vector.Input["values"]!), Decimal28.Of(Text(vector.Input, "net_pnl")))
        .ToJson()));

    [Fact]
    public void Profitability() => VectorFamily.Check("profitability", vector =>
    {
        var input = vector.Input;
        var candidate = ReadResults((JsonObject)input["candidate_report"]!);
        var at = Instant.Parse(Text(input, "evaluated_at"));
        var benchmark = ProfitabilityBenchmark.Of(
            candidate,
            ReadResults((JsonObject)input["baseline_report"]!),
            ((JsonArray)input["required_slice_keys"]!).Elements.Select(VectorFamily.Text),
            at,
            Text(input, "candidate_id"),
            Text(input, "baseline_id"));
        var subject = new EvidenceSubject
        {
            RunId = Text(input, "run_id"),
            CandidateId = Text(input, "candidate_id"),
            BaselineId = Text(input, "baseline_id"),
            EvaluatedAt = at,
            ArtifactHashes =
                [.. ((JsonObject)input["reproducibility_hashes"]!).Members.Select(
                    entry => KeyValuePair.Create(entry.Key, VectorFamily.Text(entry.Value)))],
            ArtifactRefs = [.. ((JsonArray)input["artifact_refs"]!).Elements.Select(VectorFamily.Text)],
        };
        var values = ConfidenceCalibration.ReadValues((JsonArray)input["confidence_values"]!);
        var evidence = ProfitabilityEvidence.Of(subject, candidate, benchmark, values);
        var thresholds = EvidenceThresholds.Of(PolicyDocument.Load((JsonObject)input["policy"]!).Policy);
        return JsonObject.Of(
            ("benchmark", benchmark.ToJson()),
            ("evidence", evidence.ToJson()),
            ("validation", EvidenceValidation.Of(evidence, thresholds, at).ToJson()));
    });

    [Fact]
    public void Fragile_states() => VectorFamily.Check("fragility", vector =>
    {
        var parameters = (JsonArray)JsonValue.Read(Encoding.UTF8.GetBytes(Text(vector.Input, "params_text")));
        var fragility = Fragility.Of(parameters.Elements.Cast<JsonObject>());
        return JsonObject.Of(
            ("fragility_state", fragility.State),
            ("fragility_score", fragility.Score),
            ("stability_mode_active", fragility.StabilityModeActive));
    });

    [Fact]
    public void No_signal() => VectorFamily.Check("no-signal", vector => new NoSignalRun
    {
        QueryStart = Instant.Parse(Text(vector.Input, "query_start")),
        QueryEnd = Instant.Parse(Text(vector.Input, "query_end")),
        StrategyConfig = new LaneDocument(
            Text(vector.Input, "strategy_config_name"), Encoding.UTF8.GetBytes(Text(vector.Input, "strategy_config_text"))),
        GatePolicy = Encoding.UTF8.GetBytes(Text(vector.Input, "gate_policy_text")),
        GivenReason = (vector.Input["no_signal_reason"] as JsonText)?.Value,
        EvaluatedAt = Instant.Parse(Text(vector.Input, "evaluated_at")),
        CodeVersion = Text(vector.Input, "code_version"),
    }.ToRecord());

    private static ReportedResults ReadResults(JsonObject report)
    {
        static int Count(JsonObject from, string name) => (int)((JsonInteger)from[name]!).Value;
        static DecisionMetrics Metrics(JsonObject from) => new()
        {
            DecisionCount = Count(from, "decision_count"),
            TradeCount = Count(from, "trade_count"),
            NetPnl = Decimal28.Of(Text(from, "net_pnl")),
            MaxDrawdown = Decimal28.Of(Text(from, "max_drawdown")),
            TurnoverRatio = Decimal28.Of(Text(from, "turnover_ratio")),
            CostBps = Decimal28.Of(Text(from, "cost_bps")),
        };
        var impact = (JsonObject)report["impact_assumptions"]!;
        var assumptions = (JsonObject)impact["assumptions"]!;
        return new ReportedResults(
            Metrics((JsonObject)report["metrics"]!),
            [
                .. ((JsonArray)((JsonObject)report["robustness"]!)["folds"]!).Elements.Cast<JsonObject>()
                    .Select(fold => new FoldResult(Text(fold, "fold_name"), Metrics(fold), Text(fold, "regime_label"), null)),
            ],
            new ImpactAssumptions(
                CostModel.DefaultExecutionSeconds,
                Count(impact, "decisions_with_spread"),
                Count(impact, "decisions_with_volatility"),
                Count(impact, "decisions_with_adv"),
                int.Parse(Text(assumptions, "recorded_inputs_count"), CultureInfo.InvariantCulture),
                int.Parse(Text(assumptions, "fallback_inputs_count"), CultureInfo.InvariantCulture)));
    }

    private static Decision ReadSample(JsonObject sample)
    {
        var features = (JsonObject)sample["features"]!;
        Decimal28? Feature(string name) => Decimal28.TryRead(features[name], out var value) ? value : null;
        return new Decision
        {
            StrategyId = new CanonicalText(Text(sample, "strategy_id")),
            Symbol = new CanonicalText(Text(sample, "symbol")),
            EventTime = Instant.Parse(Text(sample, "event_ts")),
            Timeframe = "1Min",
            Action = TradeAction.Buy,
            Qty = Decimal28.One,
            Rationale = null,
            Features = new SignalFeatures(Feature("macd"), Feature("macd_signal"), Feature("rsi"), Feature("price"), Feature("volatility")),
        };
    }

    private static Strategy ReadStrategy(JsonObject strategy) => new()
    {
        StrategyId = new CanonicalText(Text(strategy, "strategy_id")),
        StrategyType = Text(strategy, "strategy_type"),
        Version = Text(strategy, "version"),
        Params = (JsonObject)strategy["params"]!,
        BaseTimeframe = "1Min",
        Enabled = true,
        Priority = 100,
    };

    private static CostModel ReadCosts(JsonObject given)
    {
        Decimal28 Member(string name, Decimal28 otherwise) => Decimal28.TryRead(given[name], out var value) ? value : otherwise;
        var usual = CostModel.Default;
        return new CostModel(
            Member("commission_bps", usual.CommissionBps),
            Member("commission_per_share", usual.CommissionPerShare),
            Member("min_commission", usual.MinCommission),
            Member("max_participation_rate", usual.MaxParticipationRate),
            Member("impact_bps_at_full_participation", usual.ImpactBpsAtFullParticipation));
    }

    private static string Text(JsonObject input, string name) => VectorFamily.Text(input[name]);

    private static JsonValue Answer(Func<JsonValue> build)
    {
        try
        {
            return build();
        }
        catch (RefusedException refused)
        {
            return JsonObject.Of(("refused", refused.Refusal.ToJson()));
        }
    }
}
