namespace JanusQ.Ledger.Core.Lane;

/// <summary>Where a run's files stand below the artifact root (lane.md section 22).</summary>
public static class LanePaths
{
    /// <summary>Every decision with its features.</summary>
    public const string WalkForwardResults = "backtest/walkforward-results.json";

    /// <summary>The candidate's report.</summary>
    public const string EvaluationReport = "backtest/evaluation-report.json";

    /// <summary>The baseline's report.</summary>
    public const string BaselineReport = "backtest/baseline-evaluation-report.json";

    /// <summary>The event/CAR artifact.</summary>
    public const string EventCar = "gates/janus-event-car-v1.json";

    /// <summary>The reward artifact.</summary>
    public const string Reward = "gates/janus-hgrm-reward-v1.json";

    /// <summary>Candidate against baseline.</summary>
    public const string Benchmark = "gates/profitability-benchmark-v4.json";

    /// <summary>The profitability evidence.</summary>
    public const string Evidence = "gates/profitability-evidence-v4.json";

    /// <summary>Its validation.</summary>
    public const string Validation = "gates/profitability-evidence-validation.json";

    /// <summary>Whether a recalibration is asked for.</summary>
    public const string Recalibration = "gates/recalibration-report.json";

    /// <summary>The gate report; where it is, the run is complete.</summary>
    public const string GateReport = "gates/gate-evaluation.json";

    /// <summary>The candidate.</summary>
    public const string CandidateSpec = "research/candidate-spec.json";

    /// <summary>The paper patch.</summary>
    public const string PaperPatch = "paper-candidate/strategy-configmap-patch.yaml";

    /// <summary>The prerequisites.</summary>
    public const string Prerequisites = "gates/promotion-prerequisites.json";

    /// <summary>The rollback readiness.</summary>
    public const string RollbackReadiness = "gates/rollback-readiness.json";

    /// <summary>All checks and the recommendation.</summary>
    public const string EvidenceGate = "gates/promotion-evidence-gate.json";

    /// <summary>What the gate matrix saw; emitted for the ledger beside the files of the contract.</summary>
    public const string GateInputs = "gates/gate-inputs-v1.json";
}
