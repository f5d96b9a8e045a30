using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>What a change of a value does to verdicts.</summary>
public enum PolicyEffect
{
    /// <summary>It can only deny more.</summary>
    Stricter,

    /// <summary>It can allow what was denied.</summary>
    Looser,

    /// <summary>It can do either, or neither: a label, a path, a list that lost and gained entries, a key that no rule knows.</summary>
    Other,
}

/// <summary>A key whose value in use differs between two policies.</summary>
/// <param name="Key">The key.</param>
/// <param name="Before">The value in use before; null for an unknown key that was absent.</param>
/// <param name="After">The value in use after; null for an unknown key that is absent.</param>
/// <param name="Effect">What the change does to verdicts.</param>
/// <param name="Meaning">What the key decides.</param>
public sealed record PolicyChange(string Key, JsonValue? Before, JsonValue? After, PolicyEffect Effect, string Meaning)
{
    /// <summary>Members <c>key</c>, <c>before</c>, <c>after</c>, <c>effect</c>, <c>meaning</c>.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("key", Key),
        ("before", Before ?? JsonValue.Null),
        ("after", After ?? JsonValue.Null),
        ("effect", Effect.ToString().ToLowerInvariant()),
        ("meaning", Meaning));
}

/// <summary>The difference of two policies: by the values in use, so that a default that is spelled out is no change.</summary>
public sealed class PolicyDiff
{
    private PolicyDiff(PolicyDocument before, PolicyDocument after, ImmutableArray<PolicyChange> changes)
    {
        Before = before.Hash;
        After = after.Hash;
        Changes = changes;
    }

    /// <summary>Hash of the policy before.</summary>
    public Sha256Hash Before { get; }

    /// <summary>Hash of the policy after.</summary>
    public Sha256Hash After { get; }

    /// <summary>Changed keys: those of the tables in contract order, then unknown ones sorted.</summary>
    public ImmutableArray<PolicyChange> Changes { get; }

    /// <summary>Compares two policies.</summary>
    public static PolicyDiff Between(PolicyDocument before, PolicyDocument after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = ImmutableArray.CreateBuilder<PolicyChange>();
        foreach (var key in PolicyKeys.All)
        {
            var old = before.Policy.Show(key);
            var current = after.Policy.Show(key);
            if (!Same(key, old, current)) changes.Add(new PolicyChange(key.Name, old, current, EffectOf(key, old, current), key.Meaning));
        }

        var unknown = before.UnknownKeys.Concat(after.UnknownKeys).Distinct(StringComparer.Ordinal).Order(CodePoints.Order);
        foreach (var name in unknown)
        {
            var old = before.Document[name];
            var current = after.Document[name];
            if (old is not null && current is not null && CanonicalJson.Hash(old) == CanonicalJson.Hash(current)) continue;
            changes.Add(new PolicyChange(name, old, current, PolicyEffect.Other, "No rule knows this key: it is kept and ignored."));
        }

        return new PolicyDiff(before, after, changes.ToImmutable());
    }

    /// <summary>Members <c>before</c> and <c>after</c> (hashes) and <c>changes</c>.</summary>
    public JsonObject ToJson() =>
        JsonObject.Of(("before", Before), ("after", After), ("changes", new JsonArray(Changes.Select(change => change.ToJson()))));

    private static bool Same(PolicyKey key, JsonValue old, JsonValue current) =>
        key is PolicyKey<Decimal28> ? Compare(old, current) == 0 : CanonicalJson.Text(old) == CanonicalJson.Text(current);

    private static PolicyEffect EffectOf(PolicyKey key, JsonValue old, JsonValue current) => key.Strictness switch
    {
        PolicyStrictness.Lower => Compare(current, old) < 0 ? PolicyEffect.Stricter : PolicyEffect.Looser,
        PolicyStrictness.Higher => Compare(current, old) > 0 ? PolicyEffect.Stricter : PolicyEffect.Looser,
        PolicyStrictness.True => current.IsTrue() ? PolicyEffect.Stricter : PolicyEffect.Looser,
        PolicyStrictness.False => current.IsTrue() ? PolicyEffect.Looser : PolicyEffect.Stricter,
        PolicyStrictness.More => EffectOfLists(
            old.TextsOf().ToHashSet(StringComparer.Ordinal), current.TextsOf().ToHashSet(StringComparer.Ordinal)),
        _ => PolicyEffect.Other,
    };

    private static PolicyEffect EffectOfLists(HashSet<string> old, HashSet<string> current) =>
        current.IsProperSupersetOf(old) ? PolicyEffect.Stricter : current.IsProperSubsetOf(old) ? PolicyEffect.Looser : PolicyEffect.Other;

    private static int Compare(JsonValue left, JsonValue right) =>
        Decimal28.TryRead(left, out var a) && Decimal28.TryRead(right, out var b)
            ? Decimal28.Compare(a, b)
            : throw new InvalidOperationException("A number of a valid policy is a decimal.");
}
