using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>What follows for the place of a champion, to be appended together or not at all.</summary>
/// <param name="OfCandidate">For the candidate that was decided about, or that leaves the place.</param>
/// <param name="OtherCandidateId">
/// The other candidate that it touches: a former champion, or one that comes back; none if there is none.
/// </param>
/// <param name="OfOther">For that other candidate.</param>
/// <param name="OfPlace">For the place.</param>
public sealed record PlaceChange(
    ImmutableArray<CandidateEvent> OfCandidate,
    string? OtherCandidateId,
    ImmutableArray<CandidateEvent> OfOther,
    ImmutableArray<ChampionEvent> OfPlace)
{
    /// <summary>Nothing follows.</summary>
    public static readonly PlaceChange None = new([], null, [], []);

    /// <summary>Why the predecessor did not come back on a roll back; none if it did, or there was none.</summary>
    public string? NotReinstated { get; init; }
}

/// <summary>
/// Who is champion after a decision or an operator's command (gates-and-policy.md section 10, ledger.md section 4). There is one champion
/// for each target and targets do not touch each other.
/// </summary>
public static class ChampionDecider
{
    /// <summary>Why a candidate was promoted by a decision.</summary>
    public const string Decided = "promotion_decided";

    /// <summary>
    /// The recorded decision that a request only repeats: of the same evaluation, with the same facts or the same trace id.
    /// </summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="derived">What was derived now.</param>
    /// <returns>None if it is a new decision.</returns>
    public static DecidedPromotion? FindRepeated(Candidate candidate, PromotionDecided derived)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(derived);
        var latest = candidate.Decisions.LastOrDefault(
            decision => Same(decision.EvaluationId, derived.EvaluationId) && decision.Target == derived.Target);
        return latest is not null && (latest.FactsSha256 == derived.FactsSha256 || Same(latest.TraceId, derived.TraceId)) ? latest : null;
    }

    /// <summary>What follows from a new decision.</summary>
    /// <param name="candidate">The candidate before the decision.</param>
    /// <param name="decided">The decision.</param>
    /// <param name="recommendedMode">The recommendation's mode.</param>
    /// <param name="place">The place of the decision's target.</param>
    public static PlaceChange After(Candidate candidate, PromotionDecided decided, PromotionTarget recommendedMode, ChampionSlot place)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(decided);
        ArgumentNullException.ThrowIfNull(place);
        var by = new Origin(decided.Actor, decided.Role, decided.At);
        var isChampion = Same(place.Champion?.CandidateId, candidate.CandidateId);
        if (!Promotes(decided))
            return isChampion ? AfterReevaluation(candidate, decided, recommendedMode, place.Champion!, by) : PlaceChange.None;
        var former = place.Champion;

        // A champion that is promoted anew keeps whom it replaced: its roll back still goes there.
        var predecessor = isChampion ? former!.Predecessor : former?.CandidateId;
        var promoted = new CandidatePromoted
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            Target = decided.Target,
            DecisionId = decided.DecisionId,
            Predecessor = predecessor,
            Why = Decided,
        };
        var installed = new ChampionInstalled
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            Target = decided.Target,
            CandidateId = candidate.CandidateId,
            DecisionId = decided.DecisionId,
            EvaluationId = decided.EvaluationId,
            ArtifactSetSha256 = decided.ArtifactSetSha256,
            Predecessor = predecessor,
            Why = Decided,
        };
        if (former is null) return new PlaceChange([promoted], null, [], [installed]);
        var why = isChampion
            ? $"promoted_anew_for_{decided.Target.Name()}"
            : $"demoted_after_promotion_of_{candidate.CandidateId}_for_{decided.Target.Name()}";
        var removed = Removal(former.CandidateId, decided.Target, decided.DecisionId, why, by);
        if (isChampion) return new PlaceChange([promoted], null, [], [removed, installed]);
        var demoted = Demotion(former, decided.Target, why, by) with
        {
            DecisionId = decided.DecisionId,
            Successor = candidate.CandidateId,
            TraceId = DemotionTraceId(former.CandidateId, candidate.CandidateId, decided.RunId, recommendedMode),
        };
        return new PlaceChange([promoted], former.CandidateId, [demoted], [removed, installed]);
    }

    /// <summary>An operator takes the champion from its place; nobody takes it.</summary>
    /// <param name="place">The place.</param>
    /// <param name="candidateId">The candidate that the operator means.</param>
    /// <param name="reason">A sentence for people.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="now">When.</param>
    /// <param name="change">What follows.</param>
    /// <returns><c>not_champion</c> where the candidate does not have the place; none otherwise.</returns>
    public static Refusal? Demote(
        ChampionSlot place, string candidateId, string reason, Submitter by, Instant now, out PlaceChange change)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(by);
        change = PlaceChange.None;
        if (!Same(place.Champion?.CandidateId, candidateId)) return NotChampion(place, candidateId);
        var origin = new Origin(by.Actor, by.Role, now);
        var why = WhyDemoted(reason);
        change = new PlaceChange(
            [Demotion(place.Champion!, place.Target, why, origin)],
            null,
            [],
            [Removal(candidateId, place.Target, null, why, origin)]);
        return null;
    }

    /// <summary>
    /// An operator rolls the champion back: its evidence is barred, and the predecessor recorded at its promotion comes back. A predecessor
    /// that may not be promoted now (paused, its evidence barred, kill switch engaged) does not, and the place stays empty.
    /// </summary>
    /// <param name="place">The place.</param>
    /// <param name="candidateId">The champion that the operator means.</param>
    /// <param name="predecessor">The state of the predecessor; none if it has none.</param>
    /// <param name="safety">The safety controls.</param>
    /// <param name="reason">A sentence for people.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="now">When.</param>
    /// <param name="change">What follows.</param>
    /// <returns><c>not_champion</c> where the candidate does not have the place; none otherwise.</returns>
    public static Refusal? RollBack(
        ChampionSlot place,
        string candidateId,
        Candidate? predecessor,
        SafetyControls safety,
        string reason,
        Submitter by,
        Instant now,
        out PlaceChange change)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(safety);
        ArgumentNullException.ThrowIfNull(by);
        change = PlaceChange.None;
        if (place.Champion is not { } champion || !Same(champion.CandidateId, candidateId)) return NotChampion(place, candidateId);
        if (!Same(champion.Predecessor, predecessor?.CandidateId))
            throw new ArgumentException($"The predecessor is {champion.Predecessor ?? "nobody"}.", nameof(predecessor));
        var origin = new Origin(by.Actor, by.Role, now);
        var why = WhyRolledBack(reason);
        var past = place.FindPast(champion.Predecessor);
        var obstacle = predecessor is null ? null : ObstacleOf(predecessor, past, safety);
        var back = predecessor is not null && obstacle is null ? past : null;
        var demoted = Demotion(champion, place.Target, why, origin) with { RolledBack = true, Successor = back?.CandidateId };
        var removed = Removal(candidateId, place.Target, null, why, origin);
        if (back is null) change = new PlaceChange([demoted], null, [], [removed]) { NotReinstated = obstacle };
        else change = Reinstatement(demoted, removed, back, place, champion, origin);
        return null;
    }

    /// <summary>The trace id of a demotion (gates-and-policy.md section 10).</summary>
    public static string DemotionTraceId(string former, string? successor, string runId, PromotionTarget recommendedMode) =>
        CanonicalJson.Id(JsonObject.Of(
            ("decision_action", "demote"),
            ("candidate_id", former),
            ("successor_candidate_id", successor),
            ("run_id", runId),
            ("recommended_mode", recommendedMode.Name())));

    internal static string WhyDemoted(string reason) => $"demoted_by_operator: {reason}";

    internal static string WhyRolledBack(string reason) => $"rolled_back_by_operator: {reason}";

    internal static string WhyReinstated(string rolledBack, PromotionTarget target) =>
        $"reinstated_after_rollback_of_{rolledBack}_for_{target.Name()}";

    private static PlaceChange Reinstatement(
        CandidateDemoted demoted, ChampionRemoved removed, Champion back, ChampionSlot place, Champion rolledBack, Origin by)
    {
        var why = WhyReinstated(rolledBack.CandidateId, place.Target);
        var before = Same(back.Predecessor, rolledBack.CandidateId) ? null : back.Predecessor;
        var promoted = new CandidatePromoted
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            Target = place.Target,
            DecisionId = back.DecisionId,
            Predecessor = before,
            Why = why,
        };
        var installed = new ChampionInstalled
        {
            Actor = by.Actor,
            Role = by.Role,
            At = by.At,
            Target = place.Target,
            CandidateId = back.CandidateId,
            DecisionId = back.DecisionId,
            EvaluationId = back.EvaluationId,
            ArtifactSetSha256 = back.ArtifactSetSha256,
            Predecessor = before,
            Why = why,
        };
        return new PlaceChange([demoted], back.CandidateId, [promoted], [removed, installed]);
    }

    /// <summary>Why a predecessor may not come back on a roll back: a code; none if it may.</summary>
    /// <param name="predecessor">Its state.</param>
    /// <param name="past">The place as it last had it; none if it never did.</param>
    /// <param name="safety">The safety controls.</param>
    public static string? ObstacleOf(Candidate predecessor, Champion? past, SafetyControls safety)
    {
        ArgumentNullException.ThrowIfNull(predecessor);
        ArgumentNullException.ThrowIfNull(safety);
        if (past is null) return "predecessor_unknown";
        if (safety.KillSwitch is not null) return "kill_switch_engaged";
        if (predecessor.Pause is not null) return "candidate_paused_for_review";
        return predecessor.RolledBackEvidence.Contains(past.ArtifactSetSha256) ? "rolled_back_evidence" : null;
    }

    private static PlaceChange AfterReevaluation(
        Candidate candidate, PromotionDecided decided, PromotionTarget recommendedMode, Champion champion, Origin by)
    {
        var why = $"demoted_after_reevaluation_of_{candidate.CandidateId}_for_{decided.Target.Name()}";
        var demoted = Demotion(champion, decided.Target, why, by) with
        {
            DecisionId = decided.DecisionId,
            TraceId = DemotionTraceId(candidate.CandidateId, null, decided.RunId, recommendedMode),
        };
        return new PlaceChange([demoted], null, [], [Removal(candidate.CandidateId, decided.Target, decided.DecisionId, why, by)]);
    }

    private static bool Promotes(PromotionDecided decided) =>
        decided is { Action: PromotionAction.Promote, ApprovedMode: PromotionTarget.Paper or PromotionTarget.Live };

    private static CandidateDemoted Demotion(Champion champion, PromotionTarget target, string why, Origin by) => new()
    {
        Actor = by.Actor,
        Role = by.Role,
        At = by.At,
        Target = target,
        Why = why,
        ArtifactSetSha256 = champion.ArtifactSetSha256,
    };

    private static ChampionRemoved Removal(string candidateId, PromotionTarget target, string? decisionId, string why, Origin by) => new()
    {
        Actor = by.Actor,
        Role = by.Role,
        At = by.At,
        Target = target,
        CandidateId = candidateId,
        DecisionId = decisionId,
        Why = why,
    };

    private static Refusal NotChampion(ChampionSlot place, string candidateId) =>
        new Refusal(
                "not_champion",
                $"The champion of {place.Target.Name()} is {place.Champion?.CandidateId ?? "nobody"}, not {candidateId}.")
            .With("target", place.Target.Name())
            .With("champion", place.Champion?.CandidateId);

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private readonly record struct Origin(string Actor, string Role, Instant At);
}
