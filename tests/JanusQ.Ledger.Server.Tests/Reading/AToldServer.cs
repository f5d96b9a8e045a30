using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Reading;

/// <summary>
/// A server on a ledger in which something happened, for tests that only read: two candidates were promoted one after the other, a
/// third was denied.
/// </summary>
public sealed class AToldServer(PostgreSqlFixture postgreSql) : IAsyncLifetime
{
    public AServer Server { get; private set; } = null!;

    public PromotableRun First { get; } = PromotableRun.Number(0);

    public PromotableRun Second { get; } = PromotableRun.Number(1);

    public PromotableRun Loser { get; } = PromotableRun.Loser();

    /// <summary>The decisions in the order in which they were made.</summary>
    public IReadOnlyList<PromotionAnswer> Answers { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Server = await AServer.StartAsync(postgreSql, options => options with { Clock = new StandingClock(PromotableRun.Now) });
        await PromotableRun.PrepareAsync(Server.Ledger, cancellation);
        Answers =
        [
            await First.PromoteAsync(Server.Ledger, cancellation),
            await Second.PromoteAsync(Server.Ledger, cancellation),
            await Loser.PromoteAsync(Server.Ledger, cancellation),
        ];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(nameof(ToldServer))]
public sealed class ToldServer : ICollectionFixture<AToldServer>;
