using System.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Lane.Features;
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
            .Select((list, i) => Fold.Of(decisions.Length == 1 ? Fold.OnlyName : FormattableString.Invariant($"fold_{i + 1}"), signals[i], list))
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
