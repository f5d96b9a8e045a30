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
    }

    private void CheckInput(string name, Sha256Hash? sha256)
    {
        if (sha256 is not { } hash) return;
        var state = content.Read(hash, out _);
        if (state == ContentState.Missing) findings.Add(LedgerReasons.InputMissing, ("document", name), ("sha256", hash));
        else if (state == ContentState.Corrupt) findings.Add(LedgerReasons.InputCorrupt, ("document", name), ("sha256", hash));
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
        var carried = artifact?["manifest_hash"];
        if (carried is not JsonText { Value: var hash } || hash != declared.ToString())
        {
            findings.Add(
                LedgerReasons.JanusUnverified, ("path", path), ("place", "manifest_hash"), ("expected", declared),
                ("found", StepFindings.Describe(carried)));
        }
    }

    private static string Cut(string text) => StepFindings.Describe(text);
}
