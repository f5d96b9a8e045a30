using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Tests;

/// <summary>An event of every kind with all its members filled, in an order in which they can happen.</summary>
internal static class EveryEvent
{
    private const string Decision = "dddddddddddddddddddddddd";
    private const string Used = "aaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Revoked = "bbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly Instant At = Instant.Parse("2026-02-01T10:00:00.25Z");
    private static readonly Sha256Hash Hash = Sha256Hash.OfText("something");
    private static readonly JsonArray Details = new(
    [
        JsonObject.Of(("reason", "a"), ("value", new JsonReal(1e22)), ("nested", JsonObject.Of(("zz", 1), ("a", JsonValue.Null)))),
        JsonObject.Of(("reason", "b"), ("value", new JsonReal(1.5e-7)), ("none", JsonObject.Empty)),
    ]);

    private static readonly Drill ADrill = new("killSwitchDryRunPassed", true, At, "olga", "release-41", Hash);

    /// <summary>Of a lane run, in members only.</summary>
    public static CandidateEvent[] OfLaneRuns(StartLaneRun start) =>
    [
        new LaneRunStarted
        {
            Actor = "w",
            Role = Roles.Worker,
            At = At,
            RunId = start.RunId,
            EvaluationId = start.EvaluationId,
            Target = start.Target,
            SignalsSha256 = Hash,
            StrategyConfigSha256 = Hash,
            GatePolicySha256 = Hash,
            Documents = new OptionalDocuments
            {
                StrategyConfigmap = Hash,
                ForecastMetrics = Hash,
                RollbackReadiness = Hash,
                TcaMetrics = Hash,
                LlmMetrics = Hash,
                DriftEvidence = Hash,
            },
            CodeVersion = "1.0.0",
            EvaluatedAt = start.EvaluatedAt,
            Worker = "w",
        },
        new ArtifactEmitted
        {
            Actor = "w",
            Role = Roles.Worker,
            At = At,
            EvaluationId = start.EvaluationId,
            Path = "gates/a.json",
            Sha256 = Hash,
            Size = 7,
            MediaType = "application/json",
            SchemaVersion = "janus-event-car-v1",
            ManifestHash = Hash,
        },
        new LaneRunCompleted
        {
            Actor = "w",
            Role = Roles.Worker,
            At = At,
            EvaluationId = start.EvaluationId,
            ArtifactCount = 1,
            ArtifactSetSha256 = Hash,
        },
        new LaneRunFailed
        {
            Actor = "w",
            Role = Roles.Worker,
            At = At,
            RunId = start.RunId,
            EvaluationId = start.EvaluationId,
            ErrorCode = "disk_full",
            Message = "No space \u2013 \U0001F4BE",
        },
        new LaneRunSkipped
        {
            Actor = "w",
            Role = Roles.Worker,
            At = At,
            RunId = start.RunId,
            Reason = "no_signal",
            WindowStart = At,
            WindowEnd = At,
        },
        new SubmissionConflicted
        {
            Actor = "w",
            Role = Roles.Worker,
            At = At,
            RunId = start.RunId,
            EvaluationId = start.EvaluationId,
            Differences = [new SubmissionDifference("artifact", "gates/a.json", "x", "y")],
        },
    ];

    /// <summary>Of decisions, approvals and operators, for a candidate that is there.</summary>
    public static CandidateEvent[] OfCandidate(StartLaneRun start) =>
    [
        new GateMatrixEvaluated
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            DecisionId = Decision,
            EvaluationId = start.EvaluationId,
            Target = PromotionTarget.Paper,
            PolicySha256 = Hash,
            GateInputsSha256 = Hash,
            EvaluatorVersion = "gate-matrix-v1",
            Gates = [new RecordedGate("gate0_data_integrity", "fail", ["null_rate_exceeds_maximum"], ["backtest/a.json"])],
            PromotionAllowed = true,
            RecommendedMode = PromotionTarget.Paper,
            Reasons = ["gate_inputs_inconsistent"],
            UncertaintyGateAction = "degrade",
            CoverageError = "0.0300",
            ShiftScore = "0.5",
            ConformalIntervalWidth = "1.25",
            RecalibrationRunId = "recal-1",
        },
        new PrerequisitesEvaluated
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            DecisionId = Decision,
            Allowed = true,
            Reasons = ["required_artifact_missing"],
            ReasonDetails = Details,
            RequiredArtifacts = ["a"],
            MissingArtifacts = ["b"],
            ArtifactRefs = ["c"],
            RequiredThroughput = JsonObject.Of(("signal_count", 3)),
            ObservedThroughput = JsonObject.Of(("signal_count", 2), ("trade_count", JsonValue.Null)),
        },
        new RollbackReadinessEvaluated
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            DecisionId = Decision,
            Ready = true,
            Reasons = ["rollback_dry_run_stale"],
            RequiredChecks = ["killSwitchDryRunPassed"],
            MissingChecks = ["gitopsRevertDryRunPassed"],
            Drills = [ADrill],
        },
        Grant(start, Used),
        Grant(start, Revoked),
        new ApprovalRevoked { Actor = "ann", Role = Roles.Approver, At = At, ApprovalId = Revoked, Reason = "mistake" },
        new PromotionDecided
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            DecisionId = Decision,
            RunId = start.RunId,
            EvaluationId = start.EvaluationId,
            Target = PromotionTarget.Paper,
            Action = PromotionAction.Promote,
            ApprovedMode = PromotionTarget.Paper,
            Reasons = ["a", "b"],
            Rationale = "because",
            TraceId = "trace-1",
            Steps = [new DecisionStep("policy", true, ["policy_not_active"], Details)],
            Facts = new PromotionFacts
            {
                DecidedAt = At,
                Policies = [new PolicyStanding("main", 1, true)],
                Drills = [ADrill],
                KillSwitch = new EngagedKillSwitch("olga", At, "incident"),
                Pause = new CandidatePause("olga", At, "odd"),
                Approvals =
                [
                    new Approval
                    {
                        ApprovalId = Used,
                        Approver = "ann",
                        RunId = start.RunId,
                        EvaluationId = start.EvaluationId,
                        Target = PromotionTarget.Paper,
                        PolicySha256 = Hash,
                        ArtifactSetSha256 = Hash,
                        GrantedAt = At,
                        ExpiresAt = At,
                        Reason = "reviewed",
                        RevokedAt = At,
                        UsedBy = Decision,
                    },
                ],
                Submitters = ["w"],
                EvidenceRolledBack = true,
                Champion = "cand-before",
            },
            FactsSha256 = Hash,
            PolicySha256 = Hash,
            GateInputsSha256 = Hash,
            GateReportSha256 = Hash,
            ArtifactSetSha256 = Hash,
            Evaluators = new EvaluatorVersions("derivation-v1", "gate-matrix-v1", "promotion-v1"),
            ApprovalId = Used,
            Claimed = new ClaimedVerdict("promote", true, "paper", ["c"]),
            ClaimAgrees = true,
            RollbackCandidateId = "cand-before",
        },
        new CandidatePromoted
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Target = PromotionTarget.Paper,
            DecisionId = Decision,
            Predecessor = "cand-before",
            Why = "promotion_decided",
        },
        new CandidateDemoted
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Target = PromotionTarget.Paper,
            DecisionId = Decision,
            Successor = "cand-after",
            Why = "rolled_back",
            TraceId = "trace-2",
            RolledBack = true,
            ArtifactSetSha256 = Hash,
        },
        new RolledBackEvidenceCleared { Actor = "o", Role = Roles.Operator, At = At, ArtifactSetSha256 = Hash, Reason = "a data fault" },
        new CandidatePaused { Actor = "o", Role = Roles.Operator, At = At, Reason = "odd fills" },
        new CandidateResumed { Actor = "o", Role = Roles.Operator, At = At, Reason = "explained" },
    ];

    public static ChampionEvent[] Champion =>
    [
        new ChampionInstalled
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Target = PromotionTarget.Paper,
            CandidateId = "cand-a",
            DecisionId = Decision,
            EvaluationId = "eeeeeeeeeeeeeeeeeeeeeeee",
            ArtifactSetSha256 = Hash,
            Predecessor = "cand-before",
            Why = "promotion_decided",
        },
        new ChampionRemoved
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Target = PromotionTarget.Paper,
            CandidateId = "cand-a",
            DecisionId = Decision,
            Why = "demoted",
        },
    ];

    public static PolicyEvent[] Policy =>
    [
        new PolicyPublished
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Version = 1,
            PolicySha256 = Hash,
            PolicyVersion = "p1",
            EnablesLive = true,
            Note = "n",
        },
        new PolicyActivationApproved { Actor =
            "ann", Role = Roles.Approver, At = At, Version = 1, PolicySha256 = Hash, Reason = "reviewed" },
        new PolicyActivated
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Version = 1,
            PolicySha256 = Hash,
            ApprovedBy = "ann",
            Note = "n",
        },
    ];

    public static SafetyEvent[] Safety =>
    [
        new DrillRecorded
        {
            Actor = "o",
            Role = Roles.Operator,
            At = At,
            Check = "killSwitchDryRunPassed",
            Passed = true,
            PerformedAt = At,
            RollbackTarget = "release-41",
            EvidenceSha256 = Hash,
        },
        new KillSwitchEngaged { Actor = "o", Role = Roles.Operator, At = At, Reason = "incident" },
        new KillSwitchReleased { Actor = "o", Role = Roles.Operator, At = At, Reason = "over" },
    ];

    private static ApprovalGranted Grant(StartLaneRun start, string id) => new()
    {
        Actor = "ann",
        Role = Roles.Approver,
        At = At,
        ApprovalId = id,
        RunId = start.RunId,
        EvaluationId = start.EvaluationId,
        Target = PromotionTarget.Paper,
        PolicySha256 = Hash,
        ArtifactSetSha256 = Hash,
        ExpiresAt = Instant.Parse("2026-03-01"),
        Reason = "reviewed",
    };
}
