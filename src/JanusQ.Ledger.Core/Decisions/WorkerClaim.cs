using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>What the worker's own files say the verdict is. It is kept, and counts only against the promotion.</summary>
/// <param name="Verdict">The verdict as it is recorded.</param>
/// <param name="Reach">How far the claim would let the candidate go.</param>
internal sealed record WorkerClaim(ClaimedVerdict Verdict, VerdictReach Reach)
{
    private const int MostReasons = 256;

    /// <summary>The most permissive verdict that a file of the run claims; none where no file claims any.</summary>
    public static WorkerClaim? Find(EvaluationArtifacts artifacts)
    {
        WorkerClaim?[] claims =
        [
            OfEvidenceGate(artifacts.Parsed(LanePaths.EvidenceGate)), OfGateReport(artifacts.Parsed(LanePaths.GateReport))
        ];
        return claims.OfType<WorkerClaim>().Aggregate(
            (WorkerClaim?)null, (most, claim) => most is null || claim.Reach.CompareTo(most.Reach) > 0 ? claim : most);
    }

    /// <summary>Whether the claim is the verdict that was derived.</summary>
    public bool AgreesWith(PromotionRecommendation derived) =>
        Verdict.Action == derived.Action.Name() && Verdict.Allowed == derived.Eligible && Reach == VerdictReach.Of(derived);

    private static WorkerClaim? OfEvidenceGate(JsonObject? gate)
    {
        if (gate is null) return null;
        var recommendation = gate["recommendation"].ObjectOrEmpty();
        return Of(
            recommendation["action"], gate["allowed"].IsTrue() || recommendation["eligible"].IsTrue(), gate["recommended_mode"],
            gate["reasons"]);
    }

    private static WorkerClaim? OfGateReport(JsonObject? report)
    {
        if (report is null) return null;
        var recommendation = report["promotion_recommendation"].ObjectOrEmpty();
        var decision = report["promotion_decision"].ObjectOrEmpty();
        if (recommendation.Count == 0 && decision.Count == 0) return null;
        return Of(
            recommendation["action"],
            recommendation["eligible"].IsTrue() || decision["promotion_allowed"].IsTrue(),
            recommendation["recommended_mode"] ?? decision["recommended_mode"],
            recommendation["reasons"] ?? decision["reason_codes"]);
    }

    private static WorkerClaim Of(JsonValue? action, bool allowed, JsonValue? mode, JsonValue? reasons)
    {
        var claimedMode = mode.NonBlank();
        var rank = PromotionTargets.RankOf(claimedMode);
        var claimedAction = action.NonBlank()
            ?? (!allowed ? PromotionAction.Deny : rank > 1 ? PromotionAction.Promote : PromotionAction.Hold).Name();
        var level = claimedAction switch
        {
            "promote" => PromotionAction.Promote,
            "hold" => PromotionAction.Hold,
            _ => PromotionAction.Deny,
        };
        if (allowed && level == PromotionAction.Deny) level = rank > 1 ? PromotionAction.Promote : PromotionAction.Hold;
        var verdict = new ClaimedVerdict(
            Storable.Text(claimedAction),
            allowed,
            claimedMode is null ? null : Storable.Text(claimedMode),
            [.. reasons.TextsOf().Take(MostReasons).Select(Storable.Text)]);
        return new WorkerClaim(verdict, new VerdictReach(level, level == PromotionAction.Deny ? 0 : rank));
    }
}

/// <summary>How far a verdict lets a candidate go: the action, then the mode.</summary>
/// <param name="Action">deny, hold or promote.</param>
/// <param name="ModeRank">Rank of the mode; 0 for a denial or an unknown mode.</param>
internal readonly record struct VerdictReach(PromotionAction Action, int ModeRank) : IComparable<VerdictReach>
{
    /// <summary>The reach of what was derived.</summary>
    public static VerdictReach Of(PromotionRecommendation derived) =>
        new(derived.Action, derived.Eligible ? (int)derived.Basis.RecommendedMode : 0);

    /// <inheritdoc />
    public int CompareTo(VerdictReach other) =>
        Action != other.Action ? Action.CompareTo(other.Action) : ModeRank.CompareTo(other.ModeRank);
}
