using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>What a lane run gives (lane.md section 22).</summary>
public sealed record LaneOutcome
{
    /// <summary>The run and its candidate.</summary>
    public required LaneIdentity Identity { get; init; }

    /// <summary>What was asked for.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>
    /// The emitted files in the order of section 22; the gate report, whose presence says that the run is complete, is the last.
    /// </summary>
    public required IReadOnlyList<SealedFile> Files { get; init; }

    /// <summary>The file <c>gates/gate-inputs-v1.json</c>, which the ledger keeps beside the files of the contract.</summary>
    public required SealedFile GateInputsFile { get; init; }

    /// <summary>What the gate matrix saw (section 17).</summary>
    public required JsonObject GateInputs { get; init; }

    /// <summary>What the checks read of the candidate (section 21).</summary>
    public required JsonObject CandidateState { get; init; }

    /// <summary>The gate matrix's report.</summary>
    public required GateReport GateReport { get; init; }

    /// <summary>The id of the draft gate report.</summary>
    public required string GateReportTraceId { get; init; }

    /// <summary>The recommendation, with its trace id.</summary>
    public required PromotionRecommendation Recommendation { get; init; }

    /// <summary>The hash of what makes the candidate (section 19).</summary>
    public required string CandidateHash { get; init; }

    /// <summary>The path of the paper patch, if it was written and the recommendation is eligible.</summary>
    public required string? PaperPatchPath { get; init; }

    /// <summary>Number of signals.</summary>
    public required int SignalCount { get; init; }

    /// <summary>Number of decisions of the candidate.</summary>
    public required int DecisionCount { get; init; }

    /// <summary>Errors of the candidate's strategies, in the order of the signals.</summary>
    public required IReadOnlyList<string> RuntimeErrors { get; init; }

    /// <summary>The summary of the event/CAR artifact.</summary>
    public required EventCarSummary Events { get; init; }

    /// <summary>The summary of the reward artifact.</summary>
    public required RewardSummary Rewards { get; init; }

    /// <summary>The evidence summary.</summary>
    public required EvidenceSummary Evidence { get; init; }
}

/// <summary>What accepted documents hold.</summary>
/// <param name="Signals">Number of signals.</param>
/// <param name="Symbols">Number of distinct symbols.</param>
/// <param name="Strategies">The strategies in order, disabled ones too.</param>
public sealed record LaneContents(int Signals, int Symbols, IReadOnlyList<Strategy> Strategies);
