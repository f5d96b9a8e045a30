using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Profitability;

/// <summary>Whether the confidence of a candidate has to be calibrated anew (lane.md section 16).</summary>
/// <param name="RunId">The recalibration asked for; null if none is.</param>
public sealed record Recalibration(string? RunId)
{
    private const int RunIdCharacters = 12;

    /// <summary>What follows from the evidence of a run.</summary>
    public static Recalibration Of(ConfidenceCalibration calibration, string runId)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(runId);
        return new Recalibration(calibration.GateAction == "pass" ? null : "recal-" + runId[..RunIdCharacters]);
    }

    /// <summary>The recalibration report, members in contract order.</summary>
    public JsonObject ToReport(
        ConfidenceCalibration calibration, string runId, string candidateId, Instant requestedAt, params string[] artifactRefs)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return JsonObject.Of(
            ("schema_version", "recalibration_report_v1"),
            ("run_id", runId),
            ("candidate_id", candidateId),
            ("requested_at", requestedAt.ToString()),
            ("status", RunId is null ? "not_required" : "queued"),
            ("recalibration_run_id", RunId),
            ("uncertainty_gate_action", calibration.GateAction),
            ("coverage_error", calibration.CoverageError.ToString()),
            ("shift_score", calibration.ShiftScore.ToString()),
            ("artifact_refs", JsonArray.OfTexts(artifactRefs.Order(CodePoints.Order))));
    }
}
