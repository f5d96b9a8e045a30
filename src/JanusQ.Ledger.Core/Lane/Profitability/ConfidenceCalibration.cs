using System.Globalization;
using System.Runtime.InteropServices;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane.Profitability;

/// <summary>
/// How well the confidence of decisions agrees with what came of them (lane.md section 14, <c>confidence_calibration</c>).
/// </summary>
public sealed record ConfidenceCalibration
{
    private static readonly Decimal28 TargetCoverage = Decimal28.Of("0.90");
    private static readonly Decimal28 ErrorWeight = Decimal28.Of("0.08");
    private static readonly Decimal28 DeviationWeight = Decimal28.Of("0.02");
    private static readonly Decimal28 Two = Decimal28.Of(2);
    private static readonly Decimal28 Half = Decimal28.Of("0.5");
    private static readonly Decimal28 SevereShift = Decimal28.Of("0.95");
    private static readonly Decimal28 HighShift = Decimal28.Of("0.80");
    private static readonly Decimal28 ElevatedShift = Decimal28.Of("0.60");
    private static readonly Decimal28 AbstainCoverageError = Decimal28.Of("0.08");
    private static readonly Decimal28 DegradeCoverageError = Decimal28.Of("0.05");

    private ConfidenceCalibration(string shiftState, string gateAction)
    {
        ShiftState = shiftState;
        GateAction = gateAction;
    }

    /// <summary>Number of confidence values.</summary>
    public int SampleCount { get; private init; }

    /// <summary>Their mean.</summary>
    public Decimal28 Mean { get; private init; }

    /// <summary>Their standard deviation.</summary>
    public Decimal28 Deviation { get; private init; }

    /// <summary>1 if there was a profit, else 0.</summary>
    public Decimal28 Target { get; private init; }

    /// <summary>|mean − target|; 1 without values.</summary>
    public Decimal28 CalibrationError { get; private init; }

    /// <summary>0.90 less the coverage error, not below 0.</summary>
    public Decimal28 ObservedCoverage { get; private init; }

    /// <summary>How far the coverage misses 0.90.</summary>
    public Decimal28 CoverageError { get; private init; }

    /// <summary>Mean width of the intervals.</summary>
    public Decimal28 AverageIntervalWidth { get; private init; }

    /// <summary><c>stable</c>, <c>elevated</c>, <c>high</c>, <c>severe</c> or <c>unknown</c>.</summary>
    public string ShiftState { get; }

    /// <summary>Error and deviation in one score, at most 1.</summary>
    public Decimal28 ShiftScore { get; private init; }

    /// <summary><c>pass</c>, <c>degrade</c>, <c>abstain</c> or <c>fail</c>.</summary>
    public string GateAction { get; }

    /// <summary>The confidence values of decisions, in order (lane.md section 14).</summary>
    /// <exception cref="RefusedException"><c>decision_invalid</c> with field <c>confidence</c>.</exception>
    public static IReadOnlyList<Decimal28> ValuesOf(IReadOnlyList<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        var values = new List<Decimal28>(decisions.Count);
        for (var i = 0; i < decisions.Count; i++)
        {
            var decision = decisions[i];
            if (decision.Runtime is { } runtime) values.Add(runtime.Confidence);
            else if ((Given(decision.Param("confidence")) ?? Given((decision.Param("runtime") as JsonObject)?["confidence"])) is { } given)
                values.Add(Read(given, i));
        }

        return values;
    }

    /// <summary>Reads confidence values from outside.</summary>
    /// <exception cref="RefusedException"><c>decision_invalid</c> with <c>decision_index</c> and field <c>confidence</c>.</exception>
    public static IReadOnlyList<Decimal28> ReadValues(JsonArray values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values.Elements.Select(Read)];
    }

    /// <summary>The calibration of confidence values against a profit.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static ConfidenceCalibration Of(IReadOnlyList<Decimal28> values, in Decimal28 netPnl)
    {
        ArgumentNullException.ThrowIfNull(values);
        var target = netPnl.IsPositive ? Decimal28.One : Decimal28.Zero;
        if (values.Count == 0)
        {
            return new ConfidenceCalibration("unknown", "abstain")
            {
                Target = target,
                CalibrationError = Decimal28.One,
                CoverageError = Decimal28.One,
                ShiftScore = Decimal28.One,
            };
        }

        var list = CollectionsMarshal.AsSpan(values as List<Decimal28> ?? [.. values]);
        var mean = DecimalStatistics.Mean(list);
        var deviation = DecimalStatistics.Deviation(list, mean);
        var error = Decimal28.Abs(mean - target);
        var coverageError = Decimal28.Min(Decimal28.One, (error * ErrorWeight) + (deviation * DeviationWeight));
        var shift = Decimal28.Min(Decimal28.One, error + deviation);
        return new ConfidenceCalibration(StateOf(shift), ActionOf(shift, coverageError))
        {
            SampleCount = values.Count,
            Mean = mean,
            Deviation = deviation,
            Target = target,
            CalibrationError = error,
            ObservedCoverage = Decimal28.Max(Decimal28.Zero, TargetCoverage - coverageError),
            CoverageError = coverageError,
            AverageIntervalWidth = Decimal28.Min(Two, Half + (deviation * Two) + error),
            ShiftScore = shift,
        };
    }

    /// <summary>The calibration as the evidence has it.</summary>
    /// <param name="recalibrationRunId">The recalibration asked for; null in the evidence file.</param>
    /// <param name="recalibrationRef">Where its report is; null in the evidence file.</param>
    public JsonObject ToJson(string? recalibrationRunId = null, string? recalibrationRef = null) => JsonObject.Of(
        ("sample_count", SampleCount),
        ("mean_confidence", Mean.ToString()),
        ("std_confidence", Deviation.ToString()),
        ("calibration_target", Target.ToString()),
        ("calibration_error", CalibrationError.ToString()),
        ("target_coverage", TargetCoverage.ToString()),
        ("observed_coverage", ObservedCoverage.ToString()),
        ("coverage_error", CoverageError.ToString()),
        ("avg_interval_width", AverageIntervalWidth.ToString()),
        ("shift_state", ShiftState),
        ("shift_score", ShiftScore.ToString()),
        ("gate_action", GateAction),
        ("schema_version", "calibration_snapshot_v1"),
        ("recalibration_run_id", recalibrationRunId),
        ("recalibration_artifact_ref", recalibrationRef));

    private static string StateOf(in Decimal28 shift) =>
        shift >= SevereShift ? "severe" : shift >= HighShift ? "high" : shift >= ElevatedShift ? "elevated" : "stable";

    private static string ActionOf(in Decimal28 shift, in Decimal28 coverageError) =>
        shift >= SevereShift ? "fail"
        : coverageError > AbstainCoverageError || shift >= HighShift ? "abstain"
        : coverageError > DegradeCoverageError || shift >= ElevatedShift ? "degrade"
        : "pass";

    private static JsonValue? Given(JsonValue? value) => value is JsonNull ? null : value;

    private static Decimal28 Read(JsonValue value, int index) => Decimal28.TryRead(value, out var confidence)
        ? confidence
        : throw new RefusedException(
            new Refusal(
                "decision_invalid", $"The confidence of decisions[{index.ToString(CultureInfo.InvariantCulture)}] must be a decimal.")
                .With("decision_index", index).With("field", "confidence"));
}
