using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>The derivation of ledger.md section 4, as first published.</summary>
internal sealed class PromotionDerivationV1 : IPromotionDerivation
{
    /// <inheritdoc />
    public string Version => "promotion-derivation-1";

    /// <inheritdoc />
    public DerivedDecision Derive(PromotionCase asked, IGateEvaluator gates, IPromotionEvaluator checks)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentNullException.ThrowIfNull(checks);
        var versions = new EvaluatorVersions(Version, gates.Version, checks.Version);
        return new Derivation(asked, new VerifiedContent(asked.Content), gates, checks, versions).Derive();
    }

    private sealed class Derivation(
        PromotionCase asked, VerifiedContent content, IGateEvaluator gates, IPromotionEvaluator checks, EvaluatorVersions versions)
    {
        private readonly LaneRunStarted _start = asked.Evaluation.Start;
        private readonly EvaluationArtifacts _artifacts = new(asked.Evaluation.Artifacts, content);
        private readonly Sha256Hash _artifactSet = asked.Evaluation.ArtifactSetSha256 ?? asked.Evaluation.Artifacts.Hash();
        private readonly ImmutableArray<DecisionStep>.Builder _steps = ImmutableArray.CreateBuilder<DecisionStep>();

        private PinnedPolicy _policy = PinnedPolicy.None;
        private ApprovalStanding _approval = ApprovalStanding.Nobody;
        private MeasuredInputs? _measured;
        private JsonObject? _gateInputs;
        private GateReport? _matrix;
        private JsonObject _gateReport = JsonObject.Empty;
        private PrerequisitesResult? _prerequisites;
        private RollbackReadiness? _rollback;
        private DriftGate? _drift;
        private WorkerClaim? _claim;

        private PromotionFacts Facts => asked.Facts;

        private bool AsksForApproval => _policy.Policy is not { } policy
            || policy.RequiresRollbackApproval || (asked.Target == PromotionTarget.Live && policy.RequiresApprovalToken);

        private JsonObject CandidateState => PromotionChecks.StateOf(
            asked.Candidate.CandidateId,
            _start.RunId,
            IsPaused,
            Readiness.ToRollbackReadiness(_policy.Policy, Facts, _approval.Counting is not null));

        private bool IsPaused => Facts.Pause is not null || asked.Candidate.Pause is not null;

        private bool IsRolledBack => Facts.EvidenceRolledBack || asked.Candidate.RolledBackEvidence.Contains(_artifactSet);

        public DerivedDecision Derive()
        {
            RunWithoutEvent(DecisionSteps.Policy, CheckPolicy);
            RunWithoutEvent(DecisionSteps.Artifacts, findings =>
                new EvidenceVerification(asked, _artifacts, content, findings).Check(_policy.Policy));

            // Gates and rollback readiness ask for the approval, which is reported in its own place.
            var approval = Run(DecisionSteps.Approval, CheckApproval);
            var inputs = RunWithoutEvent(DecisionSteps.GateInputs, BuildGateInputs);
            var matrix = Run(DecisionSteps.GateMatrix, EvaluateGates);
            matrix.Raise(inputs.Reasons);
            var prerequisites = Run(DecisionSteps.Prerequisites, EvaluatePrerequisites);
            var rollback = Run(DecisionSteps.Rollback, EvaluateRollback);
            var drift = RunWithoutEvent(DecisionSteps.Drift, EvaluateDrift);
            _steps.Add(approval.ToStep());
            RunWithoutEvent(DecisionSteps.KillSwitch, CheckKillSwitch);
            RunWithoutEvent(DecisionSteps.Pause, CheckPause);
            RunWithoutEvent(DecisionSteps.RolledBackEvidence, CheckRolledBack);

            var gateOutcome = Outcome(_matrix?.PromotionAllowed, _matrix?.Reasons, matrix);
            var basis = RecommendationBasis.Of(
                _start.RunId,
                asked.Candidate.CandidateId,
                asked.Target,
                gateOutcome,
                _matrix?.RecommendedMode ?? PromotionTarget.Shadow,
                Outcome(_prerequisites?.Allowed, _prerequisites?.Reasons, prerequisites),
                Outcome(_rollback?.Ready, _rollback?.Reasons, rollback),
                new CheckOutcome(_drift is { Allowed: true } && drift.Reasons.IsEmpty, drift.Reasons),
                _measured is null ? 0 : Count(GateReportParts.FoldMetrics(_measured.Robustness)),
                _measured is null ? 0 : Count(GateReportParts.StressMetrics(_measured.Metrics)));
            var beforeClaim = Recommend(basis);
            RunWithoutEvent(DecisionSteps.Claim, findings => CheckClaim(beforeClaim, findings));
            var recommendation = Recommend(basis);
            return Answer(gateOutcome, matrix, prerequisites, rollback, recommendation);
        }

        /// <summary>The recommendation from the basis and the reasons of every step that has run.</summary>
        private PromotionRecommendation Recommend(RecommendationBasis basis) => checks.Recommend(basis with
        {
            Reasons = [.. basis.Reasons, .. _steps.Where(step => step.Step != DecisionSteps.Drift).SelectMany(step => step.Reasons)],
        });

        private static StepFindings Run(string step, Action<StepFindings> body)
        {
            var findings = new StepFindings(step);
            try
            {
                body(findings);
            }
            catch (Exception unexpected) when (unexpected is not (OperationCanceledException or OutOfMemoryException))
            {
                findings.Add(LedgerReasons.EvaluationFailed(step), ("error", unexpected.GetType().Name));
            }

            return findings;
        }

        private StepFindings RunWithoutEvent(string step, Action<StepFindings> body)
        {
            var findings = Run(step, body);
            _steps.Add(findings.ToStep());
            return findings;
        }

        private void CheckPolicy(StepFindings findings) =>
            _policy = PinnedPolicy.Read(_start.GatePolicySha256, content, Facts.Policies, findings);

        private void BuildGateInputs(StepFindings findings)
        {
            _measured = MeasuredInputs.Of(asked.Evaluation, _artifacts, content, findings);
            _gateInputs = new JsonObject(
            [
                .. _measured.Document.Members, .. Readiness.GateFlags(Facts),
                KeyValuePair.Create<string, JsonValue>("approval_token", _approval.Counting?.ApprovalId),
            ]);
        }

        private void EvaluateGates(StepFindings findings)
        {
            if (_policy.Policy is not { } policy)
            {
                findings.Add(LedgerReasons.GatesNotEvaluated);
                return;
            }

            _matrix = gates.Evaluate(policy, _gateInputs ?? JsonObject.Empty, asked.Target, Facts.DecidedAt, _start.CodeVersion);
            var (metrics, robustness) = (_measured?.Metrics ?? JsonObject.Empty, _measured?.Robustness ?? JsonObject.Empty);
            var folds = GateReportParts.FoldMetrics(robustness);
            var stress = GateReportParts.StressMetrics(metrics);
            var throughput = GateReportParts.Throughput(_measured?.SignalCount, metrics, Count(folds), Count(stress));
            _gateReport = GateReportParts.Draft(
                GateReportParts.Measured(_matrix, _start.RunId, throughput),
                JsonObject.Of(
                    ("fold_metrics", folds),
                    ("stress_metrics", stress),
                    ("janus_q", _measured?.Janus is { } janus
                        ? GateReportParts.Janus(_measured.EventCount, _measured.RewardCount, janus)
                        : JsonObject.Empty)),
                _matrix);
        }

        private void EvaluatePrerequisites(StepFindings findings)
        {
            if (_policy.Policy is { } policy)
            {
                _prerequisites = checks.EvaluatePrerequisites(
                    policy, _gateReport, CandidateState, PromotionArtifacts.Read(policy, asked.Target, _artifacts));
            }
            else
            {
                findings.Add(LedgerReasons.PrerequisitesNotEvaluated);
            }
        }

        private void EvaluateRollback(StepFindings findings)
        {
            if (_policy.Policy is { } policy) _rollback = checks.EvaluateRollback(policy, CandidateState, Facts.DecidedAt);
            else findings.Add(LedgerReasons.RollbackNotEvaluated);
        }

        private void EvaluateDrift(StepFindings findings)
        {
            JsonValue? evidence = null;
            if (_start.Documents.DriftEvidence is { } hash && content.Find(hash) is { } bytes)
                evidence = JsonValue.TryRead(bytes, out var read, out _) ? read : ContractValue.InvalidText;
            _drift = checks.EvaluateDrift(asked.Target, evidence);
            if (!_drift.Allowed) findings.Raise(_drift.Reasons.Select(Storable.Text));
        }

        private void CheckApproval(StepFindings findings)
        {
            _approval = ApprovalStanding.Of(asked, _policy.Hash, _artifactSet);
            if (_approval.Counting is not null || !AsksForApproval) return;
            if (_approval.Nearest is not { } nearest) findings.Add(LedgerReasons.HumanApprovalMissing);
            else foreach (var fault in _approval.Faults)
                findings.Add(fault, ("approval_id", nearest.ApprovalId), ("approver", nearest.Approver));
        }

        private void CheckKillSwitch(StepFindings findings)
        {
            if (Facts.KillSwitch is { } engaged)
                findings.Add(LedgerReasons.KillSwitchEngaged, ("by", engaged.By), ("at", engaged.At.ToString()), ("why", engaged.Reason));
        }

        private void CheckPause(StepFindings findings)
        {
            if (!IsPaused) return;
            if ((Facts.Pause ?? asked.Candidate.Pause) is { } pause)
                findings.Add(PromotionReasons.CandidatePaused, ("by", pause.By), ("at", pause.At.ToString()), ("why", pause.Reason));
        }

        private void CheckRolledBack(StepFindings findings)
        {
            if (IsRolledBack) findings.Add(LedgerReasons.RolledBackEvidence, ("artifact_set_sha256", _artifactSet));
        }

        private void CheckClaim(PromotionRecommendation derived, StepFindings findings)
        {
            _claim = WorkerClaim.Find(_artifacts);
            if (_claim is null || _claim.Reach.CompareTo(VerdictReach.Of(derived)) <= 0) return;
            findings.Add(
                LedgerReasons.ClaimDisagrees,
                ("claimed_action", _claim.Verdict.Action),
                ("claimed_mode", _claim.Verdict.RecommendedMode),
                ("derived_action", derived.Action.Name()),
                ("derived_mode", derived.Basis.RecommendedMode.Name()));
        }

        private DerivedDecision Answer(
            CheckOutcome gateOutcome,
            StepFindings matrix,
            StepFindings prerequisites,
            StepFindings rollback,
            PromotionRecommendation recommendation)
        {
            var factsHash = CanonicalJson.Hash(JsonObject.Of(
                ("evaluation_id", _start.EvaluationId),
                ("target", asked.Target.Name()),
                ("artifact_set_sha256", _artifactSet),
                ("facts", Facts.ToJson())));
            var decisionId = CanonicalJson.Id(JsonObject.Of(
                ("candidate_id", asked.Candidate.CandidateId),
                ("evaluation_id", _start.EvaluationId),
                ("target", asked.Target.Name()),
                ("decided_at", Facts.DecidedAt.ToString()),
                ("facts_sha256", factsHash)));
            var policyFile = _policy.Document is { } document ? DerivedDocument.Of(document) : null;
            var inputsFile = _gateInputs is { } inputs ? DerivedDocument.Of(inputs) : null;
            var reportFile = _matrix is not null ? DerivedDocument.Of(_gateReport) : null;
            var promotes = recommendation.Action == PromotionAction.Promote;
            return new DerivedDecision
            {
                Recommendation = recommendation,
                Documents = [.. new[] { policyFile, inputsFile, reportFile }.OfType<DerivedDocument>()],
                Gates = new GateMatrixEvaluated
                {
                    Actor = asked.By.Actor,
                    Role = asked.By.Role,
                    At = Facts.DecidedAt,
                    DecisionId = decisionId,
                    EvaluationId = _start.EvaluationId,
                    Target = asked.Target,
                    PolicySha256 = policyFile?.Sha256,
                    GateInputsSha256 = inputsFile?.Sha256,
                    EvaluatorVersion = versions.GateMatrix,
                    Gates = [.. (_matrix?.Gates ?? []).Select(gate => new RecordedGate(
                        gate.GateId, gate.Passed ? "pass" : "fail", [.. gate.Reasons], [.. gate.ArtifactRefs.Select(Storable.Text)]))],
                    PromotionAllowed = gateOutcome.Allowed,
                    RecommendedMode = recommendation.Basis.RecommendedMode,
                    Reasons = matrix.Reasons,
                    UncertaintyGateAction = _matrix?.Uncertainty.Action.Name(),
                    CoverageError = _matrix?.Uncertainty.CoverageError,
                    ShiftScore = _matrix?.Uncertainty.ShiftScore,
                    ConformalIntervalWidth = _matrix?.Uncertainty.IntervalWidth,
                    RecalibrationRunId = _matrix?.Uncertainty.RecalibrationRunId is { } run ? Storable.Text(run) : null,
                },
                Prerequisites = new PrerequisitesEvaluated
                {
                    Actor = asked.By.Actor,
                    Role = asked.By.Role,
                    At = Facts.DecidedAt,
                    DecisionId = decisionId,
                    Allowed = recommendation.Basis.PrerequisiteAllowed,
                    Reasons = [.. ContractValue.SortedUnique([.. _prerequisites?.Reasons ?? [], .. prerequisites.Reasons])],
                    ReasonDetails = new JsonArray(
                        [.. (_prerequisites?.ReasonDetails ?? []).Select(Storable.Value), .. prerequisites.Details.Elements]),
                    RequiredArtifacts = [.. _prerequisites?.RequiredArtifacts ?? []],
                    MissingArtifacts = [.. _prerequisites?.MissingArtifacts ?? []],
                    ArtifactRefs = [.. _prerequisites?.ArtifactRefs ?? []],
                    RequiredThroughput = _prerequisites?.RequiredThroughput ?? JsonObject.Empty,
                    ObservedThroughput = _prerequisites?.ObservedThroughput.ToJson() ?? JsonObject.Empty,
                },
                Rollback = new RollbackReadinessEvaluated
                {
                    Actor = asked.By.Actor,
                    Role = asked.By.Role,
                    At = Facts.DecidedAt,
                    DecisionId = decisionId,
                    Ready = recommendation.Basis.RollbackReady,
                    Reasons = [.. ContractValue.SortedUnique([.. _rollback?.Reasons ?? [], .. rollback.Reasons])],
                    RequiredChecks = [.. _rollback?.RequiredChecks ?? []],
                    MissingChecks = [.. _rollback?.MissingChecks ?? []],
                    Drills = _policy.Policy is { } policy ? Readiness.Required(policy, Facts) : [],
                },
                Decided = new PromotionDecided
                {
                    Actor = asked.By.Actor,
                    Role = asked.By.Role,
                    At = Facts.DecidedAt,
                    DecisionId = decisionId,
                    RunId = _start.RunId,
                    EvaluationId = _start.EvaluationId,
                    Target = asked.Target,
                    Action = recommendation.Action,
                    ApprovedMode = recommendation.Eligible ? recommendation.Basis.RecommendedMode : null,
                    Reasons = [.. recommendation.Reasons],
                    Rationale = recommendation.Rationale,
                    TraceId = recommendation.TraceId,
                    Steps = _steps.ToImmutable(),
                    Facts = Facts,
                    FactsSha256 = factsHash,
                    PolicySha256 = policyFile?.Sha256,
                    GateInputsSha256 = inputsFile?.Sha256,
                    GateReportSha256 = reportFile?.Sha256,
                    ArtifactSetSha256 = _artifactSet,
                    Evaluators = versions,
                    ApprovalId = promotes && AsksForApproval && !_approval.Standing ? _approval.Counting?.ApprovalId : null,
                    Claimed = _claim?.Verdict,
                    ClaimAgrees = _claim?.AgreesWith(recommendation),
                    RollbackCandidateId =
                        string.Equals(Facts.Champion, asked.Candidate.CandidateId, StringComparison.Ordinal) ? null : Facts.Champion,
                },
            };
        }

        /// <summary>What a check said, and what stood in the way of asking it.</summary>
        private static CheckOutcome Outcome(bool? allowed, IEnumerable<string>? reasons, StepFindings step) =>
            new(allowed == true && step.Reasons.IsEmpty, [.. reasons ?? [], .. step.Reasons]);

        private static int Count(JsonObject block) => (int)block["count"].IntegerOrZero();
    }
}
