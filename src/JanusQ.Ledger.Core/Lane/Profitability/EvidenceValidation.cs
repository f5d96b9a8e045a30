using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Profitability;

/// <summary>
/// What profitability evidence must reach (lane.md section 15). A threshold that is given is used as given, zero too (C14).
/// </summary>
public sealed record EvidenceThresholds
{
    /// <summary>Hashes that must be there.</summary>
    public static readonly IReadOnlyList<string> RequiredHashKeys =
    [
        "signals", "strategy_config", "gate_policy", "candidate_report", "baseline_report"
    ];

    /// <summary>Least profit over the baseline (<c>gate6_min_market_net_pnl_delta</c>).</summary>
    public required Decimal28 MinMarketNetPnlDelta { get; init; }

    /// <summary>Least profit / drawdown (<c>gate6_min_return_over_drawdown</c>).</summary>
    public required Decimal28 MinReturnOverDrawdown { get; init; }

    /// <summary>Least share of regimes not behind the baseline (<c>gate6_min_regime_slice_pass_ratio</c>).</summary>
    public required Decimal28 MinRegimeSlicePassRatio { get; init; }

    /// <summary>Highest cost in basis points (<c>gate6_max_cost_bps</c>).</summary>
    public required Decimal28 MaxCostBps { get; init; }

    /// <summary>Fewest confidence values (<c>gate6_min_confidence_samples</c>).</summary>
    public required int MinConfidenceSamples { get; init; }

    /// <summary>Largest calibration error (<c>gate6_max_calibration_error</c>).</summary>
    public required Decimal28 MaxCalibrationError { get; init; }

    /// <summary>Fewest hashes (<c>gate6_min_reproducibility_hashes</c>).</summary>
    public required int MinReproducibilityHashes { get; init; }

    /// <summary>The thresholds that a policy sets.</summary>
    public static EvidenceThresholds Of(GatePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new EvidenceThresholds
        {
            MinMarketNetPnlDelta = policy[PolicyKeys.Gate6MinMarketNetPnlDelta],
            MinReturnOverDrawdown = policy[PolicyKeys.Gate6MinReturnOverDrawdown],
            MinRegimeSlicePassRatio = policy[PolicyKeys.Gate6MinRegimeSlicePassRatio],
            MaxCostBps = policy[PolicyKeys.Gate6MaxCostBps],
            MinConfidenceSamples = policy[PolicyKeys.Gate6MinConfidenceSamples],
            MaxCalibrationError = policy[PolicyKeys.Gate6MaxCalibrationError],
            MinReproducibilityHashes = policy[PolicyKeys.Gate6MinReproducibilityHashes],
        };
    }

    /// <summary>The member <c>thresholds</c> of the validation.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("min_market_net_pnl_delta", MinMarketNetPnlDelta.ToString()),
        ("min_risk_adjusted_return_over_drawdown", MinReturnOverDrawdown.ToString()),
        ("min_regime_slice_pass_ratio", MinRegimeSlicePassRatio.ToString()),
        ("max_cost_bps", MaxCostBps.ToString()),
        ("min_confidence_samples", MinConfidenceSamples),
        ("max_calibration_error", MaxCalibrationError.ToString()),
        ("min_reproducibility_hashes", MinReproducibilityHashes),
        ("required_hash_keys", JsonArray.OfTexts(RequiredHashKeys)));
}

/// <summary>Whether profitability evidence reaches its thresholds (lane.md section 15).</summary>
public sealed class EvidenceValidation
{
    private readonly ProfitabilityEvidence _evidence;
    private readonly EvidenceThresholds _thresholds;
    private readonly Instant _checkedAt;
    private readonly List<JsonObject> _details = [];

    private EvidenceValidation(ProfitabilityEvidence evidence, EvidenceThresholds thresholds, Instant checkedAt)
    {
        _evidence = evidence;
        _thresholds = thresholds;
        _checkedAt = checkedAt;
    }

    /// <summary>Whether there is no reason against it.</summary>
    public bool Passed => _details.Count == 0;

    /// <summary>
    /// Validates evidence. Its schema versions are those of this code by construction; gate 6 checks them where a document is read.
    /// </summary>
    public static EvidenceValidation Of(ProfitabilityEvidence evidence, EvidenceThresholds thresholds, Instant checkedAt)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(thresholds);
        var validation = new EvidenceValidation(evidence, thresholds, checkedAt);
        validation.Check();
        return validation;
    }

    /// <summary>The validation, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("passed", Passed),
        ("reasons", JsonArray.OfTexts(_details
            .Select(detail => ((JsonText)detail["reason"]!).Value)
            .Distinct(StringComparer.Ordinal)
            .Order(CodePoints.Order))),
        ("reason_details", new JsonArray(_details)),
        ("artifact_refs", JsonArray.OfTexts(_evidence.ArtifactRefs)),
        ("checked_at", _checkedAt.ToString()),
        ("thresholds", _thresholds.ToJson()));

    private void Check()
    {
        AtLeast("market_net_pnl_delta_below_threshold", _evidence.MarketNetPnlDelta, _thresholds.MinMarketNetPnlDelta);
        AtLeast("risk_adjusted_return_over_drawdown_below_threshold", _evidence.ReturnOverDrawdown, _thresholds.MinReturnOverDrawdown);
        AtLeast("regime_slice_pass_ratio_below_threshold", _evidence.RegimeSlicePassRatio, _thresholds.MinRegimeSlicePassRatio);
        if (_evidence.CostBps > _thresholds.MaxCostBps)
            Fail(
                "cost_bps_exceeds_threshold",
                ("actual", _evidence.CostBps.ToTextWithPlainZero()),
                ("maximum", _thresholds.MaxCostBps.ToString()));
        AtLeast("confidence_samples_below_minimum", _evidence.Calibration.SampleCount, _thresholds.MinConfidenceSamples);
        if (_evidence.Calibration.CalibrationError > _thresholds.MaxCalibrationError)
        {
            Fail(
                "calibration_error_exceeds_threshold",
                ("actual", _evidence.Calibration.CalibrationError.ToString()),
                ("maximum", _thresholds.MaxCalibrationError.ToString()));
        }

        AtLeast("reproducibility_hash_count_below_minimum", _evidence.ArtifactHashes.Count, _thresholds.MinReproducibilityHashes);
        var missing = EvidenceThresholds.RequiredHashKeys.Except(_evidence.ArtifactHashes.Select(
            entry => entry.Key), StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
            Fail("reproducibility_hash_keys_missing", ("missing_keys", JsonArray.OfTexts(missing.Order(CodePoints.Order))));
    }

    private void AtLeast(string reason, in Decimal28 actual, in Decimal28 minimum)
    {
        if (actual < minimum) Fail(reason, ("actual", actual.ToTextWithPlainZero()), ("minimum", minimum.ToString()));
    }

    private void AtLeast(string reason, int actual, int minimum)
    {
        if (actual < minimum) Fail(reason, ("actual", actual), ("minimum", minimum));
    }

    private void Fail(string reason, params ReadOnlySpan<(string, JsonValue)> detail) =>
        _details.Add(JsonObject.Of([("reason", reason), .. detail]));
}
