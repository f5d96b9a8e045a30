using System.Net;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Watching;

// The instruments are the process's: nobody else may send commands meanwhile.
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
[Collection(nameof(MetricsTests))]
public sealed class MetricsTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_attempt_and_every_failed_gate_is_counted_once_by_its_reason()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("operator");
        var before = await Scrape.OfAsync(client, Cancellation);
        var (run, loser) = (PromotableRun.Number(0), PromotableRun.Loser());
        await PromotableRun.PrepareAsync(server.Ledger, Cancellation);
        await run.SubmitAsync(server.Ledger, Cancellation);
        var denied = (await run.RequestAsync(server.Ledger, Cancellation)).Decision!;
        await run.ApproveAsync(server.Ledger, Cancellation);
        var promoted = (await run.RequestAsync(server.Ledger, Cancellation)).Decision!;
        await run.RequestAsync(server.Ledger, Cancellation);
        await run.RequestAsync(server.Ledger, Cancellation, PromotableRun.Approver);
        await loser.SubmitAsync(server.Ledger, Cancellation);
        await loser.RequestAsync(server.Ledger, Cancellation);
        var evaluated = (await server.Ledger.Queries.HistoryAsync(loser.CandidateId, Cancellation))
            .Select(one => one.Happened).OfType<Core.Candidates.GateMatrixEvaluated>().Single();
        var failed = evaluated.Gates.First(gate => gate.Status != "pass");

        var after = await Scrape.OfAsync(client, Cancellation);
        Assert.Equal((PromotionAction.Deny, PromotionAction.Promote), (denied.Action, promoted.Action));
        double Told(params string[] labels) => after["promotion_attempt_total", labels] - before["promotion_attempt_total", labels];
        Assert.Equal(1, Told("""target="paper""", """status="deny""", $"reason=\"{denied.Reasons[0]}\""));
        Assert.Equal(1, Told("""target="paper""", """status="promote""", """reason="none"""));
        Assert.Equal(1, Told("""target="paper""", """status="unchanged"""));
        Assert.Equal(1, Told("""status="refused""", """reason="not_authorised"""));
        Assert.Equal(5, after.SumOf("promotion_attempt_total") - before.SumOf("promotion_attempt_total"));
        string[] failure = [$"gate_id=\"{failed.GateId}\"", $"reason=\"{failed.Reasons[0]}\""];
        Assert.Equal(1, after["autonomy_gate_fail_total", failure] - before["autonomy_gate_fail_total", failure]);
    }

    [Fact]
    public async Task the_evidence_of_the_latest_decision_is_told_as_it_stands_there()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("admin");
        await PromotableRun.PrepareAsync(server.Ledger, Cancellation);
        var run = PromotableRun.Number(0);
        await run.PromoteAsync(server.Ledger, Cancellation);
        var (events, rewards) =
            (CountOf(run, "gates/janus-event-car-v1.json", "event_count"), CountOf(run, "gates/janus-hgrm-reward-v1.json", "reward_count"));
        Assert.True(events > 0 && rewards > 0);
        var told = await UntilAsync(client, scrape =>
            (scrape["janus_event_count"], scrape["janus_reward_count"], scrape["janus_evidence_complete"]) == (events, rewards, 1));
        Assert.True(told["janusq_append_duration_seconds_count", """command="RequestPromotion""", """outcome="recorded"""] >= 1);
        Assert.True(
            told["janusq_append_duration_seconds_bucket", """command="SubmitLaneRun""", """outcome="recorded""", """le="10"""] >= 1);
    }

    [Fact]
    public async Task a_decision_without_evidence_is_told_as_one_even_where_another_program_decided()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("admin");
        await PromotableRun.PrepareAsync(server.Ledger, Cancellation);
        await PromotableRun.Number(0).PromoteAsync(server.Ledger, Cancellation);
        await UntilAsync(client, scrape => scrape["janus_evidence_complete"] == 1);

        await using var another = await server.BesideAsync(new ServerSettings());
        var run = SmallRuns.AFinishedRun();
        await another.Ledger.SendAsync(run, Cancellation);
        var asked = new RequestPromotion
        {
            CandidateId = run.Start.CandidateId,
            By = SmallRuns.Worker,
            EvaluationId = run.Start.EvaluationId,
        };
        Assert.Equal(PromotionAction.Deny, (await another.Ledger.SendAsync(asked, Cancellation)).Decision!.Action);
        await UntilAsync(client, scrape =>
            (scrape.Find("janus_event_count"), scrape.Find("janus_reward_count"), scrape.Find("janus_evidence_complete")) == (0, 0, 0));
    }

    [Fact]
    public async Task lag_and_the_age_of_the_checkpoint_are_told()
    {
        var key = SignerKey.FromSeed("ledger.example/log", [.. Enumerable.Repeat((byte)7, SignerKey.SeedSize)]);
        await using var server = await AServer.StartAsync(
            postgreSql, options => options with { Log = new LogOptions { Keys = LogKeyRing.Of(key) } }, settings: Often);
        using var client = server.ClientOf("operator");
        await PromotableRun.Number(0).SubmitAsync(server.Ledger, Cancellation);
        await server.Ledger.Log.CatchUpAsync(TimeSpan.FromSeconds(30), Cancellation);
        await PromotableRun.Number(1).SubmitAsync(server.Ledger, Cancellation);
        var status = await server.Ledger.Log.Reader.StatusAsync(Cancellation);
        var all = status!.Size + status.EventsBehind;

        // A scrape may see one instrument before and another after the same telling: all are waited for together.
        var told = await UntilAsync(client, scrape => scrape["janusq_log_lag_events"] == status.EventsBehind
            && scrape["janusq_projection_lag_events", """projection="Decision"""] == all
            && scrape.Find("janusq_log_lag_seconds") is not null
            && scrape.Find("janusq_log_checkpoint_age_seconds") is not null);
        Assert.True(status.EventsBehind > 0);
        Assert.InRange(told["janusq_log_checkpoint_age_seconds"], 0, 600);
        Assert.InRange(told["janusq_log_lag_seconds"], 0, 600);
        await server.Ledger.Projections.CatchUpAsync(Cancellation);
        await UntilAsync(client, scrape => scrape.Find("janusq_projection_lag_events", """projection="Decision""") == 0
            && scrape.Find("janusq_projection_lag_seconds", """projection="Decision""") == 0);
    }

    [Fact]
    public async Task what_the_security_log_lacks_is_told()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, settings: new ServerSettings { SecurityLogQueue = 1, SecurityLogPerSecond = 1 });
        using var client = server.ClientOf("operator");
        using var nobody = server.ClientOf(null);
        var before = await Scrape.OfAsync(client, Cancellation);
        Assert.NotNull(before.Find("janus_security_log_dropped_total", "kind=\"known\""));
        for (var i = 0; i < 50; i++)
            (await nobody.GetAsync(new Uri("/v1/candidates", UriKind.Relative), Cancellation)).Dispose();
        var told = await UntilAsync(client, scrape => Lacks(scrape, "unknown") - Lacks(before, "unknown") >= 40);
        Assert.Equal(Lacks(before, "known"), Lacks(told, "known"));

        static double Lacks(Scrape scrape, string kind) => scrape["janus_security_log_dropped_total", $"kind=\"{kind}\""];
    }

    [Theory]
    [InlineData(null, false, HttpStatusCode.Unauthorized)]
    [InlineData("worker", false, HttpStatusCode.Forbidden)]
    [InlineData("operator", false, HttpStatusCode.OK)]
    [InlineData(null, true, HttpStatusCode.OK)]
    public async Task only_who_watches_reads_metrics_unless_they_are_public(string? role, bool isPublic, HttpStatusCode expected)
    {
        await using var server = await AServer.StartAsync(
            postgreSql, settings: new ServerSettings { Watch = new WatchSettings { PublicMetrics = isPublic } });
        using var client = server.ClientOf(role);
        using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static ServerSettings Often => new() { Watch = new WatchSettings { Interval = TimeSpan.FromMilliseconds(50) } };

    private Task<AServer> StartAsync() => AServer.StartAsync(
        postgreSql, options => options with { Clock = new FixedClock(PromotableRun.Now) }, settings: Often);

    private static async Task<Scrape> UntilAsync(HttpClient client, Func<Scrape, bool> holds)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var scrape = await Scrape.OfAsync(client, Cancellation);
            if (holds(scrape)) return scrape;
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), scrape.ToString());
            await Task.Delay(50, Cancellation);
        }
    }

    private static double CountOf(PromotableRun run, string path, string member)
    {
        var bytes = run.Submission.Artifacts.Single(artifact => artifact.Path == path).Content.Bytes.ToArray();
        return System.Text.Json.Nodes.JsonNode.Parse(bytes)!["summary"]![member]!.GetValue<double>();
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
