using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Tests.Compliance;
using JasperFx.Events;
using UnknownEventTypeException = Marten.Exceptions.UnknownEventTypeException;

namespace JanusQ.Ledger.Tests.Projections;

public sealed class RebuildTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_projection_is_what_the_events_say_and_a_rebuild_finds_nothing_to_do()
    {
        await using var ledger = await ToldAsync();
        Assert.Equal(
            EventNames.All.Select(name => name.Name).Order(),
            (await ledger.ListAsync("select distinct type from janusq.mt_events where type <> 'tombstone' order by 1")).Order());
        var compared = await ledger.Host.Projections.CompareAsync(cancellation: Cancellation);
        Assert.Equal(ledger.Host.Projections.Names, compared.Select(one => one.Name));
        Assert.All(compared, one => Assert.True(one is { IsEqual: true, Rows: > 0 }, one.ToString()));
        Assert.Equal(compared, await ledger.Host.Projections.RebuildAsync(cancellation: Cancellation));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from pg_class where relpersistence = 't'"));
    }

    [Fact]
    public async Task a_rebuild_puts_right_whatever_the_events_do_not_say()
    {
        await using var ledger = await ToldAsync();
        var before = await EverythingAsync(ledger);
        foreach (var table in await DocumentTablesAsync(ledger))
        {
            await ledger.ExecuteAsync(
                $"""
                insert into janusq.{table} (id, data, mt_dotnet_type) select 'nobody', data, mt_dotnet_type from janusq.{table} limit 1;
                delete from janusq.{table} where id = (select min(id collate "C") from janusq.{table} where id <> 'nobody');
                update janusq.{table} set data = jsonb_set(data, array['invented'], '1') where id <> 'nobody';
                """);
        }

        await ledger.ExecuteAsync(
            """
            update compliance.decisions set reasons = array['invented'];
            delete from compliance.gate_results where ordinal = 3;
            insert into compliance.submitters select candidate_id, evaluation_id, 'nobody', first_at, 0 from compliance.submitters;
            update compliance.candidates set progress = 'paper', champion_of = array['live'];
            delete from compliance.policies;
            """);
        var compared = await ledger.Host.Projections.CompareAsync(cancellation: Cancellation);
        Assert.All(compared, one => Assert.True(one is { Missing: > 0, Superfluous: > 0 }, one.ToString()));
        Assert.NotEqual(before, await EverythingAsync(ledger));
        foreach (var name in ledger.Host.Projections.Names)
            Assert.Equal([compared.Single(one => one.Name == name)], await ledger.Host.Projections.RebuildAsync(name, Cancellation));
        Assert.Equal(before, await EverythingAsync(ledger));
        Assert.All(await ledger.Host.Projections.CompareAsync(cancellation: Cancellation), one => Assert.True(one.IsEqual, one.ToString()));
    }

    [Fact]
    public async Task the_event_stores_own_rebuild_gives_the_same()
    {
        await using var ledger = await ToldAsync();
        using (var daemon = await ledger.Host.Store.BuildProjectionDaemonAsync())
            foreach (var name in ledger.Host.Projections.Names) await daemon.RebuildProjectionAsync(name, Cancellation);
        Assert.All(
            await ledger.Host.Projections.CompareAsync(cancellation: Cancellation),
            one => Assert.True(one is { IsEqual: true, Rows: > 0 }, one.ToString()));
    }

    [Fact]
    public async Task what_is_recorded_while_a_rebuild_runs_is_in_it_and_whoever_reads_is_not_held_up()
    {
        await using var ledger = await ToldAsync();
        using var done = new CancellationTokenSource();
        var writing = Task.Run(
            async () =>
            {
                var number = 100;
                while (!done.IsCancellationRequested) await ledger.Host.SendAsync(ALedger.AFinishedRun(number++, 2), Cancellation);
                return number;
            },
            Cancellation);
        var reading = Task.Run(
            async () =>
            {
                var least = long.MaxValue;
                while (!done.IsCancellationRequested)
                    least = Math.Min(least, await ledger.ScalarAsync<long>("select count(*) from compliance.decisions"));
                return least;
            },
            Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await ledger.ExecuteAsync("update compliance.decisions set reasons = array['invented']");
            await ledger.Host.Projections.RebuildAsync(cancellation: Cancellation);
            await ledger.Host.Projections.CatchUpAsync(Cancellation);
        }

        await done.CancelAsync();
        Assert.True(await writing > 101);
        Assert.Equal(4L, await reading);
        await ledger.Host.Projections.CatchUpAsync(Cancellation);
        Assert.All(await ledger.Host.Projections.CompareAsync(cancellation: Cancellation), one => Assert.True(one.IsEqual, one.ToString()));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from compliance.decisions where 'invented' = any (reasons)"));
    }

    [Fact]
    public async Task an_event_of_an_unknown_kind_stops_every_projection_and_every_rebuild()
    {
        await using var ledger = await ToldAsync();
        var names = ledger.Host.Projections.Names;
        var reached = (await ledger.Host.Projections.ProgressAsync(Cancellation)).Where(one => !one.WithItsEvents).ToArray();
        foreach (var stream in new[] { CandidateIdentity.StreamOf(AStory.Held), "champion-paper", "policy-paper", "drills" })
        {
            await ledger.ExecuteAsync(
                $"""
                insert into janusq.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, headers)
                select nextval('janusq.mt_events_sequence'), gen_random_uuid(), id, version + 1, '{"{}"}', 'meteor_struck', now(),
                    'Some.Meteor, Some', jsonb_build_object('data_sha256', encode(sha256('{"{}"}'), 'hex'))
                from janusq.mt_streams where id = '{stream}'
                """);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => ledger.Host.Projections.CatchUpAsync(Cancellation));
        var first = await ledger.ScalarAsync<long>("select min(seq_id) from janusq.mt_events where type = 'meteor_struck'");
        foreach (var progress in await ledger.Host.Projections.ProgressAsync(Cancellation))
            Assert.True(progress.Sequence is null || progress.Sequence < first, progress.ToString());

        // As if somebody had passed over them: then the rebuild does not.
        await ledger.ExecuteAsync("update janusq.mt_event_progression set last_seq_id = (select max(seq_id) from janusq.mt_events)");
        foreach (var name in names)
        {
            await Assert.ThrowsAsync<UnknownEventTypeException>(() => ledger.Host.Projections.CompareAsync(name, Cancellation));
            await Assert.ThrowsAsync<UnknownEventTypeException>(() => ledger.Host.Projections.RebuildAsync(name, Cancellation));
        }

        Assert.Equal(4, names.Count(name => reached.Any(one => one.Name == name)));
    }

    [Fact]
    public void a_kind_of_event_that_is_known_but_not_to_the_projection_is_an_error()
    {
        var strange = new Event<string>("other") { StreamKey = CandidateIdentity.StreamOf(AStory.Held) };
        Assert.Throws<UnknownCandidateEventException>(() => new ComplianceRows("compliance").Of([strange]));
        Assert.Throws<UnknownCandidateEventException>(() => new DecisionProjection().Evolve(null, "a/b", strange));
        Assert.Throws<UnknownCandidateEventException>(() => new GateFailureProjection().Evolve(null, "a/b", strange));
        var drill = new Event<KillSwitchReleased>(new KillSwitchReleased { Actor = "a", Role = "operator", At = default, Reason = "r" });
        Assert.Throws<UnknownCandidateEventException>(() => new DecisionProjection().Evolve(null, "a/b", drill));
    }

    [Fact]
    public async Task a_projection_that_does_not_exist_is_refused()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var refused = await Assert.ThrowsAsync<UnknownProjectionException>(
            () => ledger.Host.Projections.RebuildAsync("Nothing", Cancellation));
        Assert.Contains("Compliance", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_empty_ledger_has_projections_that_have_come_nowhere()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var progress = await ledger.Host.Projections.ProgressAsync(Cancellation);
        Assert.Equal(ledger.Host.Projections.Names, progress.Select(one => one.Name));
        Assert.All(progress, one => Assert.Equal(one.WithItsEvents ? null : 0L, one.Sequence));
        Assert.All(
            await ledger.Host.Projections.RebuildAsync(cancellation: Cancellation), one => Assert.True(one is { IsEqual: true, Rows: 0 }));
    }

    [Fact]
    public async Task a_decision_and_the_gate_failures_can_be_asked_for_and_say_how_complete_they_are()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        var behind = await ledger.Host.Queries.DecisionAsync(AStory.Denied, "decision-c", catchUp: false, Cancellation);
        Assert.Equal((null, 0L), (behind.Value, behind.Sequence));
        var (decision, sequence) = await ledger.Host.Queries.DecisionAsync(AStory.Denied, "decision-c", catchUp: true, Cancellation);
        Assert.Equal(await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events"), sequence);
        Assert.Equal(
            (PromotionAction.Deny, PromotionTarget.Live, false, "promote", "worker-1", "0.0125"),
            (decision!.Action,
                decision.Target, decision.ClaimAgrees, decision.Claimed!.Action, decision.DecidedBy, decision.GateMatrix!.CoverageError));
        Assert.Equal(8, decision.Gates.Length);
        Assert.Equal(
            ["approval_token_missing", "drawdown_exceeds_maximum", "kill_switch_engaged", "live_not_enabled", "rollback_dry_run_stale"],
            decision.Reasons);
        Assert.Equal(["gates/promotion-evidence-gate.json"], decision.MissingArtifacts);
        Assert.Equal(2, decision.Drills.Length);
        Assert.Equal(Happenings.SecondPolicy, decision.PolicySha256);
        Assert.NotNull(decision.GateInputsSha256);

        var failures = await ledger.Host.Queries.GateFailuresAsync(
            new DateOnly(2026, 2, 1), new DateOnly(2026, 3, 1), catchUp: false, Cancellation);
        Assert.Equal(sequence, failures.Sequence);
        Assert.Equal(
            [
                "2026-02-05 gate2_risk_capacity drawdown_exceeds_maximum 1",
                "2026-02-05 gate5_live_ramp_readiness approval_token_missing 1",
                "2026-02-05 gate5_live_ramp_readiness live_not_enabled 1", "2026-02-12 gate2_risk_capacity drawdown_exceeds_maximum 1",
            ],
            failures.Value.Select(row => $"{row.Day} {row.GateId} {row.Reason} {row.Failures}"));
        Assert.Empty(
            (await ledger.Host.Queries.GateFailuresAsync(new DateOnly(2026, 3, 1), new DateOnly(2026, 4, 1), false, Cancellation)).Value);
    }

    private async Task<ALedger> ToldAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        await ledger.Host.Projections.CatchUpAsync(Cancellation);
        return ledger;
    }

    private static Task<IReadOnlyList<string>> DocumentTablesAsync(ALedger ledger) => ledger.ListAsync(
        "select table_name from information_schema.tables where table_schema = 'janusq' and table_name like 'mt\\_doc\\_%' "
        + "and table_name not in ('mt_doc_deadletterevent', 'mt_doc_envelope') order by 1");

    /// <summary>Every row of every projection.</summary>
    private static async Task<IReadOnlyList<string>> EverythingAsync(ALedger ledger)
    {
        var rows = new List<string>();
        foreach (var table in await DocumentTablesAsync(ledger))
            rows.AddRange(
                await ledger.ListAsync($"select '{table} ' || id || ' ' || data::text from janusq.{table} order by id collate \"C\""));
        foreach (var table in ComplianceTables.All)
            rows.AddRange(await ledger.ListAsync($"select '{table} ' || to_jsonb(one)::text from compliance.{table} one order by 1"));
        return rows;
    }
}
