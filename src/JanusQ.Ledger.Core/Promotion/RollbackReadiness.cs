using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>Whether a promotion could be undone (gates-and-policy.md section 7).</summary>
/// <param name="Reasons">Why not, sorted, each once; empty where ready.</param>
/// <param name="RequiredChecks">Rehearsals that the policy requires, as it lists them.</param>
/// <param name="MissingChecks">Those of them that have not passed, in that order.</param>
public sealed record RollbackReadiness(
    IReadOnlyList<string> Reasons, IReadOnlyList<string> RequiredChecks, IReadOnlyList<string> MissingChecks)
{
    private const long MicrosPerHour = 3_600_000_000;

    /// <summary>Whether there are no reasons.</summary>
    public bool Ready => Reasons.Count == 0;

    /// <summary>Evaluates <c>rollbackReadiness</c> of the candidate state as of an instant. Total: any state gets a result.</summary>
    public static RollbackReadiness Evaluate(GatePolicy policy, JsonObject candidateState, Instant now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(candidateState);
        var readiness = candidateState["rollbackReadiness"].ObjectOrEmpty();
        var required = policy.RequiredRollbackChecks;
        string[] missing = [.. required.Where(check => !readiness[check].IsTrue())];
        var checks = new GateChecks();
        checks.Require(missing.Length == 0, PromotionReasons.ChecksFailed);
        if (readiness["dryRunCompletedAt"] is not JsonText text || !Instant.TryParse(text.Value, out var completed))
            checks.Add(PromotionReasons.DryRunMissing);
        else if (completed > now) checks.Add(PromotionReasons.DryRunInFuture);
        else if (now.Micros - completed.Micros > policy.RollbackMaxAgeHours * MicrosPerHour) checks.Add(PromotionReasons.DryRunStale);
        if (policy.RequiresRollbackApproval) checks.Require(readiness["humanApproved"].IsTrue(), PromotionReasons.ApprovalMissing);
        checks.Require(readiness["rollbackTarget"].NonBlank() is not null, PromotionReasons.TargetMissing);
        return new RollbackReadiness(ContractValue.SortedUnique(checks.Reasons), required, missing);
    }

    /// <summary>The result as the contract writes it, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("ready", Ready),
        ("reasons", JsonArray.OfTexts(Reasons)),
        ("required_checks", JsonArray.OfTexts(RequiredChecks)),
        ("missing_checks", JsonArray.OfTexts(MissingChecks)));
}
