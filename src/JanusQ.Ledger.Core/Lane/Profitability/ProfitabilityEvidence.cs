using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Profitability;

/// <summary>What the evidence is made for and refers to.</summary>
public sealed record EvidenceSubject
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The baseline that it is measured against.</summary>
    public required string BaselineId { get; init; }

    /// <summary>When it was evaluated.</summary>
    public required Instant EvaluatedAt { get; init; }

    /// <summary>SHA-256 by name, in order; entries with a blank name or value are dropped.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> ArtifactHashes { get; init; }

    /// <summary>Refs of what the evidence rests on, in any order.</summary>
    public required IReadOnlyList<string> ArtifactRefs { get; init; }

    /// <summary>The summary of the Janus artifacts; left out of the evidence where null.</summary>
    public JsonObject? JanusQ { get; init; }
}

/// <summary>The profitability evidence <c>profitability-evidence-v4</c> (lane.md section 14).</summary>
public sealed class ProfitabilityEvidence
{
    /// <summary>The schema's name.</summary>
    public const string SchemaName = "profitability-evidence-v4";

    private readonly EvidenceSubject _subject;
    private readonly ReportedResults _candidate;
    private readonly JsonObject _benchmark;

    private ProfitabilityEvidence(
        EvidenceSubject subject, ReportedResults candidate, JsonObject benchmark, ConfidenceCalibration calibration)
    {
        _subject = subject;
        _candidate = candidate;
        _benchmark = benchmark;
        Calibration = calibration;
        ArtifactHashes = [.. subject.ArtifactHashes.Where(entry => !CodePoints.IsBlank(entry.Key) && !CodePoints.IsBlank(entry.Value))];
        ArtifactRefs = [.. subject.ArtifactRefs.Distinct(StringComparer.Ordinal).Order(CodePoints.Order)];
    }

    /// <summary>Profit / drawdown, <c>0</c> without a drawdown.</summary>
    public Decimal28 ReturnOverDrawdown { get; private init; }

    /// <summary>Mean / deviation of the folds' profit, <c>0</c> without a deviation.</summary>
    public Decimal28 SharpeLike { get; private init; }

    /// <summary>Share of regimes in which the candidate is not behind the baseline, <c>0</c> without regimes.</summary>
    public Decimal28 RegimeSlicePassRatio { get; private init; }

    /// <summary>Profit of the candidate less that of the baseline.</summary>
    public Decimal28 MarketNetPnlDelta { get; private init; }

    /// <summary>Cost in basis points.</summary>
    public Decimal28 CostBps => _candidate.Metrics.CostBps;

    /// <summary>The calibration of the decisions' confidence.</summary>
    public ConfidenceCalibration Calibration { get; }

    /// <summary>SHA-256 by name, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ArtifactHashes { get; }

    /// <summary>Refs of what the evidence rests on, sorted and distinct.</summary>
    public IReadOnlyList<string> ArtifactRefs { get; }

    /// <summary>Builds the evidence.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static ProfitabilityEvidence Of(
        EvidenceSubject subject, ReportedResults candidate, ProfitabilityBenchmark benchmark, IReadOnlyList<Decimal28> confidenceValues)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(benchmark);
        var netPnl = candidate.Metrics.NetPnl.IsZero ? Decimal28.Zero : candidate.Metrics.NetPnl;
        var drawdown = candidate.Metrics.MaxDrawdown;
        var regimes = benchmark.Slices.Where(slice => !slice.IsMarket).ToArray();
        var passed = regimes.Count(slice => slice.NetPnlDelta >= Decimal28.Zero);
        return new ProfitabilityEvidence(subject, candidate, benchmark.ToJson(), ConfidenceCalibration.Of(
            confidenceValues, candidate.Metrics.NetPnl))
        {
            ReturnOverDrawdown = drawdown.IsPositive ? netPnl / drawdown : Decimal28.Zero,
            SharpeLike = SharpeOf([.. candidate.Folds.Select(fold => fold.Metrics.NetPnl)]),
            RegimeSlicePassRatio = regimes.Length == 0 ? Decimal28.Zero : Decimal28.Of(passed) / Decimal28.Of(regimes.Length),
            MarketNetPnlDelta = benchmark.Slices.First(slice => slice.Key == BenchmarkSlice.Market).NetPnlDelta,
        };
    }

    /// <summary>The evidence, members in contract order.</summary>
    /// <param name="recalibrationRunId">The recalibration asked for; null in the evidence file.</param>
    /// <param name="recalibrationRef">Where its report is; null in the evidence file.</param>
    public JsonObject ToJson(string? recalibrationRunId = null, string? recalibrationRef = null)
    {
        var evidence = JsonObject.Of(
            ("schema_version", SchemaName),
            ("generated_at", _subject.EvaluatedAt.ToString()),
            ("run_id", _subject.RunId),
            ("candidate_id", _subject.CandidateId),
            ("baseline_id", _subject.BaselineId),
            ("risk_adjusted_metrics", RiskAdjusted()),
            ("cost_fill_realism", Realism()),
            ("confidence_calibration", Calibration.ToJson(recalibrationRunId, recalibrationRef)),
            ("reproducibility", Reproducibility()),
            ("benchmark", _benchmark),
            ("artifact_refs", JsonArray.OfTexts(ArtifactRefs)));
        return _subject.JanusQ is { } janus ? evidence.With("janus_q", janus) : evidence;
    }

    private static Decimal28 SharpeOf(Decimal28[] profits)
    {
        if (profits.Length < 2) return Decimal28.Zero;
        var mean = DecimalStatistics.Mean(profits);
        var deviation = DecimalStatistics.Deviation(profits, mean);
        return deviation.IsPositive ? mean / deviation : Decimal28.Zero;
    }

    private JsonObject RiskAdjusted() => JsonObject.Of(
        ("net_pnl", _candidate.Metrics.NetPnl.ToTextWithPlainZero()),
        ("max_drawdown", _candidate.Metrics.MaxDrawdown.ToTextWithPlainZero()),
        ("return_over_drawdown", ReturnOverDrawdown.ToString()),
        ("sharpe_like", SharpeLike.ToString()),
        ("regime_slice_pass_ratio", RegimeSlicePassRatio.ToString()),
        ("market_net_pnl_delta", MarketNetPnlDelta.ToTextWithPlainZero()));

    private JsonObject Realism()
    {
        var (metrics, _, impact) = _candidate;
        var ratio = metrics.DecisionCount == 0 ? Decimal28.Zero : Decimal28.Of(metrics.TradeCount) / Decimal28.Of(metrics.DecisionCount);
        return JsonObject.Of(
            ("decision_count", metrics.DecisionCount),
            ("trade_count", metrics.TradeCount),
            ("trade_to_decision_ratio", ratio.ToString()),
            ("cost_bps", metrics.CostBps.ToTextWithPlainZero()),
            ("turnover_ratio", metrics.TurnoverRatio.ToTextWithPlainZero()),
            ("recorded_inputs_count", impact.RecordedInputs),
            ("fallback_inputs_count", impact.FallbackInputs),
            ("decisions_with_spread", impact.DecisionsWithSpread),
            ("decisions_with_volatility", impact.DecisionsWithVolatility),
            ("decisions_with_adv", impact.DecisionsWithAdv));
    }

    private JsonObject Reproducibility()
    {
        var manifest = new JsonArray(ArtifactHashes
            .OrderBy(entry => entry.Key, CodePoints.Order)
            .Select(entry => JsonArray.OfTexts([entry.Key, entry.Value])));
        return JsonObject.Of(
            ("hash_algorithm", "sha256"),
            ("artifact_hashes", new JsonObject(
                ArtifactHashes.Select(entry => KeyValuePair.Create<string, JsonValue>(entry.Key, entry.Value)))),
            ("manifest_hash", CanonicalJson.Hash(manifest)));
    }
}
