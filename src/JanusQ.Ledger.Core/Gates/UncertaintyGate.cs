using JanusQ.Ledger.Core.Canonical;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>Gate 7: whether the uncertainty of the confidence is calibrated (gates-and-policy.md section 4).</summary>
internal static class UncertaintyGate
{
    private static readonly Decimal28 Tolerance = Decimal28.Of("0.000001");
    private static readonly UncertaintyVerdict NotLookedAt = new(UncertaintyAction.Pass, "0", "0", "0", null);

    /// <summary>Gate 7, and what it saw. <c>confidence_calibration.gate_action</c> is never read.</summary>
    public static (GateResult Result, UncertaintyVerdict Verdict) Evaluate(GatePolicy policy, JsonObject inputs, PromotionTarget target)
    {
        if (!ProfitabilityGate.Applies(policy, target)) return (new GateResult(GateIds.UncertaintyCalibration, [], []), NotLookedAt);
        var calibration = inputs["profitability_evidence"].ObjectOrEmpty()["confidence_calibration"].ObjectOrEmpty();
        var values = new Values(calibration);
        var runId = calibration["recalibration_run_id"].NonBlank();
        var reference = calibration["recalibration_artifact_ref"].NonBlank();
        var checks = new GateChecks();
        var action = Judge(policy, values, checks);
        if (action != UncertaintyAction.Pass)
        {
            checks.Require(runId is not null, GateReasons.RecalibrationRunMissing);
            checks.Require(reference is not null, GateReasons.RecalibrationArtifactMissing);
            checks.Add(action switch
            {
                UncertaintyAction.Degrade => GateReasons.ActionDegrade,
                UncertaintyAction.Abstain => GateReasons.ActionAbstain,
                _ => GateReasons.ActionFail,
            });
        }

        var result = new GateResult(
            GateIds.UncertaintyCalibration, ContractValue.SortedUnique(checks.Reasons), reference is null ? [] : [reference]);
        return (result, new UncertaintyVerdict(
            action, values.CoverageError?.ToString(), values.IntervalWidth?.ToString(), values.ShiftScore?.ToString(), runId));
    }

    private static UncertaintyAction Judge(GatePolicy policy, Values values, GateChecks checks)
    {
        CheckInputs(policy, values, checks);
        if (checks.Reasons.Count > 0
            || values is not { CoverageError: { } error, ShiftScore: { } shift, IntervalWidth: { } width })
            return UncertaintyAction.Abstain;
        if (shift >= policy[Gate7ShiftScoreFail]) return Act(UncertaintyAction.Fail, GateReasons.ShiftScoreFails, checks);
        if (error > policy[Gate7MaxCoverageErrorAbstain]
            || shift >= policy[Gate7ShiftScoreAbstain]
            || width > policy[Gate7MaxIntervalWidthDegrade])
            return Act(UncertaintyAction.Abstain, GateReasons.AbstainThresholdExceeded, checks);
        if (error > policy[Gate7MaxCoverageErrorDegrade]
            || shift >= policy[Gate7ShiftScoreDegrade]
            || width > policy[Gate7MaxIntervalWidthPass])
            return Act(UncertaintyAction.Degrade, GateReasons.DegradeThresholdExceeded, checks);
        if (error > policy[Gate7MaxCoverageErrorPass])
            return Act(UncertaintyAction.Degrade, GateReasons.CoverageErrorSloExceeded, checks);
        return UncertaintyAction.Pass;
    }

    private static UncertaintyAction Act(UncertaintyAction action, ReasonCode reason, GateChecks checks)
    {
        checks.Add(reason);
        return action;
    }

    private static void CheckInputs(GatePolicy policy, Values values, GateChecks checks)
    {
        if (values is not
            {
                CoverageError: { } error, ShiftScore: { } shift, IntervalWidth: { } width, TargetCoverage: { } aimed,
                ObservedCoverage: { } observed,
            })
        {
            checks.Add(GateReasons.UncertaintyInputsInvalid);
        }
        else if (!GateInputs.CoverageError.IsInRange(error)
            || !GateInputs.ShiftScore.IsInRange(shift)
            || !GateInputs.AvgIntervalWidth.IsInRange(width)
            || !GateInputs.TargetCoverage.IsInRange(aimed)
            || !GateInputs.ObservedCoverage.IsInRange(observed))
        {
            checks.Add(GateReasons.UncertaintyInputsOutOfRange);
        }
        else if (FallsShort(aimed, observed, error))
        {
            checks.Add(GateReasons.UncertaintyInputsInconsistent);
        }

        if (values.TargetCoverage is { } target && Decimal28.Compare(target, policy[Gate7TargetCoverage]) != 0)
            checks.Add(GateReasons.TargetCoverageMismatch);
    }

    /// <summary>
    /// Whether the coverage falls short of its target by more than the claimed error (B20); also where that cannot be computed.
    /// </summary>
    private static bool FallsShort(in Decimal28 aimed, in Decimal28 observed, in Decimal28 error)
    {
        try
        {
            return aimed - observed - error > Tolerance;
        }
        catch (DecimalRangeException)
        {
            return true;
        }
    }

    /// <summary>The five values; null where one is absent, null or no decimal.</summary>
    private sealed class Values(JsonObject calibration)
    {
        public Decimal28? CoverageError { get; } = Read(calibration, GateInputs.CoverageError);

        public Decimal28? ShiftScore { get; } = Read(calibration, GateInputs.ShiftScore);

        public Decimal28? IntervalWidth { get; } = Read(calibration, GateInputs.AvgIntervalWidth);

        public Decimal28? TargetCoverage { get; } = Read(calibration, GateInputs.TargetCoverage);

        public Decimal28? ObservedCoverage { get; } = Read(calibration, GateInputs.ObservedCoverage);

        private static Decimal28? Read(JsonObject calibration, DecimalInput input) =>
            Decimal28.TryRead(calibration[input.Name], out var value) ? value : null;
    }
}
