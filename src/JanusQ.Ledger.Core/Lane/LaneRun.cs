using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Evaluation;
using JanusQ.Ledger.Core.Lane.Profitability;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// A lane run: from signals and strategies to evidence about a candidate (lane.md). A pure function: bytes and arguments in, files and a
/// result out, or exactly one refusal and no file. It writes nothing, and reads no clock, environment, disk or network.
/// </summary>
public sealed class LaneRun
{
    private readonly LaneInputs _given;
    private readonly LaneArguments _arguments;
    private readonly LaneOptions _options;
    private readonly int _threads;

    private LaneRun(LaneInputs inputs, LaneArguments arguments, LaneOptions options)
    {
        _given = inputs;
        _arguments = arguments;
        _options = options;
        _threads = options.Threads ?? Environment.ProcessorCount;
    }

    /// <summary>Runs the lane.</summary>
    /// <param name="inputs">The documents.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">How to carry the run out; the outcome does not depend on it.</param>
    /// <exception cref="RefusedException">The first check of section 3 that fails.</exception>
    public static LaneOutcome Execute(LaneInputs inputs, LaneArguments arguments, LaneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(arguments);
        try
        {
            return new LaneRun(inputs, arguments, options ?? new LaneOptions()).Execute();
        }
        catch (DecimalRangeException outOfRange)
        {
            throw new RefusedException(
                new Refusal("arithmetic_out_of_range", $"A number of the run has no value in range. {outOfRange.Message}"));
        }
    }

    /// <summary>
    /// Makes the checks of section 3 and nothing else: whoever has to open a ledger first knows that the documents are sound.
    /// </summary>
    /// <exception cref="RefusedException">The first check that fails.</exception>
    public static LaneContents Check(LaneInputs inputs, LaneArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(arguments);
        var accepted = AcceptedInputs.Read(inputs, arguments, Environment.ProcessorCount);
        return new LaneContents(accepted.Signals.Count, accepted.Signals.SymbolCount, accepted.Strategies);
    }

    private LaneOutcome Execute()
    {
        Begin(LaneStep.Inputs);
        var inputs = AcceptedInputs.Read(_given, _arguments, _threads);
        var fingerprint = InputFingerprint.Of(_given, inputs.Target.Name());
        var identity = fingerprint.Identity;
        var signals = inputs.Signals;
        var now = inputs.EvaluatedAt;

        // Sections 6 and 7, for the candidate and for the baseline of section 11.
        Begin(LaneStep.Decisions, signals);
        var pass = SignalPass.Over(signals, inputs.Strategies, Baseline.Strategies, _threads);

        // Sections 8 to 11.
        Begin(LaneStep.Reports, signals);
        var fold = Fold.Of(Fold.OnlyName, signals.Count, pass.Candidate.Decisions);
        var walkForward = SealedFile.OfJson(
            LanePaths.WalkForwardResults,
            new WalkForwardResults(fold, signals[0].EventTime, signals[signals.Count - 1].EventTime, now, _threads));
        var report = EvaluationReport.Of(SetupOf(inputs, identity), [fold]);
        var reportFile = SealedFile.OfJson(LanePaths.EvaluationReport, report.ToJson());
        var baseline = EvaluationReport.Of(
            BaselineSetupOf(inputs, identity), [Fold.Of(Fold.OnlyName, signals.Count, pass.Baseline.Decisions)]);
        var baselineFile = SealedFile.OfJson(LanePaths.BaselineReport, baseline.ToJson());

        // Section 12.
        Begin(LaneStep.JanusArtifacts, signals);
        var (eventCar, eventCarFile) = Seal(
            LanePaths.EventCar, file => EventCarArtifact.Build(identity.RunId, signals, now, null, _threads, file));
        var decisions = pass.Candidate.Decisions.Select(decision => decision.ToRewarded()).ToArray();
        var (reward, rewardFile) = Seal(
            LanePaths.Reward, file => HgrmRewardArtifact.Build(identity.CandidateId, eventCar, decisions, now, _threads, file));
        var janus = EvidenceSummary.Of(eventCar, LanePaths.EventCar, reward, LanePaths.Reward);

        // Sections 13 to 16.
        Begin(LaneStep.Profitability, signals);
        var results = ReportedResults.Of(report);
        var benchmark = ProfitabilityBenchmark.Of(
            results,
            ReportedResults.Of(baseline),
            [BenchmarkSlice.Market, ProfitabilityBenchmark.KeyOfRegime(fold.Regime.Label)],
            now,
            identity.CandidateId,
            Baseline.Id);
        var evidence = ProfitabilityEvidence.Of(
            new EvidenceSubject
            {
                RunId = identity.RunId,
                CandidateId = identity.CandidateId,
                BaselineId = Baseline.Id,
                EvaluatedAt = now,
                ArtifactHashes =
                [
                    new("signals", fingerprint.Signals.ToString()),
                    new("strategy_config", fingerprint.StrategyConfig.ToString()),
                    new("gate_policy", fingerprint.GatePolicy.ToString()),
                    new("walkforward_results", walkForward.Hash.ToString()),
                    new("candidate_report", reportFile.Hash.ToString()),
                    new("baseline_report", baselineFile.Hash.ToString()),
                    new("janus_event_car", eventCarFile.Hash.ToString()),
                    new("janus_hgrm_reward", rewardFile.Hash.ToString()),
                ],
                ArtifactRefs =
                [
                    LanePaths.EvaluationReport, LanePaths.BaselineReport, LanePaths.WalkForwardResults,
                    _given.Signals.Ref, _given.StrategyConfig.Ref, _given.GatePolicy.Ref,
                ],
                JanusQ = janus.Json,
            },
            results,
            benchmark,
            ConfidenceCalibration.ValuesOf(pass.Candidate.Decisions));
        var validation = EvidenceValidation.Of(evidence, EvidenceThresholds.Of(inputs.Policy), now);
        var recalibration = Recalibration.Of(evidence.Calibration, identity.RunId);

        // Sections 17 and 18.
        Begin(LaneStep.Gates, signals);
        var gateInputs = GateInputsDocument.Build(inputs, pass, report, evidence, validation, recalibration, _arguments.ApprovalToken);
        var gates = GateEvaluators.Current.Evaluate(inputs.Policy, gateInputs, inputs.Target, now, _arguments.CodeVersion);
        var gateReport = new GateReportFile(gates, identity, signals.Count, report, eventCar, reward, janus);
        var patch = PaperPatch.Build(gates, inputs.ConfigMap, identity, inputs.Strategies, pass.Candidate.Decisions);

        // Sections 19 to 22.
        Begin(LaneStep.Checks, signals);
        var files = new List<SealedFile>
        {
            walkForward,
            reportFile,
            baselineFile,
            eventCarFile,
            rewardFile,
            SealedFile.OfJson(LanePaths.Benchmark, benchmark.ToJson()),
            SealedFile.OfJson(LanePaths.Evidence, evidence.ToJson()),
            SealedFile.OfJson(LanePaths.Validation, validation.ToJson()),
            SealedFile.OfJson(LanePaths.Recalibration, recalibration.ToReport(
                evidence.Calibration, identity.RunId, identity.CandidateId, now, LanePaths.Evidence, LanePaths.Validation)),
        };
        if (patch is not null) files.Add(SealedFile.OfBytes(LanePaths.PaperPatch, "application/yaml", patch));
        var checks = PromotionChecks.Of(inputs, identity, gates, gateReport.Draft, SeenByChecks(files, eventCar, reward, gateReport.Draft));
        var candidateHash = fingerprint.CandidateHash(
            CandidateSpec.ParameterSet(inputs.Strategies), gates.RecommendedMode.Name(), JsonArray.OfTexts(gateReport.SortedReasons));
        files.Add(SealedFile.OfJson(LanePaths.Prerequisites, checks.Prerequisites.ToJson()));
        files.Add(SealedFile.OfJson(LanePaths.RollbackReadiness, checks.Rollback.ToJson()));
        files.Add(SealedFile.OfJson(LanePaths.CandidateSpec, CandidateSpec.Build(
            identity, candidateHash, inputs.Target, pass, inputs.Strategies, checks.Recommendation)));
        files.Add(SealedFile.OfJson(LanePaths.EvidenceGate, checks.ToEvidenceGate(validation, janus)));
        files.Add(SealedFile.OfJson(LanePaths.GateReport, gateReport.Final(checks.Recommendation)));
        return new LaneOutcome
        {
            Identity = identity,
            Target = inputs.Target,
            Files = files,
            GateInputsFile = SealedFile.OfJson(LanePaths.GateInputs, gateInputs),
            GateInputs = gateInputs,
            CandidateState = checks.CandidateState,
            GateReport = gates,
            GateReportTraceId = gateReport.TraceId,
            Recommendation = checks.Recommendation,
            CandidateHash = candidateHash,
            PaperPatchPath = patch is not null && checks.Recommendation.Eligible ? LanePaths.PaperPatch : null,
            SignalCount = signals.Count,
            DecisionCount = pass.Candidate.Decisions.Count,
            RuntimeErrors = pass.Candidate.Errors,
            Events = eventCar.Summary,
            Rewards = reward.Summary,
            Evidence = janus,
        };
    }

    private static (T Artifact, SealedFile File) Seal<T>(string path, Func<ByteSink, T> build)
        where T : IArtifactFile
    {
        using var sealing = new SealedFile.Sealing(path);
        var artifact = build(sealing.Append);
        return (artifact, sealing.Close(artifact));
    }

    private EvaluationSetup SetupOf(AcceptedInputs inputs, LaneIdentity identity) => new()
    {
        Start = inputs.Signals[0].EventTime,
        End = inputs.Signals[inputs.Signals.Count - 1].EventTime,
        SignalSource = _given.Signals.Ref,
        Strategies = inputs.Strategies,
        RunId = identity.RunId,
        StrategyConfigPath = _given.StrategyConfig.Ref,
        PromotionTarget = inputs.Target.Name(),
        EvaluatedAt = inputs.EvaluatedAt,
        CodeVersion = _arguments.CodeVersion,
    };

    private EvaluationSetup BaselineSetupOf(AcceptedInputs inputs, LaneIdentity identity) => SetupOf(inputs, identity) with
    {
        Strategies = Baseline.Strategies,
        RunId = Baseline.RunIdOf(identity.RunId),
        StrategyConfigPath = Baseline.ConfigPath,
        PromotionTarget = PromotionTarget.Shadow.Name(),
    };

    /// <summary>The input documents and the files 1 to 12 of section 22.</summary>
    private LaneArtifacts SeenByChecks(
        IEnumerable<SealedFile> files, EventCarArtifact eventCar, HgrmRewardArtifact reward, JsonObject draft)
    {
        var artifacts = new LaneArtifacts(_given, eventCar, reward);
        foreach (var file in files) artifacts.Add(file);
        artifacts.Add(SealedFile.OfJson(LanePaths.GateReport, draft));
        artifacts.AddUnread(LanePaths.CandidateSpec);
        return artifacts;
    }

    private void Begin(LaneStep step, SortedSignals? signals = null) =>
        _options.Progress?.Invoke(new LaneProgress(step, (int)step + 1, (int)LaneStep.Checks + 1, signals?.Count));
}
