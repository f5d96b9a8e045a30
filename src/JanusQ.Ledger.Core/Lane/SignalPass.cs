using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>What one pass over the signals gives: decisions of candidate and baseline, and how good the features are.</summary>
/// <param name="Candidate">Decisions and errors of the configured strategies (lane.md section 7.1).</param>
/// <param name="Baseline">Decisions and errors of the baseline (lane.md section 11).</param>
/// <param name="MissingRequired">Required features that are none, over all signals, three a signal at most.</param>
/// <param name="StalenessMsP95">The nearest-rank 95th percentile of staleness, in milliseconds.</param>
internal sealed record SignalPass(RuntimeOutcome Candidate, RuntimeOutcome Baseline, long MissingRequired, long StalenessMsP95)
{
    private const int ChunkSignals = 512;

    /// <summary>Reads the features of each signal once and shows them to both sets of strategies.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public static SignalPass Over(SortedSignals signals, IReadOnlyList<Strategy> strategies, IReadOnlyList<Strategy> baseline, int threads)
    {
        var candidateBench = new StrategyBench(strategies);
        var baselineBench = new StrategyBench(baseline);
        var candidate = new RuntimeLog();
        var standard = new RuntimeLog();
        var staleness = new long[signals.Count];
        long missing = 0;
        OrderedChunks.Run(
            (signals.Count + ChunkSignals - 1) / ChunkSignals,
            threads,
            () => new Chunk(),
            (index, chunk) =>
            {
                chunk.Clear();
                for (var i = index * ChunkSignals; i < Math.Min(signals.Count, (index + 1) * ChunkSignals); i++)
                {
                    var features = chunk.Features;
                    features.Load(signals[i]);
                    staleness[i] = features.StalenessMs;
                    chunk.Missing += features.MissingRequired;
                    candidateBench.Evaluate(signals[i], features, chunk.Candidate.Decisions, chunk.Candidate.Errors);
                    baselineBench.Evaluate(signals[i], features, chunk.Baseline.Decisions, chunk.Baseline.Errors);
                }
            },
            chunk =>
            {
                missing += chunk.Missing;
                candidate.Add(chunk.Candidate);
                standard.Add(chunk.Baseline);
            });
        return new SignalPass(
            new RuntimeOutcome(candidate.Decisions, candidate.Errors),
            new RuntimeOutcome(standard.Decisions, standard.Errors),
            missing,
            Percentile(staleness));
    }

    private static long Percentile(long[] staleness)
    {
        Array.Sort(staleness);
        return staleness[(int)(((95L * staleness.Length) + 99) / 100) - 1];
    }

    private sealed class RuntimeLog
    {
        public readonly List<Decision> Decisions = [];
        public readonly List<string> Errors = [];

        public void Add(RuntimeLog other)
        {
            Decisions.AddRange(other.Decisions);
            Errors.AddRange(other.Errors);
        }

        public void Clear()
        {
            Decisions.Clear();
            Errors.Clear();
        }
    }

    private sealed class Chunk
    {
        public readonly FeatureReader Features = new();
        public readonly RuntimeLog Candidate = new();
        public readonly RuntimeLog Baseline = new();
        public long Missing;

        public void Clear()
        {
            Candidate.Clear();
            Baseline.Clear();
            Missing = 0;
        }
    }
}
