using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Tests.Concurrency;

/// <summary>Whatever many workers, operators and approvers do at the same time, the invariants hold (ledger.md section 6).</summary>
public sealed class RandomLoadTests(PostgreSqlFixture postgres)
{
    private const int Actors = 6;

    private static readonly Gen<LoadCommand> Commands = Gen.Select(
        Gen.Frequency(
            (3, Gen.Const(LoadAction.Submit)),
            (5, Gen.Const(LoadAction.Approve)),
            (8, Gen.Const(LoadAction.Request)),
            (6, Gen.Enum<LoadAction>())),
        Gen.Int[0, PromotableRun.Count - 1],
        (action, run) => new LoadCommand(action, run));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task whatever_is_issued_in_parallel_there_is_one_champion_and_every_decision_replays()
    {
        var (decisions, recorded) = (0, 0);
        await Commands.Array[8, 20].Array[Actors].SampleAsync(
            async actors =>
            {
                await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(
                    postgres, options => options with { Clock = new RunningClock() });
                await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
                var acknowledged = new ConcurrentBag<Acknowledged>();
                await Task.WhenAll(actors.Select((commands, actor) => Task.Run(async () =>
                {
                    for (var number = 0; number < commands.Length; number++)
                    {
                        var mark = string.Create(CultureInfo.InvariantCulture, $"actor-{actor}-{number}");
                        if (await commands[number].IssueAsync(ledger.Host, mark, Cancellation) is { } one) acknowledged.Add(one);
                    }
                })));
                var invariants = new LedgerInvariants(ledger.Host, ledger.ConnectionString);
                Interlocked.Add(ref decisions, await invariants.CheckAsync());
                await invariants.CheckAsync(acknowledged);
                Interlocked.Add(ref recorded, acknowledged.Count);
            },
            iter: 4,
            threads: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{recorded} commands recorded, {decisions} decisions");
        Assert.True(decisions > 10, $"Only {decisions} decisions were made: the load is too thin to say anything.");
    }
}
