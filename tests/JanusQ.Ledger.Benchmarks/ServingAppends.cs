using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Benchmarks.Serving;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// Workers that append over HTTP, to a server in a process of its own, against the same workers that send the same commands in process: on
/// one database with fsync on, in turns, the generator on the same cores. Then the server alone, at half of the rate that it reached, for a
/// given time: how long answers take, and whether its memory grows.
/// </summary>
public static class ServingAppends
{
    private const double MiB = 1024 * 1024;

    // More than the connections to the database, and about as many as are due within half a second.
    private const int Crowd = 200;

    /// <summary>Measures and prints; 0 if everything that is asked for is reached.</summary>
    /// <param name="minutes">How long the server is loaded at half of its maximum: half of that with single artifacts.</param>
    /// <param name="rounds">How many turns each side gets.</param>
    /// <param name="runsARound">Runs of 15 artifacts recorded in a turn.</param>
    /// <param name="writers">Workers at the same time.</param>
    /// <param name="apart">Milliseconds between the requests of a run at half of the maximum.</param>
    /// <param name="target">The smallest acceptable rate over HTTP as a share of that in process.</param>
    /// <param name="slowest">The longest acceptable 99th percentile in milliseconds.</param>
    /// <param name="growth">The largest acceptable growth of the server's memory as a share of what it was.</param>
    public static async Task<int> RunAsync(
        double minutes = 5,
        int rounds = 15,
        int runsARound = 60,
        int writers = 8,
        int apart = 20,
        double target = 0.60,
        double slowest = 100,
        double growth = 0.10)
    {
        await using var database = await BenchmarkDatabase.CreateAsync("serving", isDurable: true);
        var numbers = new Numbers();
        await (await LedgerHost.OpenAsync(database.Options)).DisposeAsync();
        using var server = await ServerProcess.StartAsync(database.Connection);
        using var http = new HttpClient { BaseAddress = server.Address };
        var overHttp = new AppendsOverHttp(http);
        var most = await CompareAsync(database.Options, overHttp, server, numbers, rounds, runsARound, writers, target);
        var steady = await LoadAsync(overHttp, server, numbers, most, TimeSpan.FromMinutes(minutes), apart, slowest, growth);
        var recorded = await CountAsync(database.Connection);
        var once = recorded == numbers.Events;
        Console.WriteLine($"{recorded} events recorded, {numbers.Events} acknowledged: {(once ? "each once" : "NOT THE SAME")}");
        return most.Reached && steady && once ? 0 : 1;
    }

    private static async Task<Most> CompareAsync(
        LedgerOptions options,
        AppendsOverHttp overHttp,
        ServerProcess server,
        Numbers numbers,
        int rounds,
        int runsARound,
        int writers,
        double target)
    {
        await using var ledger = await LedgerHost.StartAsync(options);
        var inProcess = new AppendsInProcess(ledger);
        var forms = new[] { new Form("one by one", false), new Form("as a batch", true) };
        for (var round = -5; round < rounds; round++)
        {
            foreach (var form in forms)
            {
                var plain = await RateAsync(inProcess, numbers, runsARound, writers, form.Batch);
                var busy = server.Busy();
                var served = await RateAsync(overHttp, numbers, runsARound, writers, form.Batch);

                // The first rounds compile code.
                if (round < 0) continue;
                form.InProcess.Add(plain);
                form.OverHttp.Add(served);
                form.ServerMilliseconds.Add((server.Busy() - busy).TotalMilliseconds / runsARound);
            }
        }

        foreach (var form in forms)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"appending 15 artifacts {form.Name}, {writers} workers, median of {rounds} rounds of {runsARound} runs: "
                + $"in process {Rounds.Median(form.InProcess):F0} events/s, over HTTP {Rounds.Median(form.OverHttp):F0} events/s "
                + $"(server's processor time {Rounds.Median(form.ServerMilliseconds):F1} ms a run): "
                + $"{form.Ratio:P0} of its rate (at least {target:P0} is asked for)"));
        }

        return new Most(forms[0].RunsPerSecond, forms[1].RunsPerSecond, forms.All(form => form.Ratio >= target));
    }

    private static async Task<bool> LoadAsync(
        AppendsOverHttp appends,
        ServerProcess server,
        Numbers numbers,
        Most most,
        TimeSpan time,
        int apart,
        double slowest,
        double growth)
    {
        // What a server keeps for good - compiled code, buffers, prepared statements, connections - is there soon. While a disk stalls
        // requests gather, and for as many at once it needs more of it: so they gather once before it is looked at.
        foreach (var batch in new[] { false, true }) await RateAsync(appends, numbers, Crowd, Crowd, batch);
        var warm = await HalfAsync("warming up one by one", false, most.OneByOne, time / 10);
        warm &= await HalfAsync("warming up as a batch", true, most.Batch, time / 10);
        var before = await server.MemoryAsync();
        var steady = await HalfAsync("one by one", false, most.OneByOne, time / 2);
        var between = await server.MemoryAsync();
        steady &= await HalfAsync("as a batch", true, most.Batch, time / 2);
        var after = await server.MemoryAsync();
        var flat = after.Heap <= before.Heap * (1 + growth) && after.WorkingSet <= before.WorkingSet * (1 + growth);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the server's memory over {time.TotalMinutes:F1} minutes: "
            + $"working set {before.WorkingSet / MiB:F0}, {between.WorkingSet / MiB:F0}, "
            + $"{after.WorkingSet / MiB:F0} MiB; managed heap after a collection {before.Heap / MiB:F1}, {between.Heap / MiB:F1}, "
            + $"{after.Heap / MiB:F1} MiB at its beginning, middle and end (growth of at most {growth:P0} is asked for)"));
        return warm && steady && flat;

        async Task<bool> HalfAsync(string form, bool batch, double fastest, TimeSpan duration)
        {
            var loop = new OpenLoop(appends, batch, TimeSpan.FromMilliseconds(apart));
            await using var disk = DiskAlone.Watch();
            await loop.RunAsync(fastest / 2, duration, numbers.NextRun);
            var stalls = await disk.LongerThanAsync(TimeSpan.FromMilliseconds(slowest / 4));
            numbers.Recorded(loop.Recorded);
            foreach (var failure in loop.Failures.Take(3)) Console.WriteLine($"  {failure.GetType().Name}: {failure.Message}");
            var all = loop.Answers.Select(answer => answer.Milliseconds).ToArray();
            var apartFromStalls = loop.Answers
                .Where(answer => !stalls.Any(stall => stall.Begun < answer.Came && answer.Due < stall.Ended))
                .Select(answer => answer.Milliseconds)
                .ToArray();
            var slow = Percentile(all, 0.99);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"half of the maximum, {form}, {duration.TotalSeconds:F0} s: "
                + $"{loop.Requests / duration.TotalSeconds:F0} requests/s, "
                + $"p50 {Percentile(all, 0.50):F1} ms, p99 {slow:F1} ms, slowest {Percentile(all, 1):F1} ms "
                + $"(p99 below {slowest:F0} ms is asked for), "
                + $"{loop.Failures.Count} errors (none is asked for); "
                + $"flushing one page beside it took over {slowest / 4:F0} ms {stalls.Length} times, "
                + $"{stalls.Sum(stall => stall.Took.TotalMilliseconds):F0} ms in all, at most "
                + $"{stalls.Select(stall => stall.Took.TotalMilliseconds).DefaultIfEmpty().Max():F0} ms, "
                + $"and the {apartFromStalls.Length} requests that met none of these had p99 {Percentile(apartFromStalls, 0.99):F1} ms"));
            return loop.Failures.Count == 0 && (slow < slowest || form.StartsWith("warming", StringComparison.Ordinal));
        }
    }

    private static double Percentile(double[] milliseconds, double share)
    {
        if (milliseconds.Length == 0) return double.PositiveInfinity;
        Array.Sort(milliseconds);
        return milliseconds[Math.Min(milliseconds.Length - 1, (int)(milliseconds.Length * share))];
    }

    private static async Task<double> RateAsync(IAppends appends, Numbers numbers, int count, int writers, bool batch)
    {
        var runs = Enumerable.Range(0, count).Select(_ => numbers.NextRun()).ToArray();
        var clock = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = writers },
            async (run, _) => await appends.RecordAsync(run, batch, request => request()));
        var rate = runs.Sum(run => run.Events) / Stopwatch.GetElapsedTime(clock).TotalSeconds;
        numbers.Recorded(count);
        return rate;
    }

    private static async Task<long> CountAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("select count(*) from janusq.mt_events");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How fast the server was, in runs a second, and whether that is enough.</summary>
    private sealed record Most(double OneByOne, double Batch, bool Reached);

    /// <summary>One way to send artifacts, and what both sides reached with it, round by round.</summary>
    private sealed record Form(string Name, bool Batch)
    {
        public List<double> InProcess { get; } = [];

        public List<double> OverHttp { get; } = [];

        public List<double> ServerMilliseconds { get; } = [];

        // Round by round, because other work on the machine slows both sides of a round alike.
        public double Ratio => Rounds.Median(InProcess.Zip(OverHttp, (plain, served) => served / plain));

        public double RunsPerSecond => Rounds.Median(OverHttp) / EventsARun;
    }

    private static int EventsARun => LaneSizedRun.ArtifactBytes.Length + 2;

    /// <summary>Numbers runs, and counts what was acknowledged.</summary>
    private sealed class Numbers
    {
        private int _next;

        public long Events { get; private set; }

        public WorkersRun NextRun() => WorkersRun.Of(_next++);

        public void Recorded(int runs) => Events += (long)runs * EventsARun;
    }
}
