using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// Replaying decisions of real lane runs from a real database: the history of the candidate, every document of the evidence read and
/// hashed, every step derived, everything compared. By one worker, which is the baseline, and by as many as there are processors.
/// </summary>
public static class ReplayingDecisions
{
    /// <summary>Measures and prints; 0 if every decision matches.</summary>
    /// <param name="replays">How many decisions are replayed by each side.</param>
    /// <param name="recorded">How many decisions are recorded; they are replayed in turns.</param>
    public static async Task<int> RunAsync(int replays = 10_000, int recorded = 120)
    {
        await using var database = await BenchmarkDatabase.CreateAsync("replaying", isDurable: true);
        await using var ledger = await LedgerHost.OpenAsync(database.Options with { Clock = new StandingClock(PromotableRun.Now) });
        return await CompareAsync(ledger, replays, recorded);
    }

    private static async Task<int> CompareAsync(LedgerHost ledger, int replays, int recorded)
    {
        await PromotableRun.PrepareAsync(ledger, CancellationToken.None);
        for (var number = 0; number < recorded; number++)
        {
            var version = (number / PromotableRun.Count).ToString(CultureInfo.InvariantCulture);
            await PromotableRun.Number(number % PromotableRun.Count, $"1.0.{version}").PromoteAsync(ledger, CancellationToken.None);
        }

        var candidates = new List<string>();
        await foreach (var candidate in ledger.Decisions.CandidatesWithDecisionsAsync()) candidates.Add(candidate);
        var (rounds, workers) = ((replays + recorded - 1) / recorded, Environment.ProcessorCount);
        replays = rounds * recorded;
        await TimeAsync(ledger, candidates, 1, workers);
        var (one, oneMatches) = await TimeAsync(ledger, candidates, rounds, 1);
        var (all, allMatch) = await TimeAsync(ledger, candidates, rounds, workers);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"replaying {replays:N0} decisions ({recorded} recorded): one worker {replays / one:N0}/s, {workers} workers "
            + $"{replays / all:N0}/s, "
            + $"{one / all:F2} times the rate; {oneMatches + allMatch:N0} of {2 * replays:N0} match"));
        return oneMatches + allMatch == 2 * replays ? 0 : 1;
    }

    private static async Task<(double Seconds, int Matches)> TimeAsync(LedgerHost ledger, List<string> candidates, int rounds, int workers)
    {
        var matches = 0;
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, rounds).SelectMany(_ => candidates),
            new ParallelOptions { MaxDegreeOfParallelism = workers },
            async (candidate, cancellation) =>
            {
                foreach (var decision in await ledger.Decisions.OfCandidateAsync(candidate, cancellation))
                    if ((await ledger.Decisions.ReplayAsync(decision, cancellation)).Outcome == ReplayOutcome.Match)
                        Interlocked.Increment(ref matches);
            });
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, matches);
    }
}
