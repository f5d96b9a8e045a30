using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>
/// What the ledger records of a lane run: its start, the emitted files with the gate inputs, and the inputs under <c>inputs/</c>.
/// </summary>
/// <param name="Inputs">The documents of the run.</param>
/// <param name="Target">What the candidate is to be promoted to.</param>
/// <param name="CodeVersion">Version of the code that runs.</param>
internal sealed record LaneSubmission(LaneInputs Inputs, PromotionTarget Target, string CodeVersion)
{
    private const string Json = "application/json";
    private const string Yaml = "application/yaml";

    /// <summary>The ids of the run, which need no run to be known.</summary>
    public LaneIdentity Identity { get; } =
        LaneIdentity.Of(Inputs.Signals.Bytes, Inputs.StrategyConfig.Bytes, Inputs.GatePolicy.Bytes, Target.Name());

    /// <summary>The optional documents by hash.</summary>
    public OptionalDocuments Documents { get; } = new()
    {
        StrategyConfigmap = HashOf(Inputs.StrategyConfigMap),
        ForecastMetrics = HashOf(Inputs.ForecastMetrics),
        RollbackReadiness = HashOf(Inputs.RollbackReadiness),
        TcaMetrics = HashOf(Inputs.TcaMetrics),
        LlmMetrics = HashOf(Inputs.LlmMetrics),
        DriftEvidence = HashOf(Inputs.DriftEvidence),
    };

    /// <summary>The command that records a run.</summary>
    public SubmitLaneRun Of(LaneOutcome outcome, Instant evaluatedAt, Submitter by)
    {
        // Hashed once, for the start and for the content alike.
        var signals = new DocumentContent(Inputs.Signals.Bytes);
        var strategyConfig = new DocumentContent(Inputs.StrategyConfig.Bytes);
        var gatePolicy = new DocumentContent(Inputs.GatePolicy.Bytes);
        var start = new StartLaneRun
        {
            CandidateId = Identity.CandidateId,
            RunId = Identity.RunId,
            Target = Target,
            SignalsSha256 = signals.Sha256,
            StrategyConfigSha256 = strategyConfig.Sha256,
            GatePolicySha256 = gatePolicy.Sha256,
            Documents = Documents,
            CodeVersion = CodeVersion,
            EvaluatedAt = evaluatedAt,
            Worker = by.Actor,
            By = by,
        };
        return new SubmitLaneRun(
            start,
            [
                .. outcome.Files.Append(outcome.GateInputsFile).Select(file =>
                    new SubmittedArtifact(
                        file.Path, new DocumentContent(file.ToBytes()), file.MediaType, file.SchemaVersion, file.ManifestHash)),
                AsInput("signals", Inputs.Signals, signals),
                AsInput("strategy_config", Inputs.StrategyConfig, strategyConfig),
                AsInput("gate_policy", Inputs.GatePolicy, gatePolicy),
                .. Optional.Where(given => given.Document is not null)
                    .Select(given => AsInput(given.Name, given.Document!, new DocumentContent(given.Document!.Bytes))),
            ]);
    }

    /// <summary>The command that records that the documents are sound and yet no run can be made of them.</summary>
    public FailLaneRun Failed(Core.Refusal refusal, Submitter by) => new()
    {
        CandidateId = Identity.CandidateId,
        RunId = Identity.RunId,
        ErrorCode = refusal.Code,
        Message = refusal.Explanation,
        By = by,
    };

    private IEnumerable<(string Name, LaneDocument? Document)> Optional =>
    [
        ("strategy_configmap", Inputs.StrategyConfigMap),
        ("forecast_metrics", Inputs.ForecastMetrics),
        ("rollback_readiness", Inputs.RollbackReadiness),
        ("tca_metrics", Inputs.TcaMetrics),
        ("llm_metrics", Inputs.LlmMetrics),
        ("drift_evidence", Inputs.DriftEvidence),
    ];

    private static SubmittedArtifact AsInput(string name, LaneDocument document, DocumentContent content) =>
        new($"inputs/{name}/{document.Ref}", content, MediaTypeOf(document.Ref));

    private static Sha256Hash? HashOf(LaneDocument? document) => document is null ? null : Sha256Hash.Of(document.Bytes);

    private static string MediaTypeOf(string reference) =>
        reference.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || reference.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
            ? Yaml
            : Json;
}
