using System.Text;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;

namespace JanusQ.Ledger.Testing;

/// <summary>Runs by number that cost nothing to make: their artifacts are no real ones, so no check lets them through.</summary>
public static class SmallRuns
{
    public static readonly Submitter Worker = new("worker-7", "worker", "correlation-1", "causation-1");

    public static StartLaneRun ARun(int number = 1, string? candidateId = null, string evaluatedAt = "2026-01-05T14:30:00Z")
    {
        var runId = Sha256Hash.OfText($"run {number}").Id;
        return new StartLaneRun
        {
            CandidateId = candidateId ?? CandidateIdentity.CandidateOf(runId),
            By = Worker,
            RunId = runId,
            Target = PromotionTarget.Paper,
            SignalsSha256 = Sha256Hash.OfText($"signals {number}"),
            StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
            GatePolicySha256 = Sha256Hash.OfText("policy"),
            CodeVersion = "1.0.0",
            EvaluatedAt = Instant.Parse(evaluatedAt),
            Worker = "worker-7",
        };
    }

    public static SubmittedArtifact AnArtifact(string path, string text) =>
        new(path, new DocumentContent(Encoding.UTF8.GetBytes(text)), "application/json");

    public static SubmitLaneRun AFinishedRun(int number = 1, int artifacts = 15, string? candidateId = null) => new(
        ARun(number, candidateId),
        [.. Enumerable.Range(0, artifacts).Select(
            i => AnArtifact($"gates/file-{i:00}.json", $"{{\"run\": {number}, \"file\": {i}, \"text\": \"{new string('x', 600)}\"}}"))]);
}
