namespace JanusQ.Ledger.Core.Gates;

/// <summary>The ids of the gates, in the order in which a report lists them (gates-and-policy.md section 4).</summary>
public static class GateIds
{
    /// <summary>Features are of the right schema, complete, fresh and broad.</summary>
    public const string DataIntegrity = "gate0_data_integrity";

    /// <summary>Enough decisions and trades, a profit, and folds that agree.</summary>
    public const string StatisticalRobustness = "gate1_statistical_robustness";

    /// <summary>Drawdown, turnover, cost, fragility and order quality are bearable.</summary>
    public const string RiskCapacity = "gate2_risk_capacity";

    /// <summary>Language model and forecasts work.</summary>
    public const string ShadowPaperQuality = "gate3_shadow_paper_quality";

    /// <summary>Operators are ready and have rehearsed.</summary>
    public const string OperationalReadiness = "gate4_operational_readiness";

    /// <summary>The profit is evidenced, and the Janus evidence complete.</summary>
    public const string ProfitabilityEvidence = "gate6_profitability_evidence";

    /// <summary>The uncertainty of the confidence is calibrated.</summary>
    public const string UncertaintyCalibration = "gate7_uncertainty_calibration";

    /// <summary>Live is enabled and approved.</summary>
    public const string LiveRampReadiness = "gate5_live_ramp_readiness";

    /// <summary>All eight in the order of a report.</summary>
    public static IReadOnlyList<string> InOrder { get; } =
    [
        DataIntegrity, StatisticalRobustness, RiskCapacity, ShadowPaperQuality, OperationalReadiness, ProfitabilityEvidence,
        UncertaintyCalibration, LiveRampReadiness,
    ];
}
