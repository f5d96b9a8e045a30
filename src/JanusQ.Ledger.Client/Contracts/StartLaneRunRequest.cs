using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Begins an evaluation of a lane run. The evaluation's id follows from these members and is part of the answer.</summary>
public sealed record StartLaneRunRequest
{
    /// <summary>The run: a hash of its signals, strategy configuration, gate policy and target (lane.md section 4).</summary>
    [Description("The run, 24 lower-case hex digits: a hash of its signals, strategy configuration, gate policy and target.")]
    [RegularExpression(Forms.Id)]
    public required string RunId { get; init; }

    /// <summary>The target that the run is made for.</summary>
    [Description("The target that the run is made for: shadow, paper or live.")]
    [AllowedValues("shadow", "paper", "live")]
    public required string Target { get; init; }

    /// <summary>SHA-256 of the bytes of the signals document.</summary>
    [Description("SHA-256 of the bytes of the signals document.")]
    [RegularExpression(Forms.Sha256)]
    public required string SignalsSha256 { get; init; }

    /// <summary>SHA-256 of the bytes of the strategy configuration.</summary>
    [Description("SHA-256 of the bytes of the strategy configuration.")]
    [RegularExpression(Forms.Sha256)]
    public required string StrategyConfigSha256 { get; init; }

    /// <summary>SHA-256 of the bytes of the gate policy.</summary>
    [Description("SHA-256 of the bytes of the gate policy.")]
    [RegularExpression(Forms.Sha256)]
    public required string GatePolicySha256 { get; init; }

    /// <summary>The optional documents of the evaluation by the SHA-256 of their bytes.</summary>
    [Description("The optional documents of the evaluation by the SHA-256 of their bytes; null for one that was not given.")]
    public OptionalDocumentHashes? Documents { get; init; }

    /// <summary>Version of the code that runs.</summary>
    [Description("Version of the code that runs, 1 to 200 characters.")]
    [StringLength(200, MinimumLength = 1)]
    public required string CodeVersion { get; init; }

    /// <summary>The instant that counts as now inside the run.</summary>
    [Description("The instant that counts as now inside the run, with its offset.")]
    [RegularExpression(Forms.Instant)]
    public required string EvaluatedAt { get; init; }
}

/// <summary>The optional documents of lane.md section 2 by the SHA-256 of their bytes.</summary>
public sealed record OptionalDocumentHashes
{
    /// <summary>SHA-256 of the strategy's config map.</summary>
    [RegularExpression(Forms.Sha256)]
    public string? StrategyConfigmap { get; init; }

    /// <summary>SHA-256 of the forecast metrics.</summary>
    [RegularExpression(Forms.Sha256)]
    public string? ForecastMetrics { get; init; }

    /// <summary>SHA-256 of the rollback readiness.</summary>
    [RegularExpression(Forms.Sha256)]
    public string? RollbackReadiness { get; init; }

    /// <summary>SHA-256 of the TCA metrics.</summary>
    [RegularExpression(Forms.Sha256)]
    public string? TcaMetrics { get; init; }

    /// <summary>SHA-256 of the LLM metrics.</summary>
    [RegularExpression(Forms.Sha256)]
    public string? LlmMetrics { get; init; }

    /// <summary>SHA-256 of the drift evidence.</summary>
    [RegularExpression(Forms.Sha256)]
    public string? DriftEvidence { get; init; }
}
