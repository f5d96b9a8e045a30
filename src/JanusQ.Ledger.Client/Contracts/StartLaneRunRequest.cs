using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>Begins an evaluation of a lane run. The evaluation's id follows from these members and is part of the answer.</summary>
public sealed record StartLaneRunRequest
{
    /// <summary>An example for the API's description.</summary>
    public static StartLaneRunRequest Example { get; } = new()
    {
        RunId = "4be1a7f0c2d94a7e8f013b5d",
        Target = "paper",
        SignalsSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        StrategyConfigSha256 = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        GatePolicySha256 = "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13",
        Documents = new OptionalDocumentHashes { ForecastMetrics = "a4e624d686e03ed2767c0abd85c14426b0b1157d2ce81d27bb4fe4f6f01d688a" },
        CodeVersion = "1.4.2",
        EvaluatedAt = "2026-02-25T06:00:00Z",
    };

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
