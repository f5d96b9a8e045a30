using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Npgsql;

namespace JanusQ.Ledger.Tests.Candidates;

/// <summary>Up to where answers are complete, which is what whoever follows the events from there on relies on.</summary>
public sealed class SnapshotQueriesTests(PostgreSqlFixture postgres)
{
    private const string DrawsANumber = "select nextval('janusq.mt_events_sequence')";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_answer_is_complete_up_to_the_last_event_where_nobody_is_about_to_add_one()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        Assert.Equal(0, (await ledger.Host.Snapshots.SafetyAsync(Cancellation)).Sequence);
        await EngageAsync(ledger);

        var last = await LastAsync(ledger);

        Assert.All(await SequencesAsync(ledger), sequence => Assert.Equal(last, sequence));
    }

    [Fact]
    public async Task an_answer_is_not_complete_up_to_an_event_before_which_another_may_still_be_committed()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await EngageAsync(ledger);
        await using var slow = new NpgsqlConnection(ledger.ConnectionString);
        await slow.OpenAsync(Cancellation);
        await using var open = await slow.BeginTransactionAsync(Cancellation);
        await using var draw = new NpgsqlCommand(DrawsANumber, slow, open);
        var drawn = (long)(await draw.ExecuteScalarAsync(Cancellation))!;
        await ledger.Host.SendAsync(new ReleaseKillSwitch { By = PromotableRun.Operator, Reason = "out" }, Cancellation);

        var meanwhile = await ledger.Host.Snapshots.SafetyAsync(Cancellation);
        Assert.True(await LastAsync(ledger) > drawn);
        Assert.Null(meanwhile.Value.KillSwitch);
        Assert.All(await SequencesAsync(ledger), sequence => Assert.InRange(sequence, 0, drawn - 1));

        await open.RollbackAsync(Cancellation);
        var last = await LastAsync(ledger);
        Assert.All(await SequencesAsync(ledger), sequence => Assert.Equal(last, sequence));
    }

    [Fact]
    public async Task an_answer_waits_for_an_append_that_is_about_to_be_committed()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await EngageAsync(ledger);
        await using var slow = new NpgsqlConnection(ledger.ConnectionString);
        await slow.OpenAsync(Cancellation);
        await using var open = await slow.BeginTransactionAsync(Cancellation);
        await using var draw = new NpgsqlCommand(DrawsANumber, slow, open);
        await draw.ExecuteScalarAsync(Cancellation);
        await ledger.Host.SendAsync(new ReleaseKillSwitch { By = PromotableRun.Operator, Reason = "out" }, Cancellation);

        var answering = ledger.Host.Snapshots.SafetyAsync(Cancellation);
        await open.CommitAsync(Cancellation);

        Assert.Equal(await LastAsync(ledger), (await answering).Sequence);
    }

    private static Task<SafetyRecording> EngageAsync(ALedger ledger) =>
        ledger.Host.SendAsync(new EngageKillSwitch { By = PromotableRun.Operator, Reason = "fire" }, Cancellation);

    private static Task<long> LastAsync(ALedger ledger) => ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events");

    private static async Task<long[]> SequencesAsync(ALedger ledger) =>
    [
        (await ledger.Host.Snapshots.SafetyAsync(Cancellation)).Sequence,
        (await ledger.Host.Snapshots.CandidatesAsync(new(), null, 10, Cancellation)).Sequence,
        (await ledger.Host.Snapshots.ChampionsAsync(cancellation: Cancellation)).Sequence,
        (await ledger.Host.Snapshots.PoliciesAsync(Cancellation)).Sequence,
        (await ledger.Host.Decisions.FindAsOfAsync("0123456789abcdef01234567", Cancellation)).Sequence,
    ];
}
