using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Testing.RunRecorder;
using Npgsql;

namespace JanusQ.Ledger.Tests.Concurrency;

/// <summary>What holds after whatever happened (ledger.md section 6).</summary>
internal sealed class LedgerInvariants(LedgerHost host, string connectionString)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Checks everything.</summary>
    /// <param name="interrupted">
    /// Whether programs or the server were killed. A transaction that ends that way may have drawn sequence numbers, and a server that
    /// starts anew leaves out those that it had set aside.
    /// </param>
    /// <returns>The number of decisions.</returns>
    public async Task<int> CheckAsync(bool interrupted = false)
    {
        var candidates = await CandidatesAsync();
        await CheckStreamsAsync();
        if (!interrupted) await CheckSequenceAsync();
        await CheckPlaceAsync(candidates);
        var decisions = 0;
        foreach (var candidate in candidates) decisions += await CheckDecisionsAsync(candidate);
        await CheckProjectionsAsync();
        return decisions;
    }

    /// <summary>Every acknowledged command is there exactly once.</summary>
    public async Task CheckAsync(IEnumerable<Acknowledged> acknowledged)
    {
        foreach (var (action, mark) in acknowledged)
        {
            var (type, member) = action switch
            {
                LoadAction.Submit => ("lane_run_completed", "evaluation_id"),
                LoadAction.Request => ("promotion_decided", "decision_id"),
                LoadAction.Approve => ("approval_granted", "reason"),
                LoadAction.Revoke => ("approval_revoked", "reason"),
                LoadAction.Pause => ("candidate_paused", "reason"),
                LoadAction.Resume => ("candidate_resumed", "reason"),
                LoadAction.PassDrill or LoadAction.FailDrill => ("drill_recorded", "rollback_target"),
                LoadAction.EngageKillSwitch => ("kill_switch_engaged", "reason"),
                LoadAction.ReleaseKillSwitch => ("kill_switch_released", "reason"),
                LoadAction.Demote or LoadAction.RollBack => ("candidate_demoted", "why"),
                LoadAction.ClearEvidence => ("rolled_back_evidence_cleared", "reason"),
                _ => ("policy_activated", "note"),
            };
            var sql = $"select count(*) from janusq.mt_events where type = $1 and (data ->> '{member}' = $2 "
                + $"or data ->> '{member}' like '%: ' || $2)";
            Assert.True(await NumberAsync(sql, type, mark) == 1, $"{action} {mark} was acknowledged and is not there exactly once.");
        }
    }

    private async Task<IReadOnlyList<Candidate>> CandidatesAsync() =>
        (await host.Queries.CandidatesAsync(new CandidateFilter(), null, 1000, Cancellation)).Candidates;

    private async Task CheckStreamsAsync()
    {
        Assert.Equal(0L, await NumberAsync(
            "select count(*) from (select stream_id from janusq.mt_events group by stream_id having max(version) <> count(*) "
            + "or min(version) <> 1) broken"));
        Assert.Equal(0L, await NumberAsync(
            """
            select count(*) from janusq.mt_streams s
            where s.version <> (select count(*) from janusq.mt_events e where e.stream_id = s.id)
            """));
    }

    /// <summary>A lost race for a version draws no number: a sequence that is missing would stall every reader.</summary>
    private async Task CheckSequenceAsync()
    {
        Assert.Equal(
            await NumberAsync("select coalesce(max(seq_id), 0) from janusq.mt_events"),
            await NumberAsync("select count(*) from janusq.mt_events"));
        Assert.Equal(0L, await NumberAsync("select count(*) from janusq.mt_high_water_skips"));
    }

    private async Task CheckPlaceAsync(IReadOnlyList<Candidate> candidates)
    {
        foreach (var target in PromotionTargets.All)
        {
            var champion = (await host.Facts.ChampionAsync(target, Cancellation)).Champion?.CandidateId;
            var claiming = candidates.Where(candidate => candidate.Places.Any(place => place.Target == target)).Select(
                candidate => candidate.CandidateId);
            Assert.Equal(champion is null ? [] : [champion], claiming);
        }

        // Each installation and removal has its event in the candidate's own stream, in the same transaction.
        Assert.Equal(0L, await NumberAsync(
            """
            select count(*) from janusq.mt_events place
            where place.type in ('champion_installed', 'champion_removed') and not exists (
              select from janusq.mt_events own
              where own.stream_id = 'candidate-' || (place.data ->> 'candidate_id')
                and own.type = case place.type when 'champion_installed' then 'candidate_promoted' else 'candidate_demoted' end
                and own.data ->> 'why' = place.data ->> 'why' and own.data ->> 'at' = place.data ->> 'at' and own.xmin = place.xmin)
              and place.data ->> 'why' not like 'promoted_anew_for_%'
            """));
        Assert.Equal(
            await NumberAsync("select count(*) from janusq.mt_events where type = 'candidate_promoted'"),
            await NumberAsync("select count(*) from janusq.mt_events where type = 'champion_installed'"));
    }

    private async Task<int> CheckDecisionsAsync(Candidate candidate)
    {
        var used = new HashSet<string>();
        var decisions = await host.Decisions.OfCandidateAsync(candidate.CandidateId, Cancellation);
        foreach (var decision in decisions)
        {
            var replay = await host.Decisions.ReplayAsync(decision, Cancellation);
            Assert.True(replay.Outcome == ReplayOutcome.Match, $"{decision.Decided.DecisionId}: {replay.ToJson()}");
            var decided = decision.Decided;
            Assert.Equal(
                ["GateMatrixEvaluated", "PrerequisitesEvaluated", "RollbackReadinessEvaluated", "PromotionDecided"],
                decision.Events.Take(4).Select(recorded => recorded.Happened.GetType().Name));
            Assert.Equal(
                decided.Action == PromotionAction.Promote, decision.Events.Any(recorded => recorded.Happened is CandidatePromoted));
            if (decided.Action == PromotionAction.Promote) CheckFacts(decided, used);
        }

        return decisions.Count;
    }

    private static void CheckFacts(PromotionDecided decided, HashSet<string> used)
    {
        Assert.Null(decided.Facts.KillSwitch);
        Assert.Null(decided.Facts.Pause);
        Assert.False(decided.Facts.EvidenceRolledBack);
        Assert.NotNull(decided.ApprovalId);
        var approval = decided.Facts.Approvals.Single(one => one.ApprovalId == decided.ApprovalId);
        Assert.DoesNotContain(approval.Approver, decided.Facts.Submitters);
        Assert.Null(approval.RevokedAt);
        if (decided.Facts.Champion != CandidateIdentity.CandidateOf(decided.RunId))
            Assert.True(used.Add(decided.ApprovalId), $"The approval {decided.ApprovalId} was used twice.");
    }

    private async Task CheckProjectionsAsync()
    {
        await host.Projections.CatchUpAsync(Cancellation);
        foreach (var compared in await host.Projections.CompareAsync(cancellation: Cancellation))
            Assert.True(compared.IsEqual, compared.ToString());
    }

    private async Task<long> NumberAsync(string sql, params string[] parameters)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }
}
