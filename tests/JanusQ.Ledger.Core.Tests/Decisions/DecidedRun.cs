using System.Collections.Immutable;
using System.Text;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Core.Tests.Lane;

namespace JanusQ.Ledger.Core.Tests.Decisions;

/// <summary>
/// A recorded evaluation by the real lane, under the shipped policy, with everything that a promotion to paper needs; and what it looks
/// like with one thing changed. Immutable.
/// </summary>
internal sealed record DecidedRun
{
    public const string ApprovalId = "aaaaaaaaaaaaaaaaaaaaaaaa";

    public static readonly Instant EvaluatedAt = Instant.Parse("2026-02-26T00:00:00Z");
    public static readonly Submitter Worker = new("worker-7", "worker");
    public static readonly Submitter Operator = new("olga", "operator");

    private static readonly byte[] ConfigMap = Encoding.UTF8.GetBytes("metadata:\n  name: strategies\n  namespace: janusq\n");
    private static readonly byte[] Forecast =
        """{"fallback_rate":"0.01","inference_latency_ms_p95":"80","calibration_score_min":"0.95"}"""u8.ToArray();
    private static readonly byte[] Rehearsed =
        """
        {"rollbackReadiness":{"killSwitchDryRunPassed":true,"gitopsRevertDryRunPassed":true,"strategyDisableDryRunPassed":true,
         "dryRunCompletedAt":"2026-02-25T12:00:00Z","humanApproved":true,"rollbackTarget":"release-1"},
         "operational_ready":true,"runbook_validated":true,"kill_switch_dry_run_passed":true,"rollback_dry_run_passed":true}
        """u8.ToArray();
    private static readonly byte[] NoDrift =
        """{"eligible_for_live_promotion":true,"reasons":[],"evidence_artifact_refs":["drift/a.json"]}"""u8.ToArray();

    private static JsonObject ShippedPolicy => RepositoryFiles.Json("config", "gate-policy.json");

    /// <summary>A run for paper: promoted with all facts as they are here.</summary>
    public static readonly DecidedRun Paper = Of("paper", ShippedPolicy);

    /// <summary>The same for live under a policy that enables live.</summary>
    public static readonly DecidedRun Live = Of(
        "live", ShippedPolicy.With("gate5_live_enabled", true).With("promotion_require_patch_targets", JsonArray.OfTexts(["paper"])));

    public required LaneOutcome Outcome { get; init; }

    public required LaneRunStarted Start { get; init; }

    /// <summary>The candidate's events up to the completion of the run, the approvals among them.</summary>
    public required ImmutableArray<CandidateEvent> Recorded { get; init; }

    /// <summary>More events after the completion.</summary>
    public ImmutableArray<CandidateEvent> Happened { get; init; } = [];

    public required ImmutableDictionary<Sha256Hash, byte[]> Store { get; init; }

    public required PromotionTarget Target { get; init; }

    public required PromotionFacts Facts { get; init; }

    public ImmutableArray<CandidateEvent> Events => Recorded.AddRange(Happened);

    public Candidate Candidate => Fold(Events);

    public Evaluation Evaluation => Candidate.Find(Start.EvaluationId)!;

    public ArtifactSet Artifacts => Evaluation.Artifacts;

    public Sha256Hash PolicyHash => CanonicalJson.Hash(JsonValue.Read(Store[Start.GatePolicySha256]));

    public Approval Approval => Facts.Approvals.Single();

    public PromotionCase Case => new()
    {
        Candidate = Candidate,
        Evaluation = Evaluation,
        Target = Target,
        Facts = Facts,
        By = Operator,
        Content = hash => Store.GetValueOrDefault(hash),
    };

    public DerivedDecision Decide() => PromotionDerivations.Derive(Case);

    public ImmutableArray<string> Reasons() => Decide().Decided.Reasons;

    public DecidedRun With(Func<PromotionFacts, PromotionFacts> change) => this with { Facts = change(Facts) };

    public DecidedRun WithApproval(Func<Approval, Approval> change) => With(facts => facts with { Approvals = [change(Approval)] });

    public DecidedRun Without(Sha256Hash content) => this with { Store = Store.Remove(content) };

    public DecidedRun WithBytes(Sha256Hash content, byte[] bytes) => this with { Store = Store.SetItem(content, bytes) };

    /// <summary>The same evaluation, had it brought another document at a path, or none there; and had that been approved.</summary>
    public DecidedRun Bringing(string path, byte[]? bytes)
    {
        var others = Artifacts.Where(artifact => artifact.Path != path);
        var store = Store;
        if (bytes is not null)
        {
            var hash = Sha256Hash.Of(bytes);
            others = others.Append(new Artifact(path, hash, bytes.Length, "application/json"));
            store = store.SetItem(hash, bytes);
        }

        return Submit(Start, ArtifactSet.Of(others)) with { Store = store };
    }

    public DecidedRun Bringing(string path, Func<JsonObject, JsonObject> change) => Bringing(path, FileJson.Bytes(change(Read(path))));

    /// <summary>The same, had the run a policy of these bytes under another run id; published, active and approved.</summary>
    public static DecidedRun Under(JsonObject policy, string target = "paper") => Of(target, policy);

    /// <summary>A run of these documents; its policy is published and active, and somebody approved it.</summary>
    public static DecidedRun Of(LaneInputs inputs, LaneArguments arguments)
    {
        var outcome = LaneRun.Execute(inputs, arguments);
        var store = ImmutableDictionary<Sha256Hash, byte[]>.Empty;
        var artifacts = new List<Artifact>();
        foreach (var file in outcome.Files.Append(outcome.GateInputsFile))
        {
            store = store.SetItem(file.Hash, file.ToBytes());
            artifacts.Add(new Artifact(file.Path, file.Hash, file.Size, file.MediaType, file.SchemaVersion, file.ManifestHash));
        }

        var named = Named(inputs).Where(one => one.Document is not null)
            .ToDictionary(one => one.Name, one => (one.Document!.Ref, one.Document.Bytes, Hash: Sha256Hash.Of(one.Document.Bytes)));
        foreach (var (name, document) in named)
        {
            store = store.SetItem(document.Hash, document.Bytes);
            artifacts.Add(new Artifact($"inputs/{name}/{document.Ref}", document.Hash, document.Bytes.Length, "application/json"));
        }

        Sha256Hash? HashOf(string name) => named.TryGetValue(name, out var document) ? document.Hash : null;
        var documents = new OptionalDocuments
        {
            StrategyConfigmap = HashOf("strategy_configmap"),
            ForecastMetrics = HashOf("forecast_metrics"),
            RollbackReadiness = HashOf("rollback_readiness"),
            TcaMetrics = HashOf("tca_metrics"),
            LlmMetrics = HashOf("llm_metrics"),
            DriftEvidence = HashOf("drift_evidence"),
        };
        var evaluatedAt = Instant.Parse(((JsonText)arguments.EvaluatedAt).Value);
        var start = new LaneRunStarted
        {
            Actor = Worker.Actor,
            Role = Worker.Role,
            At = EvaluatedAt,
            RunId = outcome.Identity.RunId,
            EvaluationId = CandidateIdentity.EvaluationOf(outcome.Identity.RunId, evaluatedAt, arguments.CodeVersion, documents),
            Target = outcome.Target,
            SignalsSha256 = Sha256Hash.Of(inputs.Signals.Bytes),
            StrategyConfigSha256 = Sha256Hash.Of(inputs.StrategyConfig.Bytes),
            GatePolicySha256 = Sha256Hash.Of(inputs.GatePolicy.Bytes),
            Documents = documents,
            CodeVersion = arguments.CodeVersion,
            EvaluatedAt = evaluatedAt,
            Worker = Worker.Actor,
        };
        var set = ArtifactSet.Of(artifacts);
        var facts = FactsOf(start, outcome.Target, CanonicalJson.Hash(JsonValue.Read(inputs.GatePolicy.Bytes)), set.Hash());
        return new DecidedRun
        {
            Outcome = outcome,
            Start = start,
            Recorded = Record(start, set, facts),
            Store = store,
            Target = outcome.Target,
            Facts = facts,
        };
    }

    public JsonObject Read(string path) => (JsonObject)JsonValue.Read(Store[Artifacts.Find(path)!.Sha256]);

    public DecidedRun WithStart(Func<LaneRunStarted, LaneRunStarted> change) => Submit(change(Start), Artifacts);

    public DecidedRun WithEvents(params ImmutableArray<CandidateEvent> happened) => this with { Happened = Happened.AddRange(happened) };

    public DecidedRun WithDrill(string check, Func<Drill, Drill> change) =>
        With(facts => facts with { Drills = [.. facts.Drills.Select(drill => drill.Check == check ? change(drill) : drill)] });

    public DecidedRun Failing(string check) => WithDrill(check, drill => drill with { Passed = false });

    public DecidedRun WithoutDrill(string check) =>
        With(facts => facts with { Drills = [.. facts.Drills.Where(drill => drill.Check != check)] });

    public DecidedRun WithDrift(string evidence)
    {
        var bytes = Encoding.UTF8.GetBytes(evidence);
        var hash = Sha256Hash.Of(bytes);
        return WithStart(start => start with { Documents = start.Documents with { DriftEvidence = hash } }).WithBytes(hash, bytes);
    }

    /// <summary>The candidate after the decision.</summary>
    public DecidedRun Decided() => Keeping(Decide());

    /// <summary>The store with what a decision made, as a ledger has it after the decision.</summary>
    public DecidedRun Keeping(DerivedDecision decision) => this with
    {
        Store = decision.Documents.Aggregate(Store, (store, document) => store.SetItem(document.Sha256, document.Bytes)),
        Happened = Happened.AddRange(decision.Events),
    };

    private DecidedRun Submit(LaneRunStarted start, ArtifactSet artifacts)
    {
        var set = artifacts.Hash();
        var facts = Facts with { Approvals = [.. Facts.Approvals.Select(approval => approval with { ArtifactSetSha256 = set })] };
        return this with { Start = start, Recorded = Record(start, artifacts, facts), Facts = facts };
    }

    private static DecidedRun Of(string target, JsonObject policy)
    {
        var (given, _) = LaneCase.Read(LaneCase.StaleRollback);
        return Of(
            given with
            {
                GatePolicy = new LaneDocument("gate-policy.json", FileJson.Bytes(policy)),
                StrategyConfigMap = new LaneDocument("strategy-configmap.yaml", ConfigMap),
                ForecastMetrics = new LaneDocument("forecast-metrics.json", Forecast),
                RollbackReadiness = new LaneDocument("rollback-readiness.json", Rehearsed),
                DriftEvidence = new LaneDocument("drift-evidence.json", NoDrift),
            },
            new LaneArguments
            {
                PromotionTarget = target,
                EvaluatedAt = EvaluatedAt.ToString(),
                CodeVersion = "code-1",
                ApprovalToken = ApprovalId,
            });
    }

    private static IEnumerable<(string Name, LaneDocument? Document)> Named(LaneInputs inputs) =>
    [
        ("signals", inputs.Signals), ("strategy_config", inputs.StrategyConfig), ("gate_policy", inputs.GatePolicy),
        ("strategy_configmap", inputs.StrategyConfigMap), ("forecast_metrics", inputs.ForecastMetrics),
        ("rollback_readiness", inputs.RollbackReadiness), ("tca_metrics", inputs.TcaMetrics), ("llm_metrics", inputs.LlmMetrics),
        ("drift_evidence", inputs.DriftEvidence),
    ];

    private static PromotionFacts FactsOf(LaneRunStarted start, PromotionTarget target, Sha256Hash policy, Sha256Hash artifactSet)
    {
        var performed = Instant.Parse("2026-02-25T12:00:00Z");
        Drill Passed(string check, string? rollbackTarget = null) => new(check, true, performed, "olga", rollbackTarget);
        return new PromotionFacts
        {
            DecidedAt = EvaluatedAt,
            Policies = [new PolicyStanding("default", 1, true)],
            Drills =
            [
                Passed("gitopsRevertDryRunPassed", "release-1"), Passed("killSwitchDryRunPassed"), Passed("operational_ready"),
                Passed("runbook_validated"), Passed("strategyDisableDryRunPassed"),
            ],
            Approvals =
            [
                new Approval
                {
                    ApprovalId = ApprovalId,
                    Approver = "ada",
                    RunId = start.RunId,
                    EvaluationId = start.EvaluationId,
                    Target = target,
                    PolicySha256 = policy,
                    ArtifactSetSha256 = artifactSet,
                    GrantedAt = EvaluatedAt,
                    ExpiresAt = Instant.Parse("2026-02-27T00:00:00Z"),
                    Reason = "reviewed",
                },
            ],
            Submitters = [Worker.Actor],
        };
    }

    private static ImmutableArray<CandidateEvent> Record(LaneRunStarted start, ArtifactSet artifacts, PromotionFacts facts) =>
    [
        start,
        .. artifacts.Select(artifact => new ArtifactEmitted
        {
            Actor = Worker.Actor,
            Role = Worker.Role,
            At = EvaluatedAt,
            EvaluationId = start.EvaluationId,
            Path = artifact.Path,
            Sha256 = artifact.Sha256,
            Size = artifact.Size,
            MediaType = artifact.MediaType,
            SchemaVersion = artifact.SchemaVersion,
            ManifestHash = artifact.ManifestHash,
        }),
        .. facts.Approvals.Select(approval => new ApprovalGranted
        {
            Actor = approval.Approver,
            Role = "approver",
            At = approval.GrantedAt,
            ApprovalId = approval.ApprovalId,
            RunId = approval.RunId,
            EvaluationId = approval.EvaluationId,
            Target = approval.Target,
            PolicySha256 = approval.PolicySha256,
            ArtifactSetSha256 = approval.ArtifactSetSha256,
            ExpiresAt = approval.ExpiresAt,
            Reason = approval.Reason,
        }),
        new LaneRunCompleted
        {
            Actor = Worker.Actor,
            Role = Worker.Role,
            At = EvaluatedAt,
            EvaluationId = start.EvaluationId,
            ArtifactCount = artifacts.Count,
            ArtifactSetSha256 = artifacts.Hash(),
        },
    ];

    private static Candidate Fold(ImmutableArray<CandidateEvent> events)
    {
        var state = Candidate.From(CandidateIdentity.CandidateOf(((LaneRunStarted)events[0]).RunId), events[0]);
        return events.Skip(1).Aggregate(state, (candidate, happened) => candidate.After(happened));
    }
}
