using System.Text.Json;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Champions;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Compliance;
using JasperFx.Events;

namespace JanusQ.Ledger.Tests.Candidates;

public sealed class LedgerQueriesTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task candidates_come_page_by_page_in_one_order_and_filtered()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        string[] ids = ["cand-a", "cand-a-1", "cand-a.1", "cand-a1", "cand-a_1", "cand-b"];
        for (var i = 0; i < ids.Length; i++)
        {
            if (i % 2 == 0) await ledger.Host.SendAsync(ALedger.AFinishedRun(i, 1, ids[i]), Cancellation);
            else await ledger.Host.SendAsync(ALedger.ARun(i, ids[i]) with { Target = PromotionTarget.Shadow }, Cancellation);
        }

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await ledger.Host.Queries.CandidatesAsync(CandidateFilter.None, after, 2, Cancellation);
            Assert.InRange(page.Candidates.Count, 1, 2);
            seen.AddRange(page.Candidates.Select(candidate => candidate.CandidateId));
            after = page.NextAfter;
        }
        while (after is not null);
        Assert.Equal(ids.Order(StringComparer.Ordinal), seen);
        var evaluated = await ledger.Host.Queries.CandidatesAsync(
            new CandidateFilter { Stage = CandidateStage.Evaluated }, null, 100, Cancellation);
        Assert.Equal(["cand-a", "cand-a.1", "cand-a_1"], evaluated.Candidates.Select(candidate => candidate.CandidateId));
        var shadow = await ledger.Host.Queries.CandidatesAsync(
            new CandidateFilter { Stage = CandidateStage.Evaluating, Target = PromotionTarget.Shadow }, "cand-a-1", 100, Cancellation);
        Assert.Equal(["cand-a1", "cand-b"], shadow.Candidates.Select(candidate => candidate.CandidateId));
    }

    [Fact]
    public async Task candidates_are_found_by_stage_target_reason_policy_and_change()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        async Task<string[]> FoundAsync(CandidateFilter filter) =>
            [.. (await ledger.Host.Queries.CandidatesAsync(filter, null, 100, Cancellation)).Candidates.Select(one => one.CandidateId)];

        Assert.Equal(7, (await FoundAsync(CandidateFilter.None)).Length);
        foreach (var (stage, ids) in new Dictionary<CandidateStage, string[]>
        {
            [CandidateStage.Registered] = [AStory.Failed, AStory.Skipped],
            [CandidateStage.Evaluating] = [],
            [CandidateStage.Evaluated] = [],
            [CandidateStage.Denied] = [AStory.Denied],
            [CandidateStage.Held] = [AStory.Held],
            [CandidateStage.Paper] = [AStory.Champion],
            [CandidateStage.Live] = [],
            [CandidateStage.Demoted] = [AStory.RolledBack],
            [CandidateStage.Paused] = [AStory.Paused],
        })
            Assert.Equal(ids, await FoundAsync(new CandidateFilter { Stage = stage }));
        Assert.Equal([AStory.Denied], await FoundAsync(new CandidateFilter { Target = PromotionTarget.Live }));
        Assert.Equal([AStory.Held, AStory.Denied], await FoundAsync(new CandidateFilter { Reason = "drawdown_exceeds_maximum" }));
        Assert.Empty(await FoundAsync(new CandidateFilter { Reason = "drawdown" }));
        Assert.Equal(6, (await FoundAsync(new CandidateFilter { GatePolicySha256 = Sha256Hash.OfText("policy file") })).Length);
        Assert.Empty(await FoundAsync(new CandidateFilter { GatePolicySha256 = Sha256Hash.OfText("another") }));

        // The instant of a change belongs to what changed since it, and not to what changed until it.
        var change = Instant.Parse("2026-02-05T12:00:00Z");
        Assert.Contains(AStory.Denied, await FoundAsync(new CandidateFilter { ChangedSince = change }));
        Assert.DoesNotContain(AStory.Denied, await FoundAsync(new CandidateFilter { ChangedUntil = change }));
        Assert.Equal(
            [AStory.Denied],
            await FoundAsync(new CandidateFilter { ChangedSince = change, ChangedUntil = Instant.Parse("2026-02-05T12:00:00.000001Z") }));
        Assert.Equal(
            [AStory.Denied],
            await FoundAsync(new CandidateFilter
            {
                Stage = CandidateStage.Denied,
                Target = PromotionTarget.Live,
                Reason = "kill_switch_engaged",
                GatePolicySha256 = Sha256Hash.OfText("policy file"),
                ChangedSince = Instant.Parse("2026-02-05"),
                ChangedUntil = Instant.Parse("2026-02-06"),
            }));
        var page = await ledger.Host.Queries.CandidatesAsync(
            new CandidateFilter { Reason = "drawdown_exceeds_maximum" }, null, 1, Cancellation);
        Assert.Equal((1, AStory.Held), (page.Candidates.Count, page.NextAfter));
        page = await ledger.Host.Queries.CandidatesAsync(
            new CandidateFilter { Reason = "drawdown_exceeds_maximum" }, page.NextAfter, 1, Cancellation);
        Assert.Equal((AStory.Denied, null), (Assert.Single(page.Candidates).CandidateId, page.NextAfter));
    }

    [Fact]
    public async Task a_candidate_can_be_seen_as_it_was_at_every_version_and_instant()
    {
        var clock = new SteppingClock(DateTimeOffset.Parse("2026-02-01T00:00:00Z", null));
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with { Clock = clock });
        var run = ALedger.AFinishedRun(artifacts: 2);
        await ledger.Host.SendAsync(run.Start, Cancellation);
        foreach (var artifact in run.Artifacts)
            await ledger.Host.SendAsync(
                new SubmitArtifact(run.Start.CandidateId, run.Start.EvaluationId, artifact, ALedger.Worker), Cancellation);
        await ledger.Host.SendAsync(run, Cancellation);
        var id = run.Start.CandidateId;
        var history = await ledger.Host.Queries.HistoryAsync(id, Cancellation);
        Assert.Equal(["lane_run_started", "artifact_emitted", "artifact_emitted", "lane_run_completed"],
            history.Select(recorded => recorded.Type));
        Assert.Equal([1L, 2L, 3L, 4L], history.Select(recorded => recorded.Version));
        Assert.All(history, recorded => Assert.Equal(("worker-7", "worker", "correlation-1", "causation-1"),
            (recorded.Happened.Actor, recorded.Happened.Role, recorded.CorrelationId, recorded.CausationId)));
        foreach (var recorded in history)
        {
            var atVersion = await ledger.Host.Queries.CandidateAtVersionAsync(id, recorded.Version, Cancellation);
            var atInstant = await ledger.Host.Queries.CandidateAtInstantAsync(id, recorded.Happened.At, Cancellation);
            Assert.Equal(recorded.Version, atVersion!.StreamVersion);
            Assert.Equal(TextOf(atVersion), TextOf(atInstant));
        }

        Assert.Null(await ledger.Host.Queries.CandidateAtVersionAsync(id, 5, Cancellation));
        Assert.Null(await ledger.Host.Queries.CandidateAtInstantAsync(id, Instant.Parse("2026-01-31"), Cancellation));
        Assert.Null(await ledger.Host.Queries.CandidateAsync("cand-unknown", Cancellation));
        Assert.Empty(await ledger.Host.Queries.HistoryAsync("cand-unknown", Cancellation));
        Assert.Equal(TextOf(await ledger.Host.Queries.CandidateAsync(id, Cancellation)),
            TextOf(await ledger.Host.Queries.CandidateAtVersionAsync(id, 4, Cancellation)));
    }

    [Fact]
    public async Task every_kind_of_event_is_handled_by_both_projections_and_a_rebuild_equals_what_was_live()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var id = await EverythingHappenedAsync(ledger.Host);
        var kinds = (await ledger.Host.Queries.HistoryAsync(id, Cancellation)).Select(recorded => recorded.Type).Distinct();
        var known = EventNames.All.Where(name => name.Type.IsSubclassOf(typeof(CandidateEvent))).Select(name => name.Name);
        Assert.Equal(known.Order(), kinds.Order());

        var live = await ledger.Host.Queries.LaneRunsAsync(id, catchUp: true, Cancellation);
        Assert.Equal(await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events"), live.Sequence);
        Assert.Equal(
            [LaneRunStatus.Completed, LaneRunStatus.Failed, LaneRunStatus.Failed, LaneRunStatus.Skipped],
            live.Value.Select(run => run.Status).Order());
        var completed = live.Value.Single(run => run.Status == LaneRunStatus.Completed);
        Assert.Equal((3, 1), (completed.Artifacts.Count, completed.Conflicts));
        Assert.NotNull(completed.DurationMs);
        var candidate = TextOf(await ledger.Host.Queries.CandidateAsync(id, Cancellation));
        var facts = await FactsAsync(ledger.Host);
        var runs = live.Value.Select(TextOf).Order().ToArray();

        foreach (var table in new[] { "candidate", "lane_run", "champion_slot", "policy_book", "safety_controls" })
            await ledger.ScalarAsync<long>($"with gone as (delete from janusq.mt_doc_{table} returning 1) select count(*) from gone");
        using (var daemon = await ledger.Host.Store.BuildProjectionDaemonAsync())
        {
            foreach (var name in new[] { nameof(
                Candidate), nameof(LaneRun), nameof(ChampionSlot), nameof(PolicyBook), nameof(SafetyControls) })
                await daemon.RebuildProjectionAsync(name, Cancellation);
        }

        Assert.Equal(facts, await FactsAsync(ledger.Host));

        Assert.Equal(candidate, TextOf(await ledger.Host.Queries.CandidateAsync(id, Cancellation)));
        var rebuilt = await ledger.Host.Queries.LaneRunsAsync(id, catchUp: false, Cancellation);
        Assert.Equal(runs, rebuilt.Value.Select(TextOf).Order());
        Assert.Equal(live.Sequence, rebuilt.Sequence);
    }

    [Fact]
    public async Task a_repeated_run_is_recognised_whatever_counted_as_now()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var run = ALedger.AFinishedRun(artifacts: 1);
        var start = run.Start;
        await ledger.Host.SendAsync(run, Cancellation);
        var later = start with { EvaluatedAt = Instant.Parse("2026-03-01") };
        await ledger.Host.SendAsync(run with { Start = later }, Cancellation);
        var candidate = await ledger.Host.Queries.CandidateAsync(start.CandidateId, Cancellation);
        Assert.Equal(later.EvaluationId, candidate!.FindSame(start.RunId, start.CodeVersion, OptionalDocuments.None)!.Start.EvaluationId);
        Assert.Null(candidate.FindSame(start.RunId, "2.0.0", OptionalDocuments.None));
        var documents = OptionalDocuments.None with { TcaMetrics = Sha256Hash.OfText("tca") };
        Assert.Null(candidate.FindSame(start.RunId, start.CodeVersion, documents));
    }

    [Fact]
    public async Task an_event_that_a_projection_does_not_know_is_an_error_and_not_passed_over()
    {
        Assert.Throws<UnknownCandidateEventException>(
            () => new CandidateProjection().Evolve(null, "candidate-a", new Event<string>("other")));
        Assert.Throws<UnknownCandidateEventException>(() => new SafetyProjection().Evolve(null, "drills", new Event<string>("other")));
        Assert.Throws<UnknownCandidateEventException>(() => new PolicyProjection().Evolve(null, "policy-a", new Event<string>("other")));
        Assert.Throws<UnknownCandidateEventException>(
            () => new ChampionProjection().Evolve(null, "champion-paper", new Event<string>("other")));
        Assert.Throws<UnknownCandidateEventException>(() => new LaneRunProjection().Evolve(null, "a/b", new Event<string>("other")));
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(ALedger.AFinishedRun(), Cancellation);
        Assert.Equal(1, await ledger.TamperAsync("update janusq.mt_events set data = data - 'path' where version = 5"));
        await Assert.ThrowsAnyAsync<Exception>(
            () => ledger.Host.Queries.LaneRunsAsync(ALedger.ARun().CandidateId, catchUp: true, Cancellation));
        await Assert.ThrowsAnyAsync<Exception>(() => ledger.Host.Queries.HistoryAsync(ALedger.ARun().CandidateId, Cancellation));
    }

    [Fact]
    public async Task an_event_in_a_stream_of_another_kind_is_refused_when_it_is_appended()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var id = await EverythingHappenedAsync(ledger.Host);
        var before = await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events");
        LedgerEvent[] kinds =
        [
            .. EveryEvent.Safety, .. EveryEvent.Policy, .. EveryEvent.Champion, .. EveryEvent.OfCandidate(ALedger.ARun())
        ];
        foreach (var stream in new[]
        {
            CandidateIdentity.StreamOf(id), SafetyControls.Stream, PolicyBook.StreamOf("main"),
            ChampionSlot.StreamOf(PromotionTarget.Paper),
        })
        {
            foreach (var alien in kinds.Where(kind => !BelongsTo(kind, stream)))
            {
                await using var session = ledger.Host.Store.LightweightSession();
                session.Events.Append(stream, alien);
                await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync(Cancellation));
            }
        }

        Assert.Equal(before, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_events where type <> 'tombstone'"));
    }

    private static bool BelongsTo(LedgerEvent kind, string stream) => kind switch
    {
        CandidateEvent => stream.StartsWith(CandidateIdentity.StreamPrefix, StringComparison.Ordinal),
        SafetyEvent => stream == SafetyControls.Stream,
        PolicyEvent => stream.StartsWith(PolicyBook.StreamPrefix, StringComparison.Ordinal),
        _ => stream.StartsWith(ChampionSlot.StreamPrefix, StringComparison.Ordinal),
    };

    private static async Task<string> FactsAsync(LedgerHost host) => string.Join(
        '\n',
        TextOf(await host.Facts.SafetyAsync(Cancellation)),
        TextOf(await host.Facts.PoliciesAsync(Cancellation)),
        TextOf(await host.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation)));

    /// <summary>One candidate that lived through every kind of event, and every other stream too. Its id.</summary>
    private static async Task<string> EverythingHappenedAsync(LedgerHost host)
    {
        var run = ALedger.AFinishedRun(artifacts: 3);
        var id = run.Start.CandidateId;
        await host.SendAsync(run, Cancellation);
        await host.SendAsync(
            run with { Artifacts = run.Artifacts.SetItem(1, ALedger.AnArtifact(run.Artifacts[1].Path, "{}")) }, Cancellation);
        var later = run.Start with { EvaluatedAt = Instant.Parse("2026-01-06") };
        await host.SendAsync(later, Cancellation);
        var fail = new FailLaneRun
        {
            CandidateId = id,
            By = ALedger.Worker,
            RunId = run.Start.RunId,
            EvaluationId = later.EvaluationId,
            ErrorCode = "disk_full",
            Message = "No space is left.",
        };
        await host.SendAsync(fail, Cancellation);
        await host.SendAsync(fail with { RunId = Sha256Hash.OfText("refused").Id, EvaluationId = null }, Cancellation);
        await host.SendAsync(
            new SkipLaneRun
            {
                CandidateId = id,
                By = ALedger.Worker,
                RunId = Sha256Hash.OfText("skipped").Id,
                Reason = "no_signal",
                WindowStart = Instant.Parse("2026-01-05"),
                WindowEnd = Instant.Parse("2026-01-06"),
            },
            Cancellation);
        await using var session = host.Store.LightweightSession();
        session.Events.Append(CandidateIdentity.StreamOf(id), EveryEvent.OfCandidate(run.Start));
        session.Events.StartStream<SafetyControls>(SafetyControls.Stream, EveryEvent.Safety);
        session.Events.StartStream<PolicyBook>(PolicyBook.StreamOf("main"), EveryEvent.Policy);
        session.Events.StartStream<ChampionSlot>(ChampionSlot.StreamOf(PromotionTarget.Paper), EveryEvent.Champion);
        await session.SaveChangesAsync(Cancellation);
        return id;
    }

    private static string TextOf<T>(T value) => JsonSerializer.Serialize(value, LedgerJson.Options);

    private sealed class SteppingClock(DateTimeOffset start) : TimeProvider
    {
        private long _steps;

        public override DateTimeOffset GetUtcNow() => start.AddSeconds(Interlocked.Increment(ref _steps));
    }
}
