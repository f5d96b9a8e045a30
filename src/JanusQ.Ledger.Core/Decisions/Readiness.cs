using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>What the recorded drills say, in the words of gates and rollback readiness (ledger.md section 4, "Facts").</summary>
internal static class Readiness
{
    private const string CompletedAt = "dryRunCompletedAt";
    private const string HumanApproved = "humanApproved";
    private const string RollbackTarget = "rollbackTarget";

    private static readonly (string Flag, string Check)[] Flags =
    [
        ("operational_ready", "operational_ready"),
        ("runbook_validated", "runbook_validated"),
        ("kill_switch_dry_run_passed", "killSwitchDryRunPassed"),
        ("rollback_dry_run_passed", "gitopsRevertDryRunPassed"),
    ];

    /// <summary>The flags of gate 4; what was never rehearsed is absent.</summary>
    public static IEnumerable<KeyValuePair<string, JsonValue>> GateFlags(PromotionFacts facts)
    {
        foreach (var (flag, check) in Flags)
            if (Find(facts, check) is { } drill) yield return KeyValuePair.Create<string, JsonValue>(flag, drill.Passed);
    }

    /// <summary>The latest drill of each check that the policy requires, each once, in the order of the policy.</summary>
    public static ImmutableArray<Drill> Required(GatePolicy policy, PromotionFacts facts) =>
        [.. policy.RequiredRollbackChecks.Distinct(StringComparer.Ordinal).Select(check => Find(facts, check)).OfType<Drill>()];

    /// <summary>
    /// The member <c>rollbackReadiness</c> of the candidate state. The rehearsal is as old as the oldest of those that the policy requires.
    /// </summary>
    public static JsonObject ToRollbackReadiness(GatePolicy? policy, PromotionFacts facts, bool humanApproved)
    {
        var readiness = JsonObject.Empty;

        // A check that is named as one of the three members below must not stand in for it.
        foreach (var drill in facts.Drills)
            if (drill.Check is not (CompletedAt or HumanApproved or RollbackTarget)) readiness = readiness.With(drill.Check, drill.Passed);
        var required = policy is null ? [] : Required(policy, facts);
        if (!required.IsEmpty) readiness = readiness.With(CompletedAt, required.Min(drill => drill.PerformedAt).ToString());
        readiness = readiness.With(HumanApproved, humanApproved);
        var named = facts.Drills.Where(drill => !CodePoints.IsBlank(drill.RollbackTarget ?? ""))
            .OrderBy(drill => drill.PerformedAt).LastOrDefault();
        return named is null ? readiness : readiness.With(RollbackTarget, named.RollbackTarget);
    }

    private static Drill? Find(PromotionFacts facts, string check) =>
        facts.Drills.LastOrDefault(drill => string.Equals(drill.Check, check, StringComparison.Ordinal));
}
