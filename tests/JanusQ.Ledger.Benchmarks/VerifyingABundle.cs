using System.Diagnostics;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// How long it takes to export a whole ledger and to verify the bundle, in ours and in the second verifier (<c>tests/verifier</c>), and how
/// much memory the export holds: runs with artifacts of their own, and promotions that are derived again.
/// </summary>
public static class VerifyingABundle
{
    private const int EventsARun = 17;
    private const double MostSeconds = 10;

    /// <summary>Measures and prints; 0 if ours is quick enough.</summary>
    /// <param name="events">Events of the bundle, about.</param>
    /// <param name="verifier">Path of the second verifier, or nothing.</param>
    /// <param name="bundle">Where the bundle is kept; one that is there is not made again.</param>
    public static async Task<int> RunAsync(int events = 100_000, string verifier = "tests/verifier/verify.mjs", string bundle = "")
    {
        var path = bundle.Length > 0 ? bundle : Path.Combine(Path.GetTempPath(), $"bundle-{Guid.NewGuid():N}.zip");
        using var signer = SignerKey.FromSeed("benchmark.example/log", new byte[SignerKey.SeedSize]);
        if (!File.Exists(path)) await ExportAsync(path, events, signer);
        try
        {
            return await VerifyAsync(path, verifier, signer.Verifier);
        }
        finally
        {
            if (bundle.Length == 0) File.Delete(path);
        }
    }

    private static async Task ExportAsync(string path, int events, SignerKey signer)
    {
        await using var database = await BenchmarkDatabase.CreateAsync("bundle", isDurable: false);
        await using var ledger = await LedgerHost.StartAsync(database.Options with
        {
            Clock = new StandingClock(PromotableRun.Now),
            Log = new LogOptions { Keys = LogKeyRing.Of(signer) },
        });
        await FillAsync(ledger, events);
        var clock = Spent();
        var manifest = await ledger.Bundles.WriteAsync(
            path, new BundleScope(), new BundleKeys { Known = [signer.Verifier], Signer = signer });
        Print("export", clock, $"{manifest.Events} events, {manifest.Files.Length} files, {new FileInfo(path).Length >> 20} MiB, "
            + $"{GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB managed memory after");
    }

    private static async Task<int> VerifyAsync(string path, string verifier, VerifierKey key)
    {
        var seconds = 0.0;
        for (var i = 0; i < 3; i++)
        {
            var clock = Spent();
            using var verification = BundleVerification.Open(path, new BundleTrust([key]));
            var verdict = verification.Verify();
            seconds = Print("verify, ours", clock, $"{verdict.FindingsCount} findings, {verdict.Decisions} decisions derived again");
            if (!verdict.IsVerified) return 1;
        }

        if (File.Exists(verifier))
        {
            var clock = Spent();
            using var node = Process.Start("node", [verifier, path, key.ToString()]);
            await node.WaitForExitAsync();
            Print("verify, second", clock, $"ended with {node.ExitCode}");
        }

        return seconds < MostSeconds ? 0 : 1;
    }

    private static async Task FillAsync(LedgerHost ledger, int events)
    {
        await PromotableRun.PrepareAsync(ledger, CancellationToken.None);
        for (var i = 0; i < PromotableRun.Count; i++) await PromotableRun.Number(i).PromoteAsync(ledger, CancellationToken.None);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, events / EventsARun),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (number, cancellation) => await ledger.SendAsync(Run(number), cancellation));
        await ledger.Log.CatchUpAsync(TimeSpan.FromMinutes(5));
    }

    private static SubmitLaneRun Run(int number)
    {
        var runId = Sha256Hash.OfText($"run {number}").Id;
        return new SubmitLaneRun(
            new StartLaneRun
            {
                CandidateId = CandidateIdentity.CandidateOf(runId),
                By = PromotableRun.Worker,
                RunId = runId,
                Target = PromotionTarget.Paper,
                SignalsSha256 = Sha256Hash.OfText($"signals {number}"),
                StrategyConfigSha256 = Sha256Hash.OfText("strategies"),
                GatePolicySha256 = Sha256Hash.OfText("policy"),
                CodeVersion = "1.0.0",
                EvaluatedAt = Instant.Parse("2026-01-05T14:30:00Z"),
                Worker = "worker-7",
            },
            [.. Enumerable.Range(0, EventsARun - 2).Select(file => new SubmittedArtifact(
                $"gates/file-{file:00}.json",
                new DocumentContent(
                    Encoding.UTF8.GetBytes($"{{\"run\": {number}, \"file\": {file}, \"text\": \"{new string('x', 600)}\"}}")),
                "application/json"))]);
    }

    // On a machine that does other things too, the processor time says more than the clock.
    private static (long Clock, TimeSpan Processor) Spent() => (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    private static double Print(string what, (long Clock, TimeSpan Processor) since, string result)
    {
        var seconds = Stopwatch.GetElapsedTime(since.Clock).TotalSeconds;
        var processor = (Environment.CpuUsage.TotalTime - since.Processor).TotalSeconds;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{what,-16} {seconds,7:0.00} s, processor {processor,7:0.00} s  {result}"));
        return seconds;
    }
}
