using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>The ledger's own reasons to deny (ledger.md section 4): what stands around the checks of the contract.</summary>
internal static class LedgerReasons
{
    private static readonly List<ReasonCode> Declared = [];

    public static readonly ReasonCode PolicyMissing = Add("policy_missing", DecisionSteps.Policy,
        "The policy that the run was made with is not stored.", "Submit the run with its policy document.");
    public static readonly ReasonCode PolicyCorrupt = Add("policy_corrupt", DecisionSteps.Policy,
        "The stored policy does not hash to its name.", "Find out with audit verify what happened to the store; restore the document.");
    public static readonly ReasonCode PolicyInvalid = Add("policy_invalid", DecisionSteps.Policy,
        "The run's policy is no valid policy, so nothing was evaluated under it.", "Run the lane with a valid policy.");
    public static readonly ReasonCode PolicyNotPublished = Add("policy_not_published", DecisionSteps.Policy,
        "The run's policy was never published.", "Publish and activate it, or run the lane with the active policy.");
    public static readonly ReasonCode PolicyNotActive = Add("policy_not_active", DecisionSteps.Policy,
        "The run's policy is published and is the active version of no name.",
        "Run the lane with the active policy, or activate this one.");

    public static readonly ReasonCode NotCompleted = Add("evaluation_not_completed", DecisionSteps.Artifacts,
        "The evaluation is not complete.", "Emit the rest of its artifacts and complete the run, or ask for another evaluation.");
    public static readonly ReasonCode TargetNotEvaluated = Add("target_not_evaluated", DecisionSteps.Artifacts,
        "The run was made for another target than was asked for.", "Run the lane for the target asked for.");
    public static readonly ReasonCode ArtifactMissing = Add("artifact_missing", DecisionSteps.Artifacts,
        "The bytes of a recorded artifact are not stored.", "Find out with audit verify what happened to the store; restore the artifact.");
    public static readonly ReasonCode ArtifactCorrupt = Add("artifact_corrupt", DecisionSteps.Artifacts,
        "The stored bytes of an artifact are not those that were recorded.",
        "Find out with audit verify what happened to the store; restore the artifact.");
    public static readonly ReasonCode ArtifactSetMismatch = Add("artifact_set_mismatch", DecisionSteps.Artifacts,
        "The artifacts recorded do not give the artifact-set hash recorded.", "Submit the evaluation anew; its record is not whole.");
    public static readonly ReasonCode JanusUnverified = Add("janus_artifact_unverified", DecisionSteps.Artifacts,
        "A Janus artifact does not say what follows from its own entries.", "Produce the artifact again; do not edit it.");
    public static readonly ReasonCode InputMissing = Add("input_document_missing", DecisionSteps.Artifacts,
        "An input document of the run is not stored.", "Submit the run with all its input documents.");
    public static readonly ReasonCode InputCorrupt = Add("input_document_corrupt", DecisionSteps.Artifacts,
        "The stored bytes of an input document are not those that were recorded.",
        "Find out with audit verify what happened to the store; restore the document.");
    public static readonly ReasonCode RunIdMismatch = Add("run_id_mismatch", DecisionSteps.Artifacts,
        "The run id is not the hash of the run's own inputs.", "Submit the run under the id that its inputs give.");

    public static readonly ReasonCode GateInputsInvalid = Add("gate_inputs_invalid", DecisionSteps.GateInputs,
        "The run's gate inputs cannot be read as an object.", "Submit the gate inputs as the lane wrote them.");
    public static readonly ReasonCode GateInputsInconsistent = Add("gate_inputs_inconsistent", DecisionSteps.GateInputs,
        "The gate inputs disagree with the artifacts that they were taken from.", "Submit both from one evaluation.");

    public static readonly ReasonCode GatesNotEvaluated = Add("gate_matrix_not_evaluated", DecisionSteps.GateMatrix,
        "There is no policy to evaluate the gates under.", "See the reasons of the policy.");
    public static readonly ReasonCode PrerequisitesNotEvaluated = Add("promotion_prerequisites_not_evaluated", DecisionSteps.Prerequisites,
        "There is no policy to evaluate the prerequisites under.", "See the reasons of the policy.");
    public static readonly ReasonCode RollbackNotEvaluated = Add("rollback_readiness_not_evaluated", DecisionSteps.Rollback,
        "There is no policy to evaluate the rollback readiness under.", "See the reasons of the policy.");

    public static readonly ReasonCode HumanApprovalMissing = Add("human_approval_missing", DecisionSteps.Approval,
        "The policy asks for an approval and nobody approved this run for this target.",
        "Have somebody approve who did not submit the run.");
    public static readonly ReasonCode ApprovalMismatch = Add("approval_mismatch", DecisionSteps.Approval,
        "The nearest approval is bound to another run, target, policy or artifact set.", "Have exactly this evidence approved.");
    public static readonly ReasonCode ApprovalNotIndependent = Add("approval_not_independent", DecisionSteps.Approval,
        "The nearest approval is by somebody who submitted to the run.", "Have somebody approve who did not submit the run.");
    public static readonly ReasonCode ApprovalUsed = Add("approval_used", DecisionSteps.Approval,
        "The nearest approval was used by an earlier decision.", "Have the promotion approved again.");
    public static readonly ReasonCode ApprovalRevoked = Add("approval_revoked", DecisionSteps.Approval,
        "The nearest approval was taken back.", "Have the promotion approved again.");
    public static readonly ReasonCode ApprovalExpired = Add("approval_expired", DecisionSteps.Approval,
        "The nearest approval has expired.", "Have the promotion approved again.");

    public static readonly ReasonCode KillSwitchEngaged = Add("kill_switch_engaged", DecisionSteps.KillSwitch,
        "The kill switch is engaged: every promotion is denied.", "Release it when the incident is over.");
    public static readonly ReasonCode RolledBackEvidence = Add("rolled_back_evidence", DecisionSteps.RolledBackEvidence,
        "Exactly this evidence was rolled back before.", "Have an operator clear it, or submit new evidence.");
    public static readonly ReasonCode ClaimDisagrees = Add("claimed_verdict_disagrees", DecisionSteps.Claim,
        "The lane claimed a more permissive verdict than the ledger derived.", "Find out why the lane differs.");

    private static readonly Dictionary<string, ReasonCode> Failures = DecisionSteps.InOrder.ToDictionary(
        step => step,
        step => Add(step + "_evaluation_failed", step,
            $"The step {step} ended with an unexpected error.", "Report the error with the decision; it is a fault of the ledger."),
        StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReasonCode> All => Declared;

    /// <summary><c>&lt;step&gt;_evaluation_failed</c>.</summary>
    public static ReasonCode EvaluationFailed(string step) => Failures[step];

    private static ReasonCode Add(string code, string step, string explanation, string remedy)
    {
        var reason = new ReasonCode(code, step, explanation, remedy);
        Declared.Add(reason);
        return reason;
    }
}
