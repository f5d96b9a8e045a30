using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>Whether everything of an evaluation is stored, is what was recorded, and says what follows from its own entries.</summary>
internal sealed class EvidenceVerification(
    PromotionCase asked, EvaluationArtifacts artifacts, VerifiedContent content, StepFindings findings)
{
    private const int MostFindingsShown = 8;

    private readonly Evaluation _evaluation = asked.Evaluation;
    private readonly LaneRunStarted _start = asked.Evaluation.Start;

    /// <summary>Makes all checks.</summary>
    /// <param name="policy">The policy, which can name other paths for the Janus artifacts; none where it is not valid.</param>
    public void Check(GatePolicy? policy)
    {
        if (_evaluation.Status != EvaluationStatus.Completed)
            findings.Add(LedgerReasons.NotCompleted, ("evaluation_id", _start.EvaluationId));
        if (asked.Target != _start.Target)
        {
            findings.Add(
                LedgerReasons.TargetNotEvaluated,
                ("requested_target", asked.Target.Name()),
                ("evaluated_target", _start.Target.Name()));
        }

        foreach (var artifact in artifacts.Recorded) CheckStored(artifact);
        CheckSet();
        CheckInputs();
        CheckRunId();
        CheckStatedHashes();
        CheckJanus(LanePaths.EventCar, LanePaths.Reward);
        if (policy is null) return;
        var (eventCar, reward) = (policy[PolicyKeys.PromotionJanusEventCarArtifact], policy[PolicyKeys.PromotionJanusHgrmRewardArtifact]);
        if (eventCar != LanePaths.EventCar || reward != LanePaths.Reward) CheckJanus(eventCar, reward);
    }

    private void CheckStored(Artifact artifact)
    {
        var state = content.Read(artifact.Sha256, out var bytes);
        if (state == ContentState.Missing)
            findings.Add(LedgerReasons.ArtifactMissing, ("path", artifact.Path), ("sha256", artifact.Sha256));
        else if (state == ContentState.Corrupt || bytes!.Length != artifact.Size)
            findings.Add(LedgerReasons.ArtifactCorrupt, ("path", artifact.Path), ("sha256", artifact.Sha256));
    }

    private void CheckSet()
    {
        var recomputed = artifacts.Recorded.Hash();
        if (_evaluation.ArtifactSetSha256 is { } recorded && recorded != recomputed)
            findings.Add(LedgerReasons.ArtifactSetMismatch, ("recorded", recorded), ("recomputed", recomputed));
    }

    private void CheckInputs()
    {
        var documents = _start.Documents;
        CheckInput("signals", _start.SignalsSha256);
        CheckInput("strategy_config", _start.StrategyConfigSha256);
        CheckInput("strategy_configmap", documents.StrategyConfigmap);
        CheckInput("forecast_metrics", documents.ForecastMetrics);
        CheckInput("rollback_readiness", documents.RollbackReadiness);
        CheckInput("tca_metrics", documents.TcaMetrics);
        CheckInput("llm_metrics", documents.LlmMetrics);
        CheckInput("drift_evidence", documents.DriftEvidence);
        CheckBrought("gate_policy", _start.GatePolicySha256);
    }

    private void CheckInput(string name, Sha256Hash? sha256)
    {
        CheckBrought(name, sha256);
        if (sha256 is not { } hash) return;
        var state = content.Read(hash, out _);
        if (state == ContentState.Missing) findings.Add(LedgerReasons.InputMissing, ("document", name), ("sha256", hash));
        else if (state == ContentState.Corrupt) findings.Add(LedgerReasons.InputCorrupt, ("document", name), ("sha256", hash));
    }

    /// <summary>What is recorded under <c>inputs/NAME/</c> is the document that the start of the run names.</summary>
    private void CheckBrought(string name, Sha256Hash? sha256)
    {
        foreach (var artifact in artifacts.Recorded)
        {
            if (artifact.Sha256 == sha256 || !artifact.Path.StartsWith($"inputs/{name}/", StringComparison.Ordinal)) continue;
            findings.Add(
                LedgerReasons.InputMismatch, ("path", artifact.Path), ("recorded", artifact.Sha256),
                ("named", sha256 is { } hash ? (JsonValue)hash : JsonValue.Null));
        }
    }

    /// <summary>A run id names signals, strategies, policy and target (lane.md section 4); without them it cannot be recomputed.</summary>
    private void CheckRunId()
    {
        if (content.Find(_start.SignalsSha256) is not { } signals
            || content.Find(_start.StrategyConfigSha256) is not { } strategies
            || content.Find(_start.GatePolicySha256) is not { } policy)
            return;
        var recomputed = LaneIdentity.Of(signals, strategies, policy, _start.Target.Name()).RunId;
        if (recomputed != _start.RunId) findings.Add(LedgerReasons.RunIdMismatch, ("recorded", _start.RunId), ("recomputed", recomputed));
    }

    /// <summary>The profitability evidence names the documents that it was made from by their hashes (lane.md section 14).</summary>
    private void CheckStatedHashes()
    {
        var stated = artifacts.Parsed(LanePaths.Evidence)?["reproducibility"].ObjectOrEmpty()["artifact_hashes"].ObjectOrEmpty()
            ?? JsonObject.Empty;
        foreach (var (name, value) in stated.Members)
        {
            var recorded = RecordedHash(name);
            if (recorded is { } hash && value is JsonText { Value: var text } && text == hash.ToString()) continue;
            findings.Add(
                LedgerReasons.StatedHashMismatch, ("document", StepFindings.Describe(name)), ("stated", StepFindings.Describe(value)),
                ("recorded", recorded is null ? JsonValue.Null : recorded.Value));
        }
    }

    private Sha256Hash? RecordedHash(string name) => name switch
    {
        "signals" => _start.SignalsSha256,
        "strategy_config" => _start.StrategyConfigSha256,
        "gate_policy" => _start.GatePolicySha256,
        "walkforward_results" => artifacts.Recorded.Find(LanePaths.WalkForwardResults)?.Sha256,
        "candidate_report" => artifacts.Recorded.Find(LanePaths.EvaluationReport)?.Sha256,
        "baseline_report" => artifacts.Recorded.Find(LanePaths.BaselineReport)?.Sha256,
        "janus_event_car" => artifacts.Recorded.Find(LanePaths.EventCar)?.Sha256,
        "janus_hgrm_reward" => artifacts.Recorded.Find(LanePaths.Reward)?.Sha256,
        _ => null,
    };

    private void CheckJanus(string eventCarPath, string rewardPath)
    {
        var eventCar = artifacts.Parsed(eventCarPath);
        if (artifacts.Contains(eventCarPath))
            Report(eventCarPath, ArtifactVerification.VerifyEventCar(eventCar ?? JsonValue.Null), eventCar);
        if (!artifacts.Contains(rewardPath)) return;
        var reward = artifacts.Parsed(rewardPath);
        Report(rewardPath, ArtifactVerification.VerifyReward(reward ?? JsonValue.Null, eventCar), reward);
    }

    private void Report(string path, IReadOnlyList<ArtifactFinding> found, JsonObject? artifact)
    {
        foreach (var finding in found.Take(MostFindingsShown))
        {
            findings.Add(
                LedgerReasons.JanusUnverified, ("path", path), ("place", finding.Place), ("expected", Cut(finding.Expected)),
                ("found", Cut(finding.Found)));
        }

        if (artifacts.Recorded.Find(path)?.ManifestHash is not { } declared) return;
        if (ArtifactVerification.VerifyDeclaredManifest(artifact, declared.ToString()) is not { } other) return;
        findings.Add(
            LedgerReasons.JanusUnverified, ("path", path), ("place", other.Place), ("expected", declared),
            ("found", StepFindings.Describe(artifact?[other.Place])));
    }

    private static string Cut(string text) => StepFindings.Describe(text);
}
