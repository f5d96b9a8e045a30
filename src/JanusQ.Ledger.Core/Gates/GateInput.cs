using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// A member of the gate inputs that a check takes (gates-and-policy.md sections 3 and 3.1). Taking either yields a value of the right type
/// within its range or names the reason; no comparison can be made on a value that was not taken (D4, D5, B14).
/// </summary>
internal abstract class GateInput
{
    private protected GateInput(string path, string gate, string? missing)
    {
        Path = path;
        Gate = gate;
        Name = path[(path.LastIndexOf('.') + 1)..];
        Missing = new ReasonCode(
            missing ?? Name + "_missing", gate, $"The gate input {path} is absent or null.",
            $"Measure {path} and submit it with the gate inputs.");
        Invalid = new ReasonCode(
            Name + "_invalid", gate, $"The gate input {path} is not of its type.",
            $"Submit {path} with the type that gate-inputs-v1 gives it.");
        OutOfRange = new ReasonCode(
            Name + "_out_of_range", gate, $"The gate input {path} is outside its range.",
            $"Find out how {path} was measured: such a value cannot be.");
    }

    /// <summary>Names from the top of the document, joined by points.</summary>
    public string Path { get; }

    /// <summary>The last name of the path: the reasons are named after it.</summary>
    public string Name { get; }

    /// <summary>The gate that takes it.</summary>
    public string Gate { get; }

    /// <summary>Absent or null.</summary>
    public ReasonCode Missing { get; }

    /// <summary>Of another type.</summary>
    public ReasonCode Invalid { get; }

    /// <summary>Of its type, but outside its range.</summary>
    public ReasonCode OutOfRange { get; }

    /// <summary>The reasons that taking it can raise.</summary>
    public abstract IEnumerable<ReasonCode> Reasons { get; }

    /// <summary>The JSON Schema of acceptable values.</summary>
    public abstract JsonObject Schema { get; }

    /// <summary>The value, or null with its reason added.</summary>
    protected JsonValue? Given(JsonObject block, GateChecks checks)
    {
        var value = block[Name];
        if (!value.IsNotGiven()) return value;
        checks.Add(Missing);
        return null;
    }
}

/// <summary>An input that is a decimal within a range.</summary>
internal sealed class DecimalInput(string path, string gate, int? least = null, int? most = null, string? missing = null)
    : GateInput(path, gate, missing)
{
    private readonly Decimal28 _least = Decimal28.Of(least ?? 0);
    private readonly Decimal28 _most = Decimal28.Of(most ?? 0);

    public override IEnumerable<ReasonCode> Reasons => least is null && most is null ? [Missing, Invalid] : [Missing, Invalid, OutOfRange];

    public override JsonObject Schema
    {
        get
        {
            var number = JsonObject.Of(("type", "number"));
            if (least is { } minimum) number = number.With("minimum", minimum);
            if (most is { } maximum) number = number.With("maximum", maximum);
            var text = (JsonObject)((JsonArray)PolicyTypes.DecimalSchema["anyOf"]!)[1];
            return JsonObject.Of(("anyOf", new JsonArray([number, text])));
        }
    }

    /// <summary>Whether a decimal is within the range.</summary>
    public bool IsInRange(in Decimal28 value) => (least is null || value >= _least) && (most is null || value <= _most);

    /// <summary>Takes the value; false, with the reason added, where it cannot be taken.</summary>
    public bool TryTake(JsonObject block, GateChecks checks, out Decimal28 taken)
    {
        taken = default;
        if (Given(block, checks) is not { } value) return false;
        if (!Decimal28.TryRead(value, out taken))
        {
            checks.Add(Invalid);
            return false;
        }

        if (IsInRange(taken)) return true;
        checks.Add(OutOfRange);
        return false;
    }
}

/// <summary>An input that is an integer of 64 bits, 0 or more.</summary>
internal sealed class CountInput(string path, string gate) : GateInput(path, gate, null)
{
    public override IEnumerable<ReasonCode> Reasons => [Missing, Invalid, OutOfRange];

    public override JsonObject Schema { get; } = JsonObject.Of(("type", "integer"), ("minimum", 0), ("maximum", long.MaxValue));

    /// <summary>Takes the value; false, with the reason added, where it cannot be taken.</summary>
    public bool TryTake(JsonObject block, GateChecks checks, out long taken)
    {
        taken = 0;
        if (Given(block, checks) is not { } value) return false;
        if (!value.TryInteger(out taken))
        {
            checks.Add(Invalid);
            return false;
        }

        if (taken >= 0) return true;
        checks.Add(OutOfRange);
        return false;
    }
}

/// <summary>An input that is a boolean, and must be true.</summary>
internal sealed class FlagInput(string path, string gate, ReasonCode whenFalse) : GateInput(path, gate, null)
{
    public override IEnumerable<ReasonCode> Reasons => [Missing, Invalid, whenFalse];

    public override JsonObject Schema { get; } = JsonObject.Of(("type", "boolean"));

    /// <summary>Adds the reason, unless the value is true.</summary>
    public void Require(JsonObject block, GateChecks checks)
    {
        if (Given(block, checks) is not { } value) return;
        if (value is not JsonBoolean flag) checks.Add(Invalid);
        else if (!flag.Value) checks.Add(whenFalse);
    }
}

/// <summary>An input that is a text.</summary>
internal sealed class TextInput(string path, string gate) : GateInput(path, gate, null)
{
    public override IEnumerable<ReasonCode> Reasons => [Missing, Invalid];

    public override JsonObject Schema { get; } = JsonObject.Of(("type", "string"));

    /// <summary>Takes the text as written; null, with the reason added, where it cannot be taken.</summary>
    public string? Take(JsonObject block, GateChecks checks)
    {
        if (Given(block, checks) is not { } value) return null;
        if (value is JsonText text) return text.Value;
        checks.Add(Invalid);
        return null;
    }
}

/// <summary>A block of inputs: absent or null is an empty one, anything else that is no object is one reason.</summary>
internal sealed class BlockInput(string name, string gate)
{
    /// <summary>The member's name.</summary>
    public string Name { get; } = name;

    /// <summary>The block is no object.</summary>
    public ReasonCode Invalid { get; } = new(
        name + "_invalid", gate, $"The gate input {name} is not an object.", $"Submit {name} as the object that gate-inputs-v1 describes.");

    /// <summary>The block; null, with the reason added, where it is no object: then its members are not checked.</summary>
    public JsonObject? Take(JsonObject from, GateChecks checks)
    {
        var value = from[Name];
        if (value.IsNotGiven()) return JsonObject.Empty;
        if (value is JsonObject block) return block;
        checks.Add(Invalid);
        return null;
    }
}
