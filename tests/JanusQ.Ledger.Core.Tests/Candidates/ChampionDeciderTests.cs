using System.Collections.Immutable;
using CsCheck;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

/// <summary>ledger.md section 4 (demote, roll back) and gates-and-policy.md section 10, beyond the vectors.</summary>
public class ChampionDeciderTests
{
    private static readonly Instant Now = Instant.Parse("2026-01-05T14:30:00+00:00");
    private static readonly Submitter Operator = new("olga", "operator");

    [Fact]
    public void A_roll_back_brings_the_predecessor_back_and_bars_the_evidence_of_the_champion()
    {
        var world = new World().Promote("a").Promote("b");

        Assert.Null(world.RollBack("b"));

        Assert.Equal("a", world.Champion);
        Assert.Equal((CandidateRole.Champion, CandidateStage.Paper), (world.Of("a").Role, world.Of("a").Stage));
        Assert.Equal((CandidateRole.Demoted, CandidateStage.Demoted), (world.Of("b").Role, world.Of("b").Stage));
        Assert.Equal([World.SetOf("b", 2)], world.Of("b").RolledBackEvidence);
        Assert.Empty(world.Of("a").RolledBackEvidence);
    }

    [Fact]
    public void A_roll_back_goes_back_step_by_step()
    {
        var world = new World().Promote("a").Promote("b").Promote("c");

        Assert.Null(world.RollBack("c"));
        Assert.Equal("b", world.Champion);
        Assert.Null(world.RollBack("b"));
        Assert.Equal("a", world.Champion);
        Assert.Null(world.RollBack("a"));
        Assert.Null(world.Champion);
    }

    [Fact]
    public void A_champion_promoted_anew_keeps_whom_it_replaced()
    {
        var world = new World().Promote("a").Promote("b").Promote("b");

        Assert.Equal("a", world.Place.Champion!.Predecessor);
        Assert.Null(world.RollBack("b"));
        Assert.Equal("a", world.Champion);
    }

    [Fact]
    public void A_predecessor_that_is_paused_does_not_come_back()
    {
        var world = new World().Promote("a").Promote("b");
        world.Append("a", new CandidatePaused { Actor = "olga", Role = "operator", At = Now, Reason = "review" });

        Assert.Null(world.RollBack("b"));

        Assert.Null(world.Champion);
        Assert.Equal("candidate_paused_for_review", world.NotReinstated);
    }

    [Fact]
    public void No_predecessor_comes_back_while_the_kill_switch_is_engaged()
    {
        var world = new World().Promote("a").Promote("b");

        Assert.Null(world.RollBack("b", SafetyControls.Unrehearsed with { KillSwitch = new EngagedKillSwitch("olga", Now, "fire") }));

        Assert.Null(world.Champion);
        Assert.Equal("kill_switch_engaged", world.NotReinstated);
    }

    [Fact]
    public void A_predecessor_whose_evidence_was_rolled_back_does_not_come_back()
    {
        var world = new World().Promote("a").Promote("b");
        world.Append("a", new CandidateDemoted
        {
            Actor = "olga",
            Role = "operator",
            At = Now,
            Target = PromotionTarget.Live,
            Why = "rolled back elsewhere",
            RolledBack = true,
            ArtifactSetSha256 = World.SetOf("a", 1),
        });

        Assert.Null(world.RollBack("b"));

        Assert.Null(world.Champion);
        Assert.Equal("rolled_back_evidence", world.NotReinstated);
    }

    [Fact]
    public void Who_is_not_champion_is_neither_demoted_nor_rolled_back()
    {
        var world = new World().Promote("a").Promote("b");

        Assert.Equal("not_champion", world.RollBack("a")?.Code);
        Assert.Equal("not_champion", ChampionDecider.Demote(world.Place, "a", "because", Operator, Now, out var change)?.Code);
        Assert.Same(PlaceChange.None, change);
        Assert.Equal("b", world.Champion);
    }

    [Fact]
    public void A_demoted_champion_leaves_its_place_empty_and_its_evidence_free()
    {
        var world = new World().Promote("a").Promote("b");

        Assert.Null(world.Demote("b"));

        Assert.Null(world.Champion);
        Assert.Equal(CandidateRole.Demoted, world.Of("b").Role);
        Assert.Empty(world.Of("b").RolledBackEvidence);
    }

    [Fact]
    public void Whatever_operators_and_decisions_do_in_whatever_order_the_place_and_the_candidates_agree_on_who_is_champion() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4]).Array[1, 40].Sample(steps =>
        {
            var world = new World();
            foreach (var (what, who) in steps)
            {
                var candidate = ((char)('a' + who)).ToString();
                _ = what switch
                {
                    0 => world.Promote(candidate).NotReinstated,
                    1 => world.Deny(candidate).NotReinstated,
                    2 => world.RollBack(candidate)?.Code,
                    _ => world.Demote(candidate)?.Code,
                };
                var champions = world.Candidates.Where(one => one.Role == CandidateRole.Champion).Select(one => one.CandidateId);
                Assert.Equal(world.Champion is { } champion ? [champion] : [], champions);
            }
        });

    private sealed class World
    {
        private readonly Dictionary<string, Candidate> _candidates = [];
        private int _decisions;

        public ChampionSlot Place { get; private set; } = ChampionSlot.Empty(PromotionTarget.Paper);

        public string? Champion => Place.Champion?.CandidateId;

        public string? NotReinstated { get; private set; }

        public IEnumerable<Candidate> Candidates => _candidates.Values;

        public static Sha256Hash SetOf(string candidateId, int number) => Sha256Hash.Of([(byte)candidateId[0], (byte)number]);

        public Candidate Of(string candidateId) => _candidates[candidateId];

        public World Promote(string candidateId) => Decide(candidateId, PromotionAction.Promote);

        public World Deny(string candidateId) => Decide(candidateId, PromotionAction.Deny);

        public Refusal? RollBack(string candidateId, SafetyControls? safety = null)
        {
            var predecessor = Champion == candidateId && Place.Champion!.Predecessor is { } id ? Of(id) : null;
            var refusal = ChampionDecider.RollBack(
                Place, candidateId, predecessor, safety ?? SafetyControls.Unrehearsed, "because", Operator, Now, out var change);
            NotReinstated = change.NotReinstated;
            Apply(candidateId, change);
            return refusal;
        }

        public Refusal? Demote(string candidateId)
        {
            var refusal = ChampionDecider.Demote(Place, candidateId, "because", Operator, Now, out var change);
            Apply(candidateId, change);
            return refusal;
        }

        public void Append(string candidateId, params ImmutableArray<CandidateEvent> events)
        {
            foreach (var happened in events)
            {
                _candidates[candidateId] = _candidates.TryGetValue(candidateId, out var candidate)
                    ? candidate.After(happened)
                    : Candidate.From(candidateId, happened);
            }
        }

        private World Decide(string candidateId, PromotionAction action)
        {
            _decisions++;
            var decided = new PromotionDecided
            {
                Actor = "worker",
                Role = "worker",
                At = Now,
                DecisionId = $"decision {_decisions}",
                RunId = candidateId,
                EvaluationId = $"evaluation {_decisions}",
                Target = PromotionTarget.Paper,
                Action = action,
                ApprovedMode = action == PromotionAction.Promote ? PromotionTarget.Paper : null,
                Reasons = [],
                Rationale = "",
                TraceId = $"trace {_decisions}",
                Steps = [],
                Facts = new PromotionFacts { DecidedAt = Now },
                FactsSha256 = Sha256Hash.Of([]),
                ArtifactSetSha256 = SetOf(candidateId, _decisions),
                Evaluators = new EvaluatorVersions("none", "none", "none"),
                RollbackCandidateId = Champion == candidateId ? null : Champion,
            };
            var before = _candidates.GetValueOrDefault(candidateId) ?? Candidate.Unrecorded(candidateId);
            var change = ChampionDecider.After(before, decided, PromotionTarget.Paper, Place);
            Append(candidateId, decided);
            Apply(candidateId, change);
            return this;
        }

        private void Apply(string candidateId, PlaceChange change)
        {
            if (!change.OfCandidate.IsEmpty) Append(candidateId, change.OfCandidate);
            if (change.OtherCandidateId is { } other) Append(other, change.OfOther);
            foreach (var happened in change.OfPlace) Place = Place.After(happened);
        }
    }
}
