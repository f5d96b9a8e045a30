using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// The effective policy: every key has a valid value of its type, defaults filled in and floors applied (gates-and-policy.md 2.3). Made by
/// <see cref="PolicyDocument"/> only, so a policy that exists is valid.
/// </summary>
public sealed class GatePolicy
{
    private readonly object[] _values;

    internal GatePolicy(object[] values) => _values = values;

    /// <summary>The policy's label (<c>policy_version</c>).</summary>
    public string Version => this[PolicyKeys.PolicyVersion];

    /// <summary>Whether anything may reach live under this policy (<c>gate5_live_enabled</c>).</summary>
    public bool EnablesLive => this[PolicyKeys.Gate5LiveEnabled];

    /// <summary>Whether live needs an approval token (<c>gate5_require_approval_token</c>).</summary>
    public bool RequiresApprovalToken => this[PolicyKeys.Gate5RequireApprovalToken];

    /// <summary>Whether the rollback plan needs a human's approval (<c>rollback_require_human_approval</c>).</summary>
    public bool RequiresRollbackApproval => this[PolicyKeys.RollbackRequireHumanApproval];

    /// <summary>The rehearsals that must have passed, as the policy lists them (<c>rollback_required_checks</c>).</summary>
    public ImmutableArray<string> RequiredRollbackChecks => this[PolicyKeys.RollbackRequiredChecks];

    /// <summary>How old a rehearsal may be, in hours (<c>rollback_dry_run_max_age_hours</c>).</summary>
    public int RollbackMaxAgeHours => this[PolicyKeys.RollbackDryRunMaxAgeHours];

    internal string this[PolicyKey<string> key] => (string)_values[key.Ordinal];

    internal Decimal28 this[PolicyKey<Decimal28> key] => (Decimal28)_values[key.Ordinal];

    internal int this[PolicyKey<int> key] => (int)_values[key.Ordinal];

    internal bool this[PolicyKey<bool> key] => (bool)_values[key.Ordinal];

    internal ImmutableArray<string> this[PolicyKey<ImmutableArray<string>> key] => (ImmutableArray<string>)_values[key.Ordinal];

    internal ImmutableArray<PromotionTarget> this[PolicyKey<ImmutableArray<PromotionTarget>> key] =>
        (ImmutableArray<PromotionTarget>)_values[key.Ordinal];

    /// <summary>The value in use for a key, decimals as their plain text.</summary>
    public JsonValue Show(PolicyKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Spell(_values[key.Ordinal]);
    }

    /// <summary>The effective policy as an object: <c>matrix</c> and <c>promotion</c>, each with its keys in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(("matrix", Show(PolicySection.Matrix)), ("promotion", Show(PolicySection.PromotionChecks)));

    private JsonObject Show(PolicySection section) =>
        new(PolicyKeys.All.Where(key => key.Section == section).Select(key => KeyValuePair.Create(key.Name, Show(key))).ToArray());
}
