using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>
/// Codes of the contract that other parts raise: refusals of documents, the evidence summary, the validation of the evidence. They stand
/// here so that the catalogue explains whatever a user can meet.
/// </summary>
internal static class ReasonsElsewhere
{
    private const string Documents = "documents";
    private const string Summary = "janus_q_evidence";
    private const string Validation = "profitability_validation";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ReasonCode> All =
    [
        new(
            "json_rejected",
            Documents,
            "A document is not acceptable JSON, so nothing of it was used.",
            "Correct the document at the place named."),
        new(
            "document_not_object",
            Documents,
            "A document's top-level value is not an object.",
            "Submit the document itself, not a part of it."),
        new("policy_invalid", Documents, "Keys of the policy have no valid value, so nothing was evaluated.", "Correct the keys listed."),
        new(
            "unknown_promotion_target",
            Documents,
            "The target is none of shadow, paper and live.",
            "Ask for one of the three, exactly spelled."),

        new("janus_event_count_missing", Summary, "There are no Janus events.", "Run the lane on a window with signals."),
        new("janus_reward_count_missing", Summary, "There are no Janus rewards.", "Run the lane on a window with decisions."),
        new(
            "janus_reward_event_mapping_incomplete",
            Summary,
            "Some rewards belong to no event.",
            "Run the lane so that every decision meets a signal."),

        new(
            "profitability_evidence_schema_invalid",
            Validation,
            "The evidence is not of schema profitability-evidence-v4.",
            "Produce it with this lane."),
        new(
            "profitability_benchmark_schema_invalid",
            Validation,
            "The benchmark is not of schema profitability-benchmark-v4.",
            "Produce it with this lane."),
        new(
            "market_net_pnl_delta_below_threshold",
            Validation,
            "The candidate does not beat the baseline by enough.",
            "Improve the strategy."),
        new(
            "risk_adjusted_return_over_drawdown_below_threshold",
            Validation,
            "The profit is too small for the drawdown.",
            "Reduce the drawdown."),
        new(
            "regime_slice_pass_ratio_below_threshold",
            Validation,
            "The candidate is worse than the baseline in too many regimes.",
            "Improve it there."),
        new("cost_bps_exceeds_threshold", Validation, "Trading costs too much.", "Trade less often, or in more liquid symbols."),
        new(
            "confidence_samples_below_minimum",
            Validation,
            "Too few decisions state their confidence.",
            "Emit the confidence with every decision."),
        new(
            "calibration_error_exceeds_threshold",
            Validation,
            "The confidence is too far from the outcome.",
            "Recalibrate the confidence."),
        new(
            "reproducibility_hash_count_below_minimum",
            Validation,
            "Too few inputs and artifacts are hashed.",
            "Hash all that the lane used."),
        new("reproducibility_hash_keys_missing", Validation, "A required hash is missing.", "Hash what missing_keys lists."),
    ];
}
