using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>An input document of a run.</summary>
/// <param name="Ref">Its path relative to the artifact root, with <c>/</c>; of a file from elsewhere its file name.</param>
/// <param name="Bytes">Its bytes, which identify it.</param>
public sealed record LaneDocument(string Ref, byte[] Bytes);

/// <summary>The documents of a lane run (lane.md section 2). Nothing of them is checked before the run.</summary>
public sealed record LaneInputs
{
    /// <summary>The signals document (artifacts.md section 5).</summary>
    public required LaneDocument Signals { get; init; }

    /// <summary>The strategy configuration (lane.md section 5).</summary>
    public required LaneDocument StrategyConfig { get; init; }

    /// <summary>The policy document (gates-and-policy.md section 2).</summary>
    public required LaneDocument GatePolicy { get; init; }

    /// <summary>The config map that a paper patch would patch (lane.md section 20).</summary>
    public LaneDocument? StrategyConfigMap { get; init; }

    /// <summary>Metrics of the forecasts.</summary>
    public LaneDocument? ForecastMetrics { get; init; }

    /// <summary>Readiness for rollback and operation.</summary>
    public LaneDocument? RollbackReadiness { get; init; }

    /// <summary>Execution quality.</summary>
    public LaneDocument? TcaMetrics { get; init; }

    /// <summary>Errors of language models.</summary>
    public LaneDocument? LlmMetrics { get; init; }

    /// <summary>Evidence about drift.</summary>
    public LaneDocument? DriftEvidence { get; init; }

    /// <summary>All documents that are given, in the order of section 2.</summary>
    public IEnumerable<LaneDocument> Given =>
        new[]
        {
            Signals,
            StrategyConfig,
            GatePolicy,
            StrategyConfigMap,
            ForecastMetrics,
            RollbackReadiness,
            TcaMetrics,
            LlmMetrics,
            DriftEvidence,
        }
            .OfType<LaneDocument>();
}

/// <summary>The arguments of a lane run (lane.md section 2), as given.</summary>
public sealed record LaneArguments
{
    /// <summary><c>shadow</c>, <c>paper</c> or <c>live</c>; anything else refuses the run.</summary>
    public required JsonValue PromotionTarget { get; init; }

    /// <summary>The instant that counts as now, a timestamp of artifacts.md section 4; anything else refuses the run.</summary>
    public required JsonValue EvaluatedAt { get; init; }

    /// <summary>The version of the code, any text.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The approval that is presented, if any.</summary>
    public string? ApprovalToken { get; init; }
}

/// <summary>How a run is carried out. Nothing here changes a byte of what it emits.</summary>
public sealed record LaneOptions
{
    /// <summary>Threads to use; as many as there are processors if null.</summary>
    public int? Threads { get; init; }

    /// <summary>Is told each step as it begins, on the thread that runs the lane.</summary>
    public Action<LaneProgress>? Progress { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Step">The step that begins.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Of">Number of steps.</param>
/// <param name="Signals">Number of signals, once they are read.</param>
public readonly record struct LaneProgress(LaneStep Step, int Number, int Of, int? Signals);

/// <summary>The steps of a run, in order.</summary>
public enum LaneStep
{
    /// <summary>Documents are read and checked.</summary>
    Inputs,

    /// <summary>Strategies and baseline decide.</summary>
    Decisions,

    /// <summary>Walk-forward results and reports.</summary>
    Reports,

    /// <summary>Event/CAR and reward artifacts.</summary>
    JanusArtifacts,

    /// <summary>Benchmark, evidence, validation, recalibration.</summary>
    Profitability,

    /// <summary>The gate matrix.</summary>
    Gates,

    /// <summary>Prerequisites, rollback, drift, recommendation.</summary>
    Checks,
}
