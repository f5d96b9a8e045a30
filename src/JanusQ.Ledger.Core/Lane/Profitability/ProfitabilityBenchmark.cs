using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Profitability;

/// <summary>What the benchmark and the evidence need of an evaluation report.</summary>
/// <param name="Metrics">Metrics of all decisions.</param>
/// <param name="Folds">What came of each fold.</param>
/// <param name="Impact">What is known of the decisions' impact.</param>
public sealed record ReportedResults(DecisionMetrics Metrics, IReadOnlyList<FoldResult> Folds, ImpactAssumptions Impact)
{
    /// <summary>The results of a report.</summary>
    public static ReportedResults Of(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new ReportedResults(report.Metrics, report.Robustness.Folds, report.Impact);
    }
}

/// <summary>The metrics of one slice of a report; zeros of any sign and exponent are <c>0</c>.</summary>
internal sealed record SliceMetrics(Decimal28 NetPnl, Decimal28 MaxDrawdown, Decimal28 CostBps, Decimal28 TurnoverRatio, long TradeCount)
{
    public static readonly SliceMetrics None = new(default, default, default, default, 0);

    public static SliceMetrics Of(DecisionMetrics metrics) =>
        new(Plain(metrics.NetPnl), Plain(metrics.MaxDrawdown), Plain(metrics.CostBps), Plain(metrics.TurnoverRatio), metrics.TradeCount);

    public static SliceMetrics Of(IReadOnlyList<DecisionMetrics> folds)
    {
        Decimal28[] Each(Func<DecisionMetrics, Decimal28> member) => [.. folds.Select(member)];
        return new SliceMetrics(
            Plain(Decimal28.Sum(Each(fold => fold.NetPnl))),
            Plain(folds.Select(fold => fold.MaxDrawdown).Aggregate((first, second) => Decimal28.Max(first, second))),
            Plain(DecimalStatistics.Mean(Each(fold => fold.CostBps))),
            Plain(DecimalStatistics.Mean(Each(fold => fold.TurnoverRatio))),
            folds.Sum(fold => (long)fold.TradeCount));
    }

    public JsonObject ToJson() => JsonObject.Of(
        ("net_pnl", NetPnl.ToString()),
        ("max_drawdown", MaxDrawdown.ToString()),
        ("cost_bps", CostBps.ToString()),
        ("turnover_ratio", TurnoverRatio.ToString()),
        ("trade_count", CanonicalJson.Text(TradeCount)));

    private static Decimal28 Plain(in Decimal28 value) => value.IsZero ? Decimal28.Zero : value;
}

/// <summary>One slice of the benchmark: the candidate against the baseline.</summary>
internal sealed record BenchmarkSlice(string Key, SliceMetrics Candidate, SliceMetrics Baseline)
{
    public const string MarketPrefix = "market:";
    public const string Market = "market:all";
    public const string RegimePrefix = "regime:";

    public bool IsMarket => Key.StartsWith(MarketPrefix, StringComparison.Ordinal);

    public Decimal28 NetPnlDelta => Candidate.NetPnl - Baseline.NetPnl;

    public JsonObject ToJson() => JsonObject.Of(
        ("slice_key", Key),
        ("slice_type", IsMarket ? "market" : "regime"),
        ("candidate_metrics", Candidate.ToJson()),
        ("baseline_metrics", Baseline.ToJson()),
        ("deltas", JsonObject.Of(
            ("net_pnl_delta", NetPnlDelta.ToString()),
            ("max_drawdown_delta", (Candidate.MaxDrawdown - Baseline.MaxDrawdown).ToString()),
            ("cost_bps_delta", (Candidate.CostBps - Baseline.CostBps).ToString()),
            ("trade_count_delta", CanonicalJson.Text(Candidate.TradeCount - Baseline.TradeCount)))));
}

/// <summary>
/// The profitability benchmark <c>profitability-benchmark-v4</c>: candidate against baseline, slice by slice (lane.md section 13).
/// </summary>
public sealed class ProfitabilityBenchmark
{
    /// <summary>The schema's name.</summary>
    public const string SchemaName = "profitability-benchmark-v4";

    private readonly Instant _executedAt;
    private readonly string _candidateId;
    private readonly string _baselineId;

    private ProfitabilityBenchmark(Instant executedAt, string candidateId, string baselineId, IReadOnlyList<BenchmarkSlice> slices)
    {
        _executedAt = executedAt;
        _candidateId = candidateId;
        _baselineId = baselineId;
        Slices = slices;
    }

    /// <summary>The slices, sorted by key.</summary>
    internal IReadOnlyList<BenchmarkSlice> Slices { get; }

    /// <summary>Compares two reports over the slices that they have and those required.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static ProfitabilityBenchmark Of(
        ReportedResults candidate, ReportedResults baseline, IEnumerable<string> requiredKeys, Instant executedAt, string candidateId,
        string baselineId)
    {
        var ofCandidate = SlicesOf(candidate);
        var ofBaseline = SlicesOf(baseline);
        var slices = requiredKeys.Concat(ofCandidate.Keys).Concat(ofBaseline.Keys)
            .Distinct(StringComparer.Ordinal)
            .Order(CodePoints.Order)
            .Select(key => new BenchmarkSlice(
                key, ofCandidate.GetValueOrDefault(key, SliceMetrics.None), ofBaseline.GetValueOrDefault(key, SliceMetrics.None)))
            .ToArray();
        return new ProfitabilityBenchmark(executedAt, candidateId, baselineId, slices);
    }

    /// <summary>The benchmark, members in contract order.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public JsonObject ToJson() => JsonObject.Of(
        ("schema_version", SchemaName),
        ("executed_at", _executedAt.ToString()),
        ("candidate_id", _candidateId),
        ("baseline_id", _baselineId),
        ("required_slice_keys", JsonArray.OfTexts(Slices.Select(slice => slice.Key))),
        ("slices", new JsonArray(Slices.Select(slice => slice.ToJson()))));

    /// <summary>The key of the slice of a regime.</summary>
    public static string KeyOfRegime(string label) =>
        BenchmarkSlice.RegimePrefix + (CodePoints.IsBlank(label) ? "unknown" : CodePoints.Trim(label));

    private static Dictionary<string, SliceMetrics> SlicesOf(ReportedResults report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var slices = report.Folds
            .GroupBy(fold => KeyOfRegime(fold.RegimeLabel), fold => fold.Metrics, StringComparer.Ordinal)
            .ToDictionary(regime => regime.Key, regime => SliceMetrics.Of([.. regime]), StringComparer.Ordinal);
        slices[BenchmarkSlice.Market] = SliceMetrics.Of(report.Metrics);
        return slices;
    }
}
