using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Npgsql;

namespace JanusQ.Ledger.Tests.Promotions;

public sealed class WaitingForAPlaceTests(PostgreSqlFixture postgres)
{
    private const int Connections = 4;
    private const string PlaceOfPaper = "19025, 2";
    private const string Waiting =
        """
        select count(*) from pg_locks
        where not granted and locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_crowd_of_promotions_that_waits_for_a_place_leaves_connections_to_others()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with
        {
            Clock = new StandingClock(PromotableRun.Now),
            ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString)
            {
                MaxPoolSize = Connections,
                Timeout = 5,
            }.ConnectionString,
        });
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);
        await run.ApproveAsync(ledger.Host, Cancellation);

        await using var other = new NpgsqlConnection(ledger.ConnectionString);
        await other.OpenAsync(Cancellation);
        await LockAsync(other, "lock");
        var crowd = Enumerable.Range(0, 3 * Connections).Select(_ => run.RequestAsync(ledger.Host, Cancellation)).ToArray();
        while (await ledger.ScalarAsync<long>(Waiting) == 0) await Task.Delay(TimeSpan.FromMilliseconds(10), Cancellation);
        for (var look = 0; look < 100; look++)
            Assert.NotNull(await ledger.Host.Queries.CandidateAsync(run.CandidateId, Cancellation));
        Assert.Equal(1, await ledger.ScalarAsync<long>(Waiting));
        await LockAsync(other, "unlock");

        var answers = await Task.WhenAll(crowd);
        Assert.Equal(PromotionAction.Promote, Assert.Single(answers, Recorded).Decision!.Action);
        Assert.All(answers, answer => Assert.True(Recorded(answer) || answer.Outcome == CommandOutcome.Unchanged));
    }

    private static bool Recorded(PromotionAnswer answer) => answer.Outcome == CommandOutcome.Recorded;

    private static async Task LockAsync(NpgsqlConnection connection, string how)
    {
        await using var command = new NpgsqlCommand($"select pg_advisory_{how}({PlaceOfPaper})", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
