using System.Text;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;

namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>The same run in every process: 15 artifacts, one of them large enough to be stored before its event.</summary>
public static class KnownRun
{
    public static SubmitLaneRun Finished
    {
        get
        {
            var runId = Sha256Hash.OfText("the known run").Id;
            var start = new StartLaneRun
            {
                CandidateId = CandidateIdentity.CandidateOf(runId),
                By = new Submitter("recorder", "worker"),
                RunId = runId,
                Target = PromotionTarget.Paper,
                SignalsSha256 = Sha256Hash.OfText("signals"),
                StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
                GatePolicySha256 = Sha256Hash.OfText("policy"),
                CodeVersion = "1.0.0",
                EvaluatedAt = Instant.Parse("2026-01-05T14:30:00Z"),
                Worker = "recorder",
            };
            return new SubmitLaneRun(start, [.. Enumerable.Range(0, 15).Select(AnArtifact)]);
        }
    }

    private static SubmittedArtifact AnArtifact(int i)
    {
        var lines = Enumerable.Range(0, i == 0 ? 40_000 : 100 * i).Select(line => $"\"{i}-{line}\"");
        var bytes = Encoding.UTF8.GetBytes($"[{string.Join(",\n", lines)}]");
        return new SubmittedArtifact($"gates/file-{i:00}.json", new DocumentContent(bytes), "application/json");
    }
}
