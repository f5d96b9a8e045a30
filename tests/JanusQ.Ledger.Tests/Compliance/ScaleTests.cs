using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Compliance;

/// <summary>
/// Asked for by name: it takes minutes. A hundred thousand candidates (JANUSQ_SCALE_CANDIDATES says another number), and no question takes
/// longer than people wait without noticing, or reads a large table from end to end.
/// </summary>
public sealed class ScaleTests(PostgreSqlFixture postgres)
{
    private const int Repetitions = 5;
    private const long Large = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task a_hundred_thousand_candidates_are_listed_and_asked_about_within_200_ms_each()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("JANUSQ_SCALE_CANDIDATES"), NumberStyles.None, null, out var wanted)
            ? wanted
            : 100_000;
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var took = Stopwatch.StartNew();
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        await ManyCandidates.AppendAsync(ledger.Host.Store, count, Cancellation);
        Say($"{await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events"):N0} events appended in {took.Elapsed}");
        took.Restart();

        // Appending in bulk leaves out what is written with its events; the rebuild makes it.
        await Task.WhenAll(
            Task.Run(() => ledger.Host.Projections.RebuildAsync(nameof(Candidate), Cancellation), Cancellation),
            Task.Run(() => ledger.Host.Projections.CatchUpAsync(Cancellation), Cancellation));
        Say($"{await ledger.ScalarAsync<long>("select count(*) from janusq.mt_doc_candidate"):N0} candidates and what is behind the events "
            + $"made in {took.Elapsed}");
        await ledger.ExecuteAsync("vacuum analyze");

        var large = await ledger.ListAsync(
            $"""
            select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('janusq', 'compliance') and c.relkind = 'r' and c.reltuples > {Large}
            """);
        Assert.Contains("mt_doc_candidate", large);
        Assert.Contains("gate_results", large);
        var failures = new List<string>();
        foreach (var (name, filter, after) in Filters())
        {
            var median = await MedianAsync(async () => _ = await ledger.Host.Queries.CandidatesAsync(filter, after, 100, Cancellation));
            var (sql, values) = CandidateSearch.Of(filter, after, 101);
            var index = 0;
            var numbered = string.Concat(sql.Select(one => one == '?' ? $"${++index}" : one.ToString()));
            await CheckAsync(
                ledger, $"candidate list {name}", median, $"select id, data from janusq.mt_doc_candidate {numbered}", values, large,
                failures);
        }

        await using var connection = new NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(Cancellation);
        foreach (var (number, question, sql) in QueriesDocument.Read())
        {
            var rows = 0;
            var median = await MedianAsync(async () =>
            {
                rows = 0;
                await using var command = new NpgsqlCommand(sql, connection);
                await using var reader = await command.ExecuteReaderAsync(Cancellation);
                while (await reader.ReadAsync(Cancellation)) rows++;
            });
            await CheckAsync(ledger, $"{number}. {question} ({rows:N0} rows)", median, sql, [], large, failures);
        }

        Assert.Empty(failures);
    }

    private static IEnumerable<(string Name, CandidateFilter Filter, string? After)> Filters()
    {
        yield return ("everything", CandidateFilter.None, null);
        yield return ("a page in the middle", CandidateFilter.None, "cand-00000000c350");
        foreach (var stage in Enum.GetValues<CandidateStage>())
            yield return ($"--stage {stage.Text()}", new CandidateFilter { Stage = stage }, null);
        foreach (var target in Enum.GetValues<PromotionTarget>())
            yield return ($"--target {target.Name()}", new CandidateFilter { Target = target }, null);
        foreach (var reason in new[] { "drawdown_exceeds_maximum", "reason_42", "kill_switch_engaged", "nothing_of_that_kind" })
            yield return ($"--reason {reason}", new CandidateFilter { Reason = reason }, null);
        yield return ("--reason reason_42 in the middle", new CandidateFilter { Reason = "reason_42" }, "cand-00000000c350");
        yield return ("--policy of all", new CandidateFilter { GatePolicySha256 = Sha256Hash.OfText("policy file") }, null);
        yield return ("--policy of none", new CandidateFilter { GatePolicySha256 = Sha256Hash.OfText("another") }, null);
        yield return ("--since a day",
            new CandidateFilter { ChangedSince = Instant.Parse("2026-02-24"), ChangedUntil = Instant.Parse("2026-02-25") }, null);
        yield return ("--since a month", new CandidateFilter { ChangedSince = Instant.Parse("2026-02-01") }, null);
        yield return ("--until half a year", new CandidateFilter { ChangedUntil = Instant.Parse("2025-09-01") }, null);
        yield return ("--until nothing", new CandidateFilter { ChangedUntil = Instant.Parse("2020-01-01") }, null);
        yield return (
            "all at once",
            new CandidateFilter
            {
                Stage = CandidateStage.Denied,
                Target = PromotionTarget.Paper,
                Reason = "reason_42",
                GatePolicySha256 = Sha256Hash.OfText("policy file"),
                ChangedSince = Instant.Parse("2025-06-01"),
                ChangedUntil = Instant.Parse("2026-02-01"),
            },
            null);
    }

    private static async Task<TimeSpan> MedianAsync(Func<Task> ask)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Repetitions; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await ask();
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        return times.Order().ElementAt(Repetitions / 2);
    }

    private static async Task CheckAsync(
        ALedger ledger, string name, TimeSpan median, string sql, object[] values, IReadOnlyList<string> large, List<string> failures)
    {
        Say($"{median.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture),8} ms  {name}");
        var plan = new List<string>();
        await using var connection = new NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"explain {sql}", connection);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation)) plan.Add(reader.GetString(0));
        var read = large.Where(table => plan.Any(line => line.Contains($"Seq Scan on {table} ", StringComparison.Ordinal)
            || line.Contains($"Seq Scan on {table}\n", StringComparison.Ordinal))).ToArray();
        if (median > Longest) failures.Add($"{name} took {median.TotalMilliseconds:F1} ms");
        failures.AddRange(read.Select(table => $"{name} reads {table} from end to end:\n{string.Join('\n', plan)}"));
    }

    private static void Say(string line) => TestContext.Current.SendDiagnosticMessage("{0}", line);
}
