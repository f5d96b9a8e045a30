namespace JanusQ.Ledger.Core.Decisions;

/// <summary>The names of a decision's steps, in the order in which they run (ledger.md section 4). Part of the stored contract.</summary>
public static class DecisionSteps
{
    /// <summary>The policy is there, valid, published and active.</summary>
    public const string Policy = "policy";

    /// <summary>Everything of the evaluation is stored and verified.</summary>
    public const string Artifacts = "artifacts";

    /// <summary>The gate inputs agree with the artifacts that they were taken from.</summary>
    public const string GateInputs = "gate_inputs";

    /// <summary>The gate matrix; it has an event of its own.</summary>
    public const string GateMatrix = "gate_matrix";

    /// <summary>The prerequisites; they have an event of their own.</summary>
    public const string Prerequisites = "promotion_prerequisites";

    /// <summary>The rollback readiness; it has an event of its own.</summary>
    public const string Rollback = "rollback_readiness";

    /// <summary>The drift evidence.</summary>
    public const string Drift = "drift";

    /// <summary>An approval by somebody else, where the policy asks for one.</summary>
    public const string Approval = "approval";

    /// <summary>The kill switch.</summary>
    public const string KillSwitch = "kill_switch";

    /// <summary>The pause of the candidate.</summary>
    public const string Pause = "pause";

    /// <summary>Whether exactly this evidence was rolled back before.</summary>
    public const string RolledBackEvidence = "rolled_back_evidence";

    /// <summary>What the worker claimed, against what was derived.</summary>
    public const string Claim = "claim";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> InOrder { get; } =
    [
        Policy, Artifacts, GateInputs, GateMatrix, Prerequisites, Rollback, Drift, Approval, KillSwitch, Pause, RolledBackEvidence, Claim,
    ];
}
