using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>One gate of a decision as it is recorded.</summary>
/// <param name="GateId">For instance <c>gate0_data_integrity</c>.</param>
/// <param name="Status"><c>pass</c> or <c>fail</c>.</param>
/// <param name="Reasons">Its reasons, in the gate's order.</param>
/// <param name="ArtifactRefs">What it points at.</param>
public sealed record RecordedGate(string GateId, string Status, ImmutableArray<string> Reasons, ImmutableArray<string> ArtifactRefs);

/// <summary>The gate matrix was evaluated for a decision (gates-and-policy.md sections 4 and 5).</summary>
public sealed record GateMatrixEvaluated : CandidateEvent
{
    /// <summary>The decision, 24 lower-case hex digits.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The evaluation decided about.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The target asked for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>Hash of the policy's canonical JSON; none where the policy could not be read.</summary>
    public Sha256Hash? PolicySha256 { get; init; }

    /// <summary>Hash of the bytes of the gate inputs, which resolves in the content store; none where they could not be built.</summary>
    public Sha256Hash? GateInputsSha256 { get; init; }

    /// <summary>Version of the gate matrix.</summary>
    public required string EvaluatorVersion { get; init; }

    /// <summary>The gates in the order of the report; none where there was nothing to evaluate.</summary>
    public required ImmutableArray<RecordedGate> Gates { get; init; }

    /// <summary>Whether the gates allow the promotion.</summary>
    public required bool PromotionAllowed { get; init; }

    /// <summary>What the gates recommend.</summary>
    public required PromotionTarget RecommendedMode { get; init; }

    /// <summary>Reasons of this step that belong to no gate, for instance <c>gate_inputs_inconsistent</c>.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>pass, degrade, abstain or fail; none where there was nothing to evaluate.</summary>
    public string? UncertaintyGateAction { get; init; }

    /// <summary>Plain text of the decimal; none where it could not be taken.</summary>
    public string? CoverageError { get; init; }

    /// <summary>Plain text of the decimal; none where it could not be taken.</summary>
    public string? ShiftScore { get; init; }

    /// <summary>Plain text of the decimal; none where it could not be taken.</summary>
    public string? ConformalIntervalWidth { get; init; }

    /// <summary>The recalibration that was asked for, or none.</summary>
    public string? RecalibrationRunId { get; init; }
}

/// <summary>The prerequisites were evaluated for a decision (gates-and-policy.md section 6).</summary>
public sealed record PrerequisitesEvaluated : CandidateEvent
{
    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Whether they allow the promotion.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Their reasons, sorted and unique.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>One object a reason as it was raised: <c>reason</c> and its members.</summary>
    public required JsonArray ReasonDetails { get; init; }

    /// <summary>What the policy requires, sorted.</summary>
    public required ImmutableArray<string> RequiredArtifacts { get; init; }

    /// <summary>What of it is not there.</summary>
    public required ImmutableArray<string> MissingArtifacts { get; init; }

    /// <summary>Required artifacts and collected references, sorted.</summary>
    public required ImmutableArray<string> ArtifactRefs { get; init; }

    /// <summary>The counts that the policy requires.</summary>
    public required JsonObject RequiredThroughput { get; init; }

    /// <summary>The counts that the run shows.</summary>
    public required JsonObject ObservedThroughput { get; init; }
}

/// <summary>The rollback readiness was evaluated for a decision (gates-and-policy.md section 7).</summary>
public sealed record RollbackReadinessEvaluated : CandidateEvent
{
    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Whether it could be undone.</summary>
    public required bool Ready { get; init; }

    /// <summary>The reasons, sorted and unique.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>The checks that the policy requires, as they stand there.</summary>
    public required ImmutableArray<string> RequiredChecks { get; init; }

    /// <summary>Those of them that are missing or failed.</summary>
    public required ImmutableArray<string> MissingChecks { get; init; }

    /// <summary>The latest rehearsal of each required check: what the answer rests on.</summary>
    public required ImmutableArray<Drill> Drills { get; init; }
}

/// <summary>What the worker claimed the verdict to be.</summary>
/// <param name="Action">promote, hold or deny, as it was claimed.</param>
/// <param name="Allowed">Whether it claimed that the promotion is allowed.</param>
/// <param name="RecommendedMode">The mode that it claimed, or none.</param>
/// <param name="Reasons">The reasons that it claimed.</param>
public sealed record ClaimedVerdict(string Action, bool Allowed, string? RecommendedMode, ImmutableArray<string> Reasons);

/// <summary>The versions of everything that derived a decision. Old versions stay callable.</summary>
/// <param name="Derivation">The order of steps and what stands between them.</param>
/// <param name="GateMatrix">The gate matrix.</param>
/// <param name="PromotionChecks">Prerequisites, rollback readiness, drift, recommendation.</param>
public sealed record EvaluatorVersions(string Derivation, string GateMatrix, string PromotionChecks);

/// <summary>A step of a decision that is none of gates, prerequisites and rollback readiness, with its reasons.</summary>
/// <param name="Step">policy, artifacts, gate_inputs, drift, approval, kill_switch, pause, rolled_back_evidence or claim.</param>
/// <param name="Allowed">Whether it allows the promotion.</param>
/// <param name="Reasons">Its reasons.</param>
/// <param name="Details">One object a reason that has more to say.</param>
public sealed record DecisionStep(string Step, bool Allowed, ImmutableArray<string> Reasons, JsonArray Details);

/// <summary>The verdict on a promotion request (ledger.md section 4).</summary>
public sealed record PromotionDecided : CandidateEvent
{
    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The run decided about.</summary>
    public required string RunId { get; init; }

    /// <summary>The evaluation decided about.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The target asked for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>promote, hold or deny.</summary>
    public required PromotionAction Action { get; init; }

    /// <summary>The mode approved; none for a denial.</summary>
    public PromotionTarget? ApprovedMode { get; init; }

    /// <summary>All reasons of all steps, sorted and unique.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>The rationale text (gates-and-policy.md section 9).</summary>
    public required string Rationale { get; init; }

    /// <summary>The recommendation's trace id.</summary>
    public required string TraceId { get; init; }

    /// <summary>The steps that have no event of their own, in the order in which they ran.</summary>
    public required ImmutableArray<DecisionStep> Steps { get; init; }

    /// <summary>The ledger's own events that the decision rests on, as they stood when it was made.</summary>
    public required PromotionFacts Facts { get; init; }

    /// <summary>Hash over evaluation, target and facts without the instant: what is equal when the same is asked again.</summary>
    public required Sha256Hash FactsSha256 { get; init; }

    /// <summary>Hash of the policy's canonical JSON; none where the policy could not be read.</summary>
    public Sha256Hash? PolicySha256 { get; init; }

    /// <summary>Hash of the bytes of the gate inputs; none where they could not be built.</summary>
    public Sha256Hash? GateInputsSha256 { get; init; }

    /// <summary>Hash of the bytes of the derived gate report, which resolves in the content store; none where there is none.</summary>
    public Sha256Hash? GateReportSha256 { get; init; }

    /// <summary>The artifact-set hash of the evaluation.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }

    /// <summary>What derived it.</summary>
    public required EvaluatorVersions Evaluators { get; init; }

    /// <summary>The approval that a promotion used up; none where none was needed or the answer is no.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>What the worker claimed; none if it sent no verdict.</summary>
    public ClaimedVerdict? Claimed { get; init; }

    /// <summary>Whether the claim agrees with this decision; none without a claim.</summary>
    public bool? ClaimAgrees { get; init; }

    /// <summary>The champion of the target before this decision if it is another candidate: who comes back on a roll back.</summary>
    public string? RollbackCandidateId { get; init; }
}

/// <summary>The candidate became the champion of a target.</summary>
public sealed record CandidatePromoted : CandidateEvent
{
    /// <summary>The target.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The decision that it rests on.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The champion before; none if there was none.</summary>
    public string? Predecessor { get; init; }

    /// <summary>Why: a code with its subjects, for instance <c>promotion_decided</c>.</summary>
    public required string Why { get; init; }
}

/// <summary>The candidate is no longer the champion of a target.</summary>
public sealed record CandidateDemoted : CandidateEvent
{
    /// <summary>The target.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The decision that caused it; none where an operator did.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Who took its place; none if nobody did.</summary>
    public string? Successor { get; init; }

    /// <summary>Why (gates-and-policy.md section 10), for instance <c>demoted_after_promotion_of_cand-1_for_paper</c>.</summary>
    public required string Why { get; init; }

    /// <summary>The trace id of the demotion (gates-and-policy.md section 10); none where an operator demoted.</summary>
    public string? TraceId { get; init; }

    /// <summary>Whether it was rolled back: then its artifact set cannot be promoted again until an operator clears it.</summary>
    public bool RolledBack { get; init; }

    /// <summary>The artifact set that was active.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }
}

/// <summary>An operator barred every promotion of the candidate.</summary>
public sealed record CandidatePaused : CandidateEvent
{
    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>An operator lifted the pause.</summary>
public sealed record CandidateResumed : CandidateEvent
{
    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>An approver, the actor, agreed to one promotion.</summary>
public sealed record ApprovalGranted : CandidateEvent
{
    /// <summary>24 lower-case hex digits.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>The run that it is bound to.</summary>
    public required string RunId { get; init; }

    /// <summary>The evaluation whose artifact set it is bound to.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The target that it is bound to.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The policy that it is bound to, by the hash of its canonical JSON.</summary>
    public required Sha256Hash PolicySha256 { get; init; }

    /// <summary>The artifact set that it unlocks.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }

    /// <summary>From when on it no longer counts.</summary>
    public required Signals.Instant ExpiresAt { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>An approval was taken back before it was used.</summary>
public sealed record ApprovalRevoked : CandidateEvent
{
    /// <summary>The approval.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>An operator allowed an artifact set that was rolled back to be promoted again.</summary>
public sealed record RolledBackEvidenceCleared : CandidateEvent
{
    /// <summary>The artifact set.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }
}
