using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Ingest;

public sealed class IngestTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_finished_lane_is_recorded_once_with_the_verdict_that_it_claims_and_decided_by_the_ledger()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var (promoted, cases) = (0, 0);
        foreach (var name in VectorLane.Finished)
        {
            var lane = VectorLane.Open(name);
            var read = lane.Read();
            var recording = await ledger.Host.SendAsync(read.ToSubmission(ALedger.Worker), Cancellation);
            Assert.Equal((name, CommandOutcome.Recorded), (name, recording.Outcome));
            Assert.Equal(CommandOutcome.Unchanged, (await ledger.Host.SendAsync(read.ToSubmission(ALedger.Worker), Cancellation)).Outcome);

            var answer = await ledger.Host.SendAsync(
                new RequestPromotion { CandidateId = read.CandidateId, By = ALedger.Worker, EvaluationId = recording.EvaluationId },
                Cancellation);

            // Nothing is published, rehearsed or approved here: whatever a lane claims, the ledger denies.
            var decided = answer.Decision!;
            Assert.Equal(PromotionAction.Deny, decided.Action);
            Assert.Contains("policy_not_published", decided.Reasons);
            var allowed = ((JsonBoolean)lane.Verdict["allowed"]!).Value;
            Assert.Equal((name, allowed), (name, decided.Claimed!.Allowed));
            Assert.Equal((name, decided.Claimed.Action != "deny"), (name, decided.Reasons.Contains("claimed_verdict_disagrees")));
            if (allowed) promoted++;

            var recorded = await ledger.Host.Decisions.FindAsync(decided.DecisionId, Cancellation);
            var replay = await ledger.Host.Decisions.ReplayAsync(recorded!, Cancellation);
            Assert.True(replay.Outcome == ReplayOutcome.Match, $"{name}: {replay.ToJson()}");
            cases++;
        }

        Assert.True(cases > 10 && promoted > 1, $"{cases} lanes of which {promoted} claim a promotion: too few to say anything.");
    }
}
