using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Log;
using JanusQ.Ledger.Watching;

namespace JanusQ.Ledger.Tests.Watching;

public sealed class LagReaderTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_few_events_are_counted_and_of_many_the_numbers_drawn_are_told()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        Assert.Equal(Lag.Zero, (await log.Host.Lags.ReadAsync(Cancellation)).Log);

        await log.AppendAsync(3);
        await log.ScalarAsync<long>("select nextval('janusq.mt_events_sequence')");
        await log.AppendAsync(Lag.MostCounted - 3);
        Assert.Equal(Lag.MostCounted, (await log.Host.Lags.ReadAsync(Cancellation)).Log!.Events);

        await log.AppendAsync(1);
        var many = (await log.Host.Lags.ReadAsync(Cancellation)).Log!;
        Assert.Equal(Lag.MostCounted + 2, many.Events);
        Assert.InRange(many.Age, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        await log.CatchUpAsync();
        await log.AppendAsync(2);
        Assert.Equal(2, (await log.Host.Lags.ReadAsync(Cancellation)).Log!.Events);
    }
}
