using System.Text.Json.Nodes;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Watching;

namespace JanusQ.Ledger.Tests.Watching;

public sealed class EvidenceReaderTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_evidence_is_that_of_the_decision_that_was_recorded_last_by_whatever_program()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var reader = ledger.Host.Evidence;
        Assert.Null(await reader.ReadAsync(Cancellation));

        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);
        Assert.Null(await reader.ReadAsync(Cancellation));
        await run.RequestAsync(ledger.Host, Cancellation);
        var expected = new ToldEvidence(
            CountOf(run, "gates/janus-event-car-v1.json", "event_count"), CountOf(run, "gates/janus-hgrm-reward-v1.json", "reward_count"),
            true);
        Assert.Equal(expected, await reader.ReadAsync(Cancellation));
        Assert.True(expected is { Events: > 0, Rewards: > 0 });

        await using var another = ledger.Another();
        Assert.Equal(expected, await another.Evidence.ReadAsync(Cancellation));
        await ledger.ScalarAsync<long>("select max(nextval('janusq.mt_events_sequence')) from generate_series(1, 5000)");
        await PromotableRun.Number(1).SubmitAsync(another, Cancellation);
        Assert.Equal(expected, await reader.ReadAsync(Cancellation));
        await DecideWithoutEvidenceAsync(another);
        Assert.Equal(ToldEvidence.None, await reader.ReadAsync(Cancellation));
        await PromotableRun.Number(1).RequestAsync(another, Cancellation);
        Assert.Equal(expected, await reader.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task evidence_that_was_altered_is_none_that_can_be_read()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(ledger.Host, Cancellation);
        var decided = (await run.RequestAsync(ledger.Host, Cancellation)).Decision!;
        await ledger.ExecuteAsync(
            $"""
            alter table janusq.content disable trigger user;
            update janusq.content set size = size + 1 where sha256 = '\x{decided.GateInputsSha256}'
            """);
        await Assert.ThrowsAsync<IntegrityException>(() => ledger.Host.Evidence.ReadAsync(Cancellation));
    }

    private static async Task DecideWithoutEvidenceAsync(LedgerHost host)
    {
        var run = ALedger.AFinishedRun(7);
        await host.SendAsync(run, Cancellation);
        var answer = await host.SendAsync(
            new RequestPromotion { CandidateId = run.Start.CandidateId, By = ALedger.Worker, EvaluationId = run.Start.EvaluationId },
            Cancellation);
        Assert.NotNull(answer.Decision);
    }

    private static long CountOf(PromotableRun run, string path, string member)
    {
        var bytes = run.Submission.Artifacts.Single(artifact => artifact.Path == path).Content.Bytes.ToArray();
        return JsonNode.Parse(bytes)!["summary"]![member]!.GetValue<long>();
    }
}
