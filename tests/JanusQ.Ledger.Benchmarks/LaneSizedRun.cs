using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>A run of fifteen artifacts as large as those that lanes make, each run with a number of its own.</summary>
internal static class LaneSizedRun
{
    /// <summary>
    /// Bytes of the fifteen files of a run in the order of lane.md section 22, each in its median size over the lane vectors: 71 KB
    /// together.
    /// </summary>
    public static readonly int[] ArtifactBytes =
        [8876, 2731, 2770, 24166, 4935, 2313, 5629, 755, 448, 526, 2008, 184, 2695, 6513, 6598];

    /// <summary>The path of an artifact.</summary>
    public static string PathOf(int artifact) => $"gates/file-{artifact:00}.json";

    /// <summary>What begins a run.</summary>
    public static StartLaneRun Start(int number, string worker)
    {
        var runId = Sha256Hash.OfText(number.ToString(CultureInfo.InvariantCulture)).Id;
        return new StartLaneRun
        {
            CandidateId = CandidateIdentity.CandidateOf(runId),
            By = new Submitter(worker, "worker", CorrelationId: CandidateIdentity.StreamOf(CandidateIdentity.CandidateOf(runId))),
            RunId = runId,
            Target = PromotionTarget.Paper,
            SignalsSha256 = Sha256Hash.OfText("signals"),
            StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
            GatePolicySha256 = Sha256Hash.OfText("policy"),
            CodeVersion = "1.0.0",
            EvaluatedAt = Instant.Parse("2026-01-05T14:30:00Z"),
            Worker = worker,
        };
    }

    /// <summary>JSON as the lane emits it: hashes that do not compress, decimals that hardly do, and member names that do.</summary>
    public static byte[] Artifact(int seed, int size)
    {
        var random = new Random(seed);
        var text = new StringBuilder("{\n  \"events\": [\n");
        while (text.Length < size)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                    {
                      "event_id": "{{random.NextInt64():x16}}{{random.Next():x8}}",
                      "symbol": "SYM{{random.Next(40)}}",
                      "event_ts": "2026-01-05T14:{{random.Next(60):00}}:{{random.Next(60):00}}+00:00",
                      "abnormal_return": "{{random.Next(-99999, 99999) / 1e7m}}",
                      "cumulative_abnormal_return": "{{random.NextDouble().ToString("R", CultureInfo.InvariantCulture)}}",
                      "direction": "{{(random.Next(2) == 0 ? "long" : "short")}}"
                    },

                """);
        }

        text.Append("    {}\n  ]\n}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
