using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Tests.Compliance;

/// <summary>Events as the commands record them, of few words.</summary>
internal static class Happenings
{
    public static readonly Sha256Hash FirstPolicy = Sha256Hash.OfText("policy 1");
    public static readonly Sha256Hash SecondPolicy = Sha256Hash.OfText("policy 2");

    public static string EvaluationOf(string candidate, int number = 1) => $"evaluation-{candidate[5..]}{number}";

    public static string RunOf(string candidate) => $"run-{candidate[5..]}";

    public static Sha256Hash SetOf(string candidate) => Sha256Hash.OfText($"set of {candidate}");

    public static LaneRunStarted Started(string candidate, string at, string worker, PromotionTarget target, int number = 1) => new()
    {
        Actor = worker,
        Role = "worker",
        At = Instant.Parse(at),
        RunId = RunOf(candidate),
        EvaluationId = EvaluationOf(candidate, number),
        Target = target,
        SignalsSha256 = Sha256Hash.OfText($"signals of {candidate}"),
        StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
        GatePolicySha256 = Sha256Hash.OfText("policy file"),
        Documents = OptionalDocuments.None,
        CodeVersion = "1.4.0",
        EvaluatedAt = Instant.Parse(at),
        Worker = worker,
    };

    public static ArtifactEmitted Emitted(string candidate, string at, string worker, string path, string text, int number = 1) => new()
    {
        Actor = worker,
        Role = "worker",
        At = Instant.Parse(at),
        EvaluationId = EvaluationOf(candidate, number),
        Path = path,
        Sha256 = Sha256Hash.OfText(text),
        Size = text.Length,
        MediaType = "application/json",
    };

    public static LaneRunCompleted Completed(string candidate, string at, string worker, int artifacts, int number = 1) => new()
    {
        Actor = worker,
        Role = "worker",
        At = Instant.Parse(at),
        EvaluationId = EvaluationOf(candidate, number),
        ArtifactCount = artifacts,
        ArtifactSetSha256 = SetOf(candidate),
    };

    /// <summary>Start, artifacts and completion, a minute and a half from first to last.</summary>
    public static LedgerEvent[] AFinishedRun(
        string candidate, string day, string worker, PromotionTarget target = PromotionTarget.Paper, int artifacts = 2) =>
    [
        Started(candidate, $"{day}T09:00:00Z", worker, target),
        .. Enumerable.Range(1, artifacts).Select(
            i => Emitted(candidate, $"{day}T09:01:00Z", worker, $"gates/file-{i}.json", $"file {i} of {candidate}")),
        Completed(candidate, $"{day}T09:01:30Z", worker, artifacts),
    ];

    /// <summary>The four events of a decision.</summary>
    public static LedgerEvent[] Decided(string candidate, string decision, string at, string actor, PromotionAction action, Verdict verdict)
    {
        var instant = Instant.Parse(at);
        var allowed = action == PromotionAction.Promote;
        return
        [
            new GateMatrixEvaluated
            {
                Actor = actor,
                Role = "operator",
                At = instant,
                DecisionId = decision,
                EvaluationId = EvaluationOf(candidate),
                Target = verdict.Target,
                PolicySha256 = verdict.Policy,
                GateInputsSha256 = Sha256Hash.OfText($"inputs of {decision}"),
                EvaluatorVersion = "v1",
                Gates =
                [
                    .. GateIds.InOrder.Select(gate => verdict.Failed.TryGetValue(gate, out var reasons)
                        ? new RecordedGate(gate, "fail", [.. reasons], ["gates/file-1.json"])
                        : new RecordedGate(gate, "pass", [], [])),
                ],
                PromotionAllowed = verdict.Failed.Count == 0,
                RecommendedMode = allowed ? verdict.Target : PromotionTarget.Shadow,
                Reasons = [],
                UncertaintyGateAction = "pass",
                CoverageError = "0.0125",
            },
            new PrerequisitesEvaluated
            {
                Actor = actor,
                Role = "operator",
                At = instant,
                DecisionId = decision,
                Allowed = allowed,
                Reasons = [],
                ReasonDetails = JsonArray.Empty,
                RequiredArtifacts = ["gates/file-1.json"],
                MissingArtifacts = [.. verdict.Missing],
                ArtifactRefs = [],
                RequiredThroughput = JsonObject.Empty,
                ObservedThroughput = JsonObject.Of(("signals", 100)),
            },
            new RollbackReadinessEvaluated
            {
                Actor = actor,
                Role = "operator",
                At = instant,
                DecisionId = decision,
                Ready = verdict.Stale.Length == 0,
                Reasons = [.. verdict.Stale],
                RequiredChecks = [.. verdict.Drills.Select(drill => drill.Check)],
                MissingChecks = [],
                Drills = [.. verdict.Drills],
            },
            new PromotionDecided
            {
                Actor = actor,
                Role = "operator",
                At = instant,
                DecisionId = decision,
                RunId = RunOf(candidate),
                EvaluationId = EvaluationOf(candidate),
                Target = verdict.Target,
                Action = action,
                ApprovedMode = allowed ? verdict.Target : null,
                Reasons = [.. verdict.Failed.Values.SelectMany(reasons => reasons)
                    .Concat(verdict.Stale).Concat(verdict.MoreReasons).Distinct().Order(StringComparer.Ordinal)],
                Rationale = "because",
                TraceId = $"trace-{decision}",
                Steps =
                [
                    new DecisionStep("policy", true, [], JsonArray.Empty),
                    new DecisionStep("kill_switch", verdict.KillSwitch is null, verdict.KillSwitch is null
                        ? []
                        : ["kill_switch_engaged"], JsonArray.Empty),
                ],
                Facts = new PromotionFacts
                {
                    DecidedAt = instant,
                    Policies = [new PolicyStanding("paper", 1, verdict.PolicyActive)],
                    Drills = [.. verdict.Drills],
                    KillSwitch = verdict.KillSwitch,
                    Submitters = [verdict.Submitter],
                    Champion = verdict.Champion,
                },
                FactsSha256 = Sha256Hash.OfText($"facts of {decision}"),
                PolicySha256 = verdict.Policy,
                GateInputsSha256 = Sha256Hash.OfText($"inputs of {decision}"),
                GateReportSha256 = Sha256Hash.OfText($"report of {decision}"),
                ArtifactSetSha256 = SetOf(candidate),
                Evaluators = new EvaluatorVersions("v1", "v1", "v1"),
                ApprovalId = verdict.Approval,
                Claimed = verdict.Claimed,
                ClaimAgrees = verdict.Claimed is { } claimed
                    ? string.Equals(claimed.Action, action.Name(), StringComparison.Ordinal)
                    : null,
                RollbackCandidateId = verdict.Champion,
            },
        ];
    }

    public static ApprovalGranted Granted(
        string candidate, string approval, string at, string expires, string approver,
        PromotionTarget target = PromotionTarget.Paper) => new()
        {
            Actor = approver,
            Role = "approver",
            At = Instant.Parse(at),
            ApprovalId = approval,
            RunId = RunOf(candidate),
            EvaluationId = EvaluationOf(candidate),
            Target = target,
            PolicySha256 = FirstPolicy,
            ArtifactSetSha256 = SetOf(candidate),
            ExpiresAt = Instant.Parse(expires),
            Reason = "reviewed",
        };

    public static CandidatePromoted Promoted(
        string decision, string at, string? predecessor, PromotionTarget target = PromotionTarget.Paper) => new()
        {
            Actor = "omar",
            Role = "operator",
            At = Instant.Parse(at),
            Target = target,
            DecisionId = decision,
            Predecessor = predecessor,
            Why = "promotion_decided",
        };

    public static CandidateDemoted Demoted(
        string candidate, string at, string? decision, string? successor, string why, bool rolledBack,
        PromotionTarget target = PromotionTarget.Paper) => new()
        {
            Actor = "omar",
            Role = "operator",
            At = Instant.Parse(at),
            Target = target,
            DecisionId = decision,
            Successor = successor,
            Why = why,
            RolledBack = rolledBack,
            ArtifactSetSha256 = SetOf(candidate),
        };

    public static ChampionInstalled Installed(
        string candidate, string at, string decision, string? predecessor, string why = "promotion_decided",
        PromotionTarget target = PromotionTarget.Paper) => new()
        {
            Actor = "omar",
            Role = "operator",
            At = Instant.Parse(at),
            Target = target,
            CandidateId = candidate,
            DecisionId = decision,
            EvaluationId = EvaluationOf(candidate),
            ArtifactSetSha256 = SetOf(candidate),
            Predecessor = predecessor,
            Why = why,
        };

    public static ChampionRemoved Removed(
        string candidate, string at, string? decision, string why, PromotionTarget target = PromotionTarget.Paper) => new()
        {
            Actor = "omar",
            Role = "operator",
            At = Instant.Parse(at),
            Target = target,
            CandidateId = candidate,
            DecisionId = decision,
            Why = why,
        };

    /// <summary>What a decision says, beside its action.</summary>
    internal sealed record Verdict
    {
        public PromotionTarget Target { get; init; } = PromotionTarget.Paper;

        public Sha256Hash Policy { get; init; } = FirstPolicy;

        public bool PolicyActive { get; init; } = true;

        public Dictionary<string, string[]> Failed { get; init; } = [];

        public string[] MoreReasons { get; init; } = [];

        public string[] Missing { get; init; } = [];

        public string[] Stale { get; init; } = [];

        public Drill[] Drills { get; init; } = [];

        public EngagedKillSwitch? KillSwitch { get; init; }

        public string Submitter { get; init; } = "worker-1";

        public string? Champion { get; init; }

        public string? Approval { get; init; }

        public ClaimedVerdict? Claimed { get; init; }
    }
}
