using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Decisions;

public class DecisionReplayTests
{
    private static readonly DecidedRun Run = DecidedRun.Paper.Decided();

    private static string DecisionId => Run.Candidate.Decisions[0].DecisionId;

    [Fact]
    public void a_recorded_promotion_replays_to_a_match()
    {
        var replay = Replay(Run);
        Assert.Equal(ReplayOutcome.Match, replay.Outcome);
        Assert.Empty(replay.Differences);
        Assert.Equal("match", ((JsonText)replay.ToJson()["outcome"]!).Value);
    }

    [Fact]
    public void every_kind_of_denial_replays_to_a_match_as_long_as_what_it_names_is_stored()
    {
        foreach (var (reason, what, run) in DecisionDenials.Cases)
        {
            var denied = run().Decided();
            var replay = Replay(denied, denied.Candidate.Decisions[0].DecisionId);
            Assert.True(replay.Outcome == ReplayOutcome.Match, $"{reason} ({what}): {replay.ToJson()}");
        }
    }

    [Fact]
    public void what_happened_since_changes_nothing()
    {
        var later = Run.WithEvents(
            new CandidatePaused { Actor = "olga", Role = "operator", At = Run.Facts.DecidedAt, Reason = "review" },
            new CandidateResumed { Actor = "olga", Role = "operator", At = Run.Facts.DecidedAt, Reason = "fine" });
        Assert.Equal(ReplayOutcome.Match, Replay(later).Outcome);
    }

    [Fact]
    public void a_verdict_that_was_changed_is_a_mismatch_with_the_place()
    {
        var replay = Replay(Changed<PromotionDecided>(decided => decided with { Action = PromotionAction.Hold }));
        Assert.Equal(ReplayOutcome.Mismatch, replay.Outcome);
        var difference = Assert.Single(replay.Differences);
        Assert.Equal("promotion_decided.action", difference.Path);
        Assert.Equal("\"Hold\"", difference.Recorded!.ToString());
        Assert.Equal("\"Promote\"", difference.Derived!.ToString());
        Assert.Equal("mismatch", replay.Outcome.Name());
    }

    [Fact]
    public void facts_that_were_changed_are_a_mismatch()
    {
        var replay = Replay(Changed<PromotionDecided>(decided => decided with
        {
            Facts = decided.Facts with { KillSwitch = new EngagedKillSwitch("eve", decided.At, "never") },
        }));
        Assert.Equal(ReplayOutcome.Mismatch, replay.Outcome);
        Assert.Contains(replay.Differences, difference => difference.Path == "promotion_decided.factssha256");
    }

    [Fact]
    public void an_event_of_the_decision_that_is_gone_or_doubled_is_a_mismatch()
    {
        var gone = Run with { Happened = Run.Happened.RemoveAll(happened => happened is PrerequisitesEvaluated) };
        Assert.Equal(ReplayOutcome.Mismatch, Replay(gone).Outcome);
        Assert.Contains(Replay(gone).Differences, difference => difference is { Path: "prerequisites_evaluated", Recorded: null });
        var doubled = Run with { Happened = [.. Run.Happened, Run.Happened.Single(happened => happened is GateMatrixEvaluated)] };
        Assert.Contains(Replay(doubled).Differences, difference => difference is { Path: "gate_matrix_evaluated", Derived: null });
    }

    [Fact]
    public void a_history_that_was_changed_before_the_decision_is_a_mismatch()
    {
        var paused = Run with
        {
            Happened =
            [
                new CandidatePaused { Actor = "eve", Role = "operator", At = Run.Facts.DecidedAt, Reason = "late" }, .. Run.Happened,
            ],
        };
        Assert.Equal(ReplayOutcome.Mismatch, Replay(paused).Outcome);
    }

    [Fact]
    public void a_history_that_does_not_add_up_is_a_mismatch()
    {
        var broken = Run.Events.RemoveAt(0);
        var replay = DecisionReplay.Of(Run.Candidate.CandidateId, broken, DecisionId, Run.Case.Content, EventJson.Of);
        Assert.Equal(ReplayOutcome.Mismatch, replay.Outcome);
        Assert.Equal(4, replay.Differences.Length);
    }

    [Fact]
    public void content_that_was_lost_is_missing_evidence()
    {
        foreach (var hash in NamedContent())
        {
            var replay = Replay(Run.Without(hash));
            Assert.Equal(ReplayOutcome.EvidenceMissing, replay.Outcome);
            Assert.Equal([hash], replay.Missing);
        }
    }

    [Fact]
    public void content_that_was_changed_is_corrupt_evidence()
    {
        foreach (var hash in NamedContent())
        {
            var replay = Replay(Run.WithBytes(hash, [.. Run.Store[hash], (byte)' ']));
            Assert.Equal(ReplayOutcome.EvidenceCorrupt, replay.Outcome);
            Assert.Equal([hash], replay.Corrupt);
        }
    }

    [Theory]
    [InlineData("promotion-derivation-0", "gate-matrix-1", "promotion-checks-1")]
    [InlineData("promotion-derivation-1", "gate-matrix-0", "promotion-checks-1")]
    [InlineData("promotion-derivation-1", "gate-matrix-1", "promotion-checks-0")]
    public void a_version_that_this_build_does_not_have_is_named(string derivation, string matrix, string checks)
    {
        var versions = new EvaluatorVersions(derivation, matrix, checks);
        var replay = Replay(Changed<PromotionDecided>(decided => decided with { Evaluators = versions }));
        Assert.Equal(ReplayOutcome.EvaluatorUnknown, replay.Outcome);
        Assert.Equal([new[] { derivation, matrix, checks }.Single(version => version.EndsWith('0'))], replay.UnknownEvaluators);
    }

    [Fact]
    public void a_decision_that_was_never_made_cannot_be_replayed() =>
        Assert.Throws<ArgumentException>(() => Replay(Run, "ffffffffffffffffffffffff"));

    private static IEnumerable<Sha256Hash> NamedContent()
    {
        var decided = (PromotionDecided)Run.Happened[^1];
        return Run.Artifacts.Select(artifact => artifact.Sha256)
            .Append(decided.PolicySha256!.Value).Append(decided.GateInputsSha256!.Value).Append(decided.GateReportSha256!.Value).Distinct();
    }

    private static DecidedRun Changed<T>(Func<T, T> change)
        where T : CandidateEvent =>
        Run with { Happened = [.. Run.Happened.Select(happened => happened is T one ? change(one) : happened)] };

    private static Replay Replay(DecidedRun run, string? decisionId = null) =>
        DecisionReplay.Of(run.Candidate.CandidateId, run.Events, decisionId ?? DecisionId, run.Case.Content, EventJson.Of);
}
