using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>Which part of the effective policy a key belongs to (gates-and-policy.md 2.3).</summary>
public enum PolicySection
{
    /// <summary>Keys of the gate matrix (2.1).</summary>
    Matrix,

    /// <summary>Keys of the prerequisites, rollback readiness and evidence validation (2.2).</summary>
    PromotionChecks,
}

/// <summary>Which change of a value can only deny more.</summary>
public enum PolicyStrictness
{
    /// <summary>Neither: a label, or where something is read.</summary>
    None,

    /// <summary>A lower number is stricter: a maximum.</summary>
    Lower,

    /// <summary>A higher number is stricter: a minimum.</summary>
    Higher,

    /// <summary><c>true</c> is stricter: something is required.</summary>
    True,

    /// <summary><c>false</c> is stricter: something is permitted.</summary>
    False,

    /// <summary>More entries are stricter: a list of what is required.</summary>
    More,
}

/// <summary>A key of policy documents. The table of all of them is <see cref="PolicyKeys.All"/>.</summary>
public abstract class PolicyKey
{
    private protected PolicyKey(int ordinal, string name, PolicySection section, PolicyStrictness strictness, string meaning)
    {
        Ordinal = ordinal;
        Name = name;
        Section = section;
        Strictness = strictness;
        Meaning = meaning;
    }

    /// <summary>The member's name.</summary>
    public string Name { get; }

    /// <summary>The table it stands in.</summary>
    public PolicySection Section { get; }

    /// <summary>Which change of the value can only deny more.</summary>
    public PolicyStrictness Strictness { get; }

    /// <summary>What the value decides, for people.</summary>
    public string Meaning { get; }

    /// <summary>The type's name in the contract.</summary>
    public abstract string TypeName { get; }

    /// <summary>What a valid value is, for people.</summary>
    public abstract string Expected { get; }

    /// <summary>The lowest value in use: a lower one is raised to it; null for none.</summary>
    public int? Floor { get; private protected init; }

    /// <summary>The value where the key is absent, as the effective policy shows it.</summary>
    public abstract JsonValue Default { get; }

    /// <summary>The JSON Schema of valid values.</summary>
    public abstract JsonObject Schema { get; }

    internal int Ordinal { get; }

    internal abstract object DefaultValue { get; }

    internal abstract bool TryRead(JsonValue value, [NotNullWhen(true)] out object? result);

    internal abstract JsonValue Spell(object value);
}

/// <summary>A key whose values have a type.</summary>
internal sealed class PolicyKey<T> : PolicyKey
    where T : notnull
{
    private readonly PolicyType<T> _type;
    private readonly object _default;

    public PolicyKey(
        int ordinal,
        string name,
        PolicySection section,
        PolicyType<T> type,
        T whenAbsent,
        PolicyStrictness strictness,
        string meaning,
        int? floor = null)
        : base(ordinal, name, section, strictness, meaning)
    {
        _type = type;
        _default = whenAbsent;
        Floor = floor;
    }

    public override string TypeName => _type.Name;

    public override string Expected => _type.Expected;

    public override JsonValue Default => _type.Spell((T)_default);

    public override JsonObject Schema => _type.Schema;

    internal override object DefaultValue => _default;

    internal override bool TryRead(JsonValue value, [NotNullWhen(true)] out object? result)
    {
        result = null;
        if (!_type.TryRead(value, out var read)) return false;
        result = read is int number && number < Floor ? Floor.Value : read;
        return true;
    }

    internal override JsonValue Spell(object value) => _type.Spell((T)value);
}
