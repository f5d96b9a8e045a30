using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Evaluation;

/// <summary>What a report says about the evaluation that it reports.</summary>
public sealed record EvaluationSetup
{
    /// <summary>Event time of the first sorted signal.</summary>
    public required Instant Start { get; init; }

    /// <summary>Event time of the last sorted signal.</summary>
    public required Instant End { get; init; }

    /// <summary>Ref of the signals.</summary>
    public required string SignalSource { get; init; }

    /// <summary>All strategies in order, disabled ones too.</summary>
    public required IReadOnlyList<Strategy> Strategies { get; init; }

    /// <summary>What trading is reckoned to cost.</summary>
    public CostModel Costs { get; init; } = CostModel.Default;

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Ref of the strategy configuration.</summary>
    public required string StrategyConfigPath { get; init; }

    /// <summary><c>shadow</c>, <c>paper</c> or <c>live</c>.</summary>
    public required string PromotionTarget { get; init; }

    /// <summary>When it was evaluated.</summary>
    public required Instant EvaluatedAt { get; init; }

    /// <summary>The version of the code, as the caller says.</summary>
    public required string CodeVersion { get; init; }
}

/// <summary>The evaluation report <c>v2</c> (lane.md section 10.4).</summary>
public sealed record EvaluationReport
{
    private const int VariantWarningThreshold = 20;

    private static readonly Decimal28 DrawdownLimit = Decimal28.Of(100);
    private static readonly Decimal28 TurnoverLimit = Decimal28.Of(5);

    private readonly EvaluationSetup _setup;

    private EvaluationReport(EvaluationSetup setup, DecisionMetrics metrics, FoldStability robustness, ImpactAssumptions impact)
    {
        _setup = setup;
        Metrics = metrics;
        Robustness = robustness;
        Impact = impact;
    }

    /// <summary>Metrics of all decisions.</summary>
    public DecisionMetrics Metrics { get; }

    /// <summary>Metrics fold by fold.</summary>
    public FoldStability Robustness { get; }

    /// <summary>What is known of the decisions' impact.</summary>
    public ImpactAssumptions Impact { get; }

    /// <summary>Evaluates folds of decisions.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static EvaluationReport Of(EvaluationSetup setup, IReadOnlyList<Fold> folds)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(folds);
        var results = folds
            .Select(fold => new FoldResult(fold.Name, DecisionMetrics.Of(fold.Decisions, setup.Costs), fold.Regime.Label, fold.Regime))
            .ToArray();
        var metrics = folds.Count == 1
            ? results[0].Metrics
            : DecisionMetrics.Of([.. folds.SelectMany(fold => fold.Decisions).OrderBy(decision => decision.EventTime)], setup.Costs);
        return new EvaluationReport(
            setup, metrics, FoldStability.Of(results), ImpactAssumptions.Of(folds.SelectMany(fold => fold.Decisions)));
    }

    /// <summary>The report, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("report_version", "v2"),
        ("generated_at", _setup.EvaluatedAt.ToString()),
        ("config", ConfigToJson()),
        ("versions", JsonObject.Of(("git_sha", _setup.CodeVersion))),
        ("metrics", Metrics.ToJson()),
        ("gates", WeakOpinion()),
        ("robustness", Robustness.ToJson()),
        ("multiple_testing", MultipleTesting()),
        ("impact_assumptions", Impact.ToJson(_setup.Costs)));

    private JsonObject ConfigToJson() => JsonObject.Of(
        ("evaluation_start", _setup.Start.ToString()),
        ("evaluation_end", _setup.End.ToString()),
        ("signal_source", _setup.SignalSource),
        ("strategies", new JsonArray(_setup.Strategies.Select(strategy => JsonObject.Of(
            ("id", strategy.StrategyId.Value),
            ("name", strategy.StrategyId.Value),
            ("base_timeframe", strategy.BaseTimeframe),
            ("universe_type", strategy.UniverseType),
            ("universe_symbols", JsonValue.Null))))),
        ("cost_model", _setup.Costs.ToJson()),
        ("run_id", _setup.RunId),
        ("strategy_config_path", _setup.StrategyConfigPath),
        ("variant_count", _setup.Strategies.Count),
        ("variant_warning_threshold", VariantWarningThreshold));

    /// <summary>A constant weak opinion; the gate matrix does not read it.</summary>
    private JsonObject WeakOpinion()
    {
        var requested = _setup.PromotionTarget != "shadow";
        var reasons = new List<string>();
        if (Metrics.TradeCount < 1) reasons.Add("insufficient_trades");
        if (Metrics.NetPnl < Decimal28.Zero) reasons.Add("net_pnl_below_minimum");
        if (Metrics.MaxDrawdown > DrawdownLimit) reasons.Add("drawdown_exceeds_max");
        if (Metrics.TurnoverRatio > TurnoverLimit) reasons.Add("turnover_exceeds_max");
        if (requested) reasons.Add("promotion_disabled");
        return JsonObject.Of(
            ("policy_version", "v1"),
            ("promotion_requested", requested),
            ("promotion_target", _setup.PromotionTarget),
            ("promotion_allowed", false),
            ("recommended_mode", "shadow"),
            ("reasons", JsonArray.OfTexts(reasons)));
    }

    private JsonObject MultipleTesting()
    {
        var triggered = _setup.Strategies.Count >= VariantWarningThreshold;
        return JsonObject.Of(
            ("variant_count", _setup.Strategies.Count),
            ("warning_threshold", VariantWarningThreshold),
            ("warning_triggered", triggered),
            ("warnings", JsonArray.OfTexts(triggered ? ["variant_count_exceeds_threshold"] : [])));
    }
}
