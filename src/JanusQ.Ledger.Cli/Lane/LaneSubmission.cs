using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>Derives a run from checked inputs and makes of it what the ledger records: emitted files, and the inputs under <c>inputs/</c>.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Target">What the candidate is to be promoted to.</param>
/// <param name="CodeVersion">Version of the code that runs.</param>
internal sealed record LaneSubmission(LaneInputs Inputs, PromotionTarget Target, string CodeVersion)
{
    private const string Json = "application/json";

    /// <summary>Derives the evidence.</summary>
    public DerivedRun Derive(Instant evaluatedAt) =>
        new(Inputs, evaluatedAt, JanusEvidence.Derive(Inputs.Identity, Inputs.Signals, Inputs.Strategies, evaluatedAt));

    /// <summary>The command that records a derived run.</summary>
    public SubmitLaneRun ToSubmission(DerivedRun run, string worker, Submitter by) => new(
        new StartLaneRun
        {
            CandidateId = Inputs.Identity.CandidateId,
            RunId = Inputs.Identity.RunId,
            Target = Target,
            SignalsSha256 = Sha256Hash.Of(Inputs.SignalsFile.Bytes),
            StrategyConfigSha256 = Sha256Hash.Of(Inputs.StrategyConfigFile.Bytes),
            GatePolicySha256 = Sha256Hash.Of(Inputs.GatePolicyFile.Bytes),
            CodeVersion = CodeVersion,
            EvaluatedAt = run.EvaluatedAt,
            Worker = worker,
            By = by,
        },
        [
            .. run.Evidence.Files.Select(file =>
                new SubmittedArtifact(file.Path, new DocumentContent(file.Content.ToBytes()), file.MediaType, file.SchemaVersion, file.ManifestHash)),
            new SubmittedArtifact($"inputs/signals/{Inputs.SignalsFile.Reference}", new DocumentContent(Inputs.SignalsFile.Bytes), Json),
            new SubmittedArtifact($"inputs/strategy_config/{Inputs.StrategyConfigFile.Reference}", new DocumentContent(Inputs.StrategyConfigFile.Bytes), Inputs.StrategyMediaType),
            new SubmittedArtifact($"inputs/gate_policy/{Inputs.GatePolicyFile.Reference}", new DocumentContent(Inputs.GatePolicyFile.Bytes), Json),
        ]);
}

/// <summary>What was derived from which inputs at which instant.</summary>
internal sealed record DerivedRun(LaneInputs Inputs, Instant EvaluatedAt, JanusEvidence Evidence);
