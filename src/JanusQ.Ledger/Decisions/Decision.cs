using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Decisions;

/// <summary>One decision as it can be asked for: everything that its events say, in one piece (ledger.md section 5).</summary>
public sealed record Decision
{
    /// <summary>Candidate and decision, parted by a slash.</summary>
    public required string Id { get; init; }

    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>The run decided about; none before the verdict is in.</summary>
    public string? RunId { get; init; }

    /// <summary>The evaluation decided about.</summary>
    public string? EvaluationId { get; init; }

    /// <summary>The target asked for.</summary>
    public PromotionTarget? Target { get; init; }

    /// <summary>The verdict; none before it is in.</summary>
    public PromotionAction? Action { get; init; }

    /// <summary>The mode approved; none for a denial.</summary>
    public PromotionTarget? ApprovedMode { get; init; }

    /// <summary>All reasons of all steps, sorted and unique.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>The gates in the order of the report.</summary>
    public ImmutableArray<RecordedGate> Gates { get; init; } = [];

    /// <summary>The steps that have no event of their own, in the order in which they ran.</summary>
    public ImmutableArray<DecisionStep> Steps { get; init; } = [];

    /// <summary>What the gate matrix said, without its gates.</summary>
    public GateMatrixVerdict? GateMatrix { get; init; }

    /// <summary>Whether the prerequisites allow it; none before they are in.</summary>
    public bool? PrerequisitesAllowed { get; init; }

    /// <summary>Reasons of the prerequisites.</summary>
    public ImmutableArray<string> PrerequisiteReasons { get; init; } = [];

    /// <summary>Artifacts that the policy requires and that are not there.</summary>
    public ImmutableArray<string> MissingArtifacts { get; init; } = [];

    /// <summary>Whether it could be undone; none before that is in.</summary>
    public bool? RollbackReady { get; init; }

    /// <summary>Reasons of the rollback readiness.</summary>
    public ImmutableArray<string> RollbackReasons { get; init; } = [];

    /// <summary>The rehearsals that it rests on.</summary>
    public ImmutableArray<Drill> Drills { get; init; } = [];

    /// <summary>Hash of the policy's canonical JSON.</summary>
    public Sha256Hash? PolicySha256 { get; init; }

    /// <summary>Hash of the gate inputs that the ledger built.</summary>
    public Sha256Hash? GateInputsSha256 { get; init; }

    /// <summary>Hash of the gate report that the ledger derived.</summary>
    public Sha256Hash? GateReportSha256 { get; init; }

    /// <summary>The artifact set decided about.</summary>
    public Sha256Hash? ArtifactSetSha256 { get; init; }

    /// <summary>Hash over evaluation, target and facts.</summary>
    public Sha256Hash? FactsSha256 { get; init; }

    /// <summary>What derived it.</summary>
    public EvaluatorVersions? Evaluators { get; init; }

    /// <summary>The rationale text.</summary>
    public string? Rationale { get; init; }

    /// <summary>The recommendation's trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>What the worker claimed, or none.</summary>
    public ClaimedVerdict? Claimed { get; init; }

    /// <summary>Whether the claim agrees; none without a claim.</summary>
    public bool? ClaimAgrees { get; init; }

    /// <summary>The approval that it used up, or none.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Who asked.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When it was made.</summary>
    public Instant? DecidedAt { get; init; }

    /// <summary>The sequence of the last event in this state.</summary>
    public long LastSequence { get; init; }

    /// <summary>The key of a decision.</summary>
    public static string KeyOf(string candidateId, string decisionId) => $"{candidateId}/{decisionId}";

    /// <summary>The state after one event more.</summary>
    /// <exception cref="UnknownCandidateEventException">The event is of a kind that decisions do not know.</exception>
    public Decision After(CandidateEvent happened, long sequence)
    {
        var next = happened switch
        {
            GateMatrixEvaluated evaluated => this with
            {
                EvaluationId = evaluated.EvaluationId,
                Target = evaluated.Target,
                PolicySha256 = evaluated.PolicySha256,
                GateInputsSha256 = evaluated.GateInputsSha256,
                Gates = evaluated.Gates,
                GateMatrix = new GateMatrixVerdict(
                    evaluated.EvaluatorVersion, evaluated.PromotionAllowed, evaluated.RecommendedMode, evaluated.Reasons,
                    evaluated.UncertaintyGateAction, evaluated.CoverageError, evaluated.ShiftScore, evaluated.ConformalIntervalWidth,
                    evaluated.RecalibrationRunId),
            },
            PrerequisitesEvaluated evaluated => this with
            {
                PrerequisitesAllowed = evaluated.Allowed,
                PrerequisiteReasons = evaluated.Reasons,
                MissingArtifacts = evaluated.MissingArtifacts,
            },
            RollbackReadinessEvaluated evaluated => this with
            {
                RollbackReady = evaluated.Ready,
                RollbackReasons = evaluated.Reasons,
                Drills = evaluated.Drills,
            },
            PromotionDecided decided => this with
            {
                RunId = decided.RunId,
                EvaluationId = decided.EvaluationId,
                Target = decided.Target,
                Action = decided.Action,
                ApprovedMode = decided.ApprovedMode,
                Reasons = decided.Reasons,
                Steps = decided.Steps,
                PolicySha256 = decided.PolicySha256,
                GateInputsSha256 = decided.GateInputsSha256,
                GateReportSha256 = decided.GateReportSha256,
                ArtifactSetSha256 = decided.ArtifactSetSha256,
                FactsSha256 = decided.FactsSha256,
                Evaluators = decided.Evaluators,
                Rationale = decided.Rationale,
                TraceId = decided.TraceId,
                Claimed = decided.Claimed,
                ClaimAgrees = decided.ClaimAgrees,
                ApprovalId = decided.ApprovalId,
                DecidedBy = decided.Actor,
                DecidedAt = decided.At,
            },
            _ => throw new UnknownCandidateEventException($"Decisions do not know {happened?.GetType().Name}."),
        };
        return next with { LastSequence = sequence };
    }
}

/// <summary>What the gate matrix said about a decision, without its gates.</summary>
/// <param name="EvaluatorVersion">Version of the gate matrix.</param>
/// <param name="PromotionAllowed">Whether the gates allow the promotion.</param>
/// <param name="RecommendedMode">What the gates recommend.</param>
/// <param name="Reasons">Reasons that belong to no gate.</param>
/// <param name="UncertaintyGateAction">pass, degrade, abstain or fail, or none.</param>
/// <param name="CoverageError">Plain text of the decimal, or none.</param>
/// <param name="ShiftScore">Plain text of the decimal, or none.</param>
/// <param name="ConformalIntervalWidth">Plain text of the decimal, or none.</param>
/// <param name="RecalibrationRunId">The recalibration that was asked for, or none.</param>
public sealed record GateMatrixVerdict(
    string EvaluatorVersion,
    bool PromotionAllowed,
    PromotionTarget RecommendedMode,
    ImmutableArray<string> Reasons,
    string? UncertaintyGateAction,
    string? CoverageError,
    string? ShiftScore,
    string? ConformalIntervalWidth,
    string? RecalibrationRunId);
