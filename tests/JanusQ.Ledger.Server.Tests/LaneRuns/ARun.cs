using System.Text;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Tests.LaneRuns;

/// <summary>A run of which workers record pieces.</summary>
internal static class ARun
{
    public const string CandidateId = "cand-0123456789ab";

    public const string RunId = "0123456789abcdef01234567";

    public static StartLaneRunRequest Start { get; } = new()
    {
        RunId = RunId,
        Target = "paper",
        SignalsSha256 = new string('a', 64),
        StrategyConfigSha256 = new string('b', 64),
        GatePolicySha256 = new string('c', 64),
        CodeVersion = "1",
        EvaluatedAt = "2026-02-25T06:00:00Z",
    };

    public static async Task<string> StartAsync(LedgerClient worker) =>
        (await worker.StartLaneRunAsync(CandidateId, Start, TestContext.Current.CancellationToken)).EvaluationId!;

    public static ArtifactUpload Artifact(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));

    public static CompleteLaneRunRequest CompletionOf(params ArtifactUpload[] artifacts) => new()
    {
        ArtifactCount = artifacts.Length,
        ArtifactSetSha256 = ArtifactSet.Of(artifacts.Select(artifact =>
            new Artifact(
                artifact.Path, Sha256Hash.Of(artifact.Content.Span), artifact.Content.Length, "application/json"))).Hash().ToString(),
    };
}
