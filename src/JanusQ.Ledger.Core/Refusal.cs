using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core;

/// <summary>Why inputs are refused: a code of the contract, the members that it lists with that code, and a sentence for people.</summary>
/// <param name="Code">The code, for instance <c>signal_invalid</c> (artifacts.md 5.4, lane.md section 3).</param>
/// <param name="Explanation">What was expected where, and what was found. Not part of the contract.</param>
public sealed record Refusal(string Code, string Explanation)
{
    /// <summary>Members beside the code, in contract order, for instance <c>signal_index</c> and <c>field</c>.</summary>
    public ImmutableArray<KeyValuePair<string, JsonValue>> Members { get; private init; } = [];

    /// <summary>The refusal as an object: <c>code</c> and its members.</summary>
    public JsonObject ToJson() => new([new KeyValuePair<string, JsonValue>("code", Code), .. Members]);

    /// <summary>The same refusal with a member more.</summary>
    public Refusal With(string name, JsonValue value) => this with { Members = Members.Add(new(name, value)) };
}

/// <summary>Inputs are refused as a whole; nothing was made from them.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Explanation)
{
    /// <summary>Why.</summary>
    public Refusal Refusal { get; } = refusal;
}
