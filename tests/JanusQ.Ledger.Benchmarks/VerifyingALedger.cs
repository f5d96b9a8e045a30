using System.Diagnostics;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// How many events a second <c>audit verify</c> (a) to (c) takes, against reading the very same rows of events and documents and doing
/// nothing with them, in turns in one process; and how much memory it needs for the first of the events and for all of them.
/// </summary>
public static class VerifyingALedger
{
    private static readonly string[] Inputs = ["signals", "strategies", "policy"];

    /// <summary>Measures and prints; 0 if the target is reached.</summary>
    /// <param name="events">Events that are verified.</param>
    /// <param name="first">Those of them that are verified before the others are appended.</param>
    /// <param name="rounds">Turns; the median counts.</param>
    /// <param name="writers">Writers that append them, which is not measured.</param>
    public static async Task<int> RunAsync(int events = 100_000, int first = 20_000, int rounds = 3, int writers = 2)
    {
        var keys = LogKeyRing.Of(SignerKey.FromSeed("benchmark.example/log", new byte[SignerKey.SeedSize]));
        await using var database = await BenchmarkDatabase.CreateAsync("audit", isDurable: false);
        await using var ledger = await LedgerHost.StartAsync(database.Options with { Log = new LogOptions { Keys = keys } });
        await AppendAsync(ledger, database.Connection, "first", first / KeepingTheTransparencyLog.EventsAnAppend, writers);
        var few = await MeasureAsync(ledger, keys, rounds);
        await AppendAsync(ledger, database.Connection, "more", (events - first) / KeepingTheTransparencyLog.EventsAnAppend, writers);
        var all = await MeasureAsync(ledger, keys, rounds);
        Say($"memory: {few.Megabytes:N0} MB at most for {few.Events:N0} events, {all.Megabytes:N0} MB for {all.Events:N0}");
        return all.Rate >= 50_000 ? 0 : 1;
    }

    private static async Task AppendAsync(LedgerHost ledger, string connection, string prefix, int appends, int writers)
    {
        using (var store = KeepingTheTransparencyLog.EventStore(connection, LedgerStore.Schema))
            await KeepingTheTransparencyLog.AppendAsync(store, prefix, appends, writers);
        await using var database = NpgsqlDataSource.Create(connection);
        await using (var open = await database.OpenConnectionAsync())
        await using (var copy = await open.BeginBinaryImportAsync(
            "copy janusq.content (sha256, size, encoding, bytes) from stdin (format binary)"))
        {
            var documents = Enumerable.Range(0, appends).SelectMany(number => KeepingTheTransparencyLog.DocumentsOf($"{prefix}-{number}"));
            foreach (var document in prefix == "first" ? documents.Concat(Inputs) : documents)
            {
                var bytes = Encoding.ASCII.GetBytes(document);
                await copy.StartRowAsync();
                await copy.WriteAsync(Sha256Hash.Of(bytes).Bytes.ToArray(), NpgsqlDbType.Bytea);
                await copy.WriteAsync((long)bytes.Length, NpgsqlDbType.Bigint);
                await copy.WriteAsync("raw", NpgsqlDbType.Text);
                await copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }

        await ledger.Log.CatchUpAsync(TimeSpan.FromMinutes(10));
        await using var analyze = database.CreateCommand("vacuum analyze");
        analyze.CommandTimeout = 0;
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<(long Events, double Rate, double Megabytes)> MeasureAsync(LedgerHost ledger, LogKeyRing keys, int rounds)
    {
        var options = new AuditOptions
        {
            Keys = keys.Known,
            Checks = [AuditCheck.Log, AuditCheck.Completeness, AuditCheck.Content],
        };
        var (verifying, reading, megabytes, events) = (new List<double>(), new List<double>(), 0.0, 0L);
        for (var round = -1; round < rounds; round++)
        {
            var clock = Stopwatch.GetTimestamp();
            await ReadAsync(ledger);
            var plain = Stopwatch.GetElapsedTime(clock).TotalSeconds;
            GC.Collect();
            using var ending = new CancellationTokenSource();
            var peak = PeakAsync(ending.Token);
            clock = Stopwatch.GetTimestamp();
            var report = await ledger.Audit.VerifyAsync(options);
            var taken = Stopwatch.GetElapsedTime(clock).TotalSeconds;
            await ending.CancelAsync();
            megabytes = Math.Max(megabytes, await peak);
            if (!report.IsClean) throw new InvalidOperationException(string.Join('\n', report.Findings.Take(5)));
            events = report.Counts.Events;
            if (round < 0) continue;
            verifying.Add(taken);
            reading.Add(plain);
        }

        var (verify, read) = (Rounds.Median(verifying), Rounds.Median(reading));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"audit verify (a)-(c) of {events:N0} events with their documents, median of {rounds}: "
            + $"{events / verify:N0} events/s (50,000 are asked for)"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"only reading the same rows: {events / read:N0} events/s; verifying takes "
            + $"{Rounds.Median(verifying.Zip(reading, (one, other) => one / other)):F1} times as long"));
        return (events, events / verify, megabytes);
    }

    private static async Task ReadAsync(LedgerHost ledger)
    {
        await using var connection = await ledger.Database.OpenConnectionAsync();
        foreach (var (select, fields) in new[]
        {
            ($"select {EventLeaf.Columns} from janusq.mt_events e order by e.seq_id", EventLeaf.Fields),
            ("select sha256, size, encoding, bytes from janusq.content", 4),
        })
        {
            await using var rows = await CopyRows.OpenAsync(connection, select, fields, CancellationToken.None);
            while (rows.Read())
            {
            }
        }
    }

    /// <summary>The most managed memory in use until it is ended, in megabytes.</summary>
    private static async Task<double> PeakAsync(CancellationToken ending)
    {
        var peak = 0L;
        while (!ending.IsCancellationRequested)
        {
            peak = Math.Max(peak, GC.GetTotalMemory(false));
            await Task.Delay(10, CancellationToken.None);
        }

        return peak / 1e6;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
