using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>
/// The optional documents of an evaluation by the SHA-256 of their bytes; none for one that was not given (lane.md section 2).
/// </summary>
public sealed record OptionalDocuments
{
    /// <summary>No document given.</summary>
    public static readonly OptionalDocuments None = new();

    /// <summary>strategy_configmap</summary>
    public Sha256Hash? StrategyConfigmap { get; init; }

    /// <summary>forecast_metrics</summary>
    public Sha256Hash? ForecastMetrics { get; init; }

    /// <summary>rollback_readiness</summary>
    public Sha256Hash? RollbackReadiness { get; init; }

    /// <summary>tca_metrics</summary>
    public Sha256Hash? TcaMetrics { get; init; }

    /// <summary>llm_metrics</summary>
    public Sha256Hash? LlmMetrics { get; init; }

    /// <summary>drift_evidence</summary>
    public Sha256Hash? DriftEvidence { get; init; }

    /// <summary>The object of name to SHA-256 or null, all six names always present.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("strategy_configmap", TextOf(StrategyConfigmap)),
        ("forecast_metrics", TextOf(ForecastMetrics)),
        ("rollback_readiness", TextOf(RollbackReadiness)),
        ("tca_metrics", TextOf(TcaMetrics)),
        ("llm_metrics", TextOf(LlmMetrics)),
        ("drift_evidence", TextOf(DriftEvidence)));

    private static JsonValue TextOf(Sha256Hash? hash) => hash is { } value ? value : JsonValue.Null;
}
