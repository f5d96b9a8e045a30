using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>The most fragile state that decisions report of their market (lane.md section 17).</summary>
/// <param name="State">A known state in lower case, or what stands there as it is (C25).</param>
/// <param name="Score">Text of the decimal, or what stands there as it is (C25).</param>
/// <param name="StabilityModeActive">What stands there as it is; false if nothing does.</param>
public sealed record Fragility(JsonValue State, JsonValue Score, JsonValue StabilityModeActive)
{
    private const int UnknownRank = 4;
    private const string UsualState = "elevated";

    private static readonly string[] StatesByRank = ["normal", UsualState, "stress", "crisis"];
    private static readonly Decimal28 UsualScore = Decimal28.Of("0.5");
    private static readonly Fragility Usual = new(UsualState, UsualScore.ToString(), false);

    /// <summary>The fragility that decisions report; those of the lane's own runtime report none.</summary>
    public static Fragility Of(IEnumerable<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        return Of(decisions.Where(decision => decision.Runtime is null).Select(decision => decision.Params));
    }

    /// <summary>The fragility that the <c>params</c> of decisions report, in order.</summary>
    public static Fragility Of(IEnumerable<JsonObject> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var selected = Usual;
        var rank = Array.IndexOf(StatesByRank, UsualState);
        Decimal28? score = UsualScore;
        foreach (var given in parameters)
        {
            var (state, stateRank) = StateOf(First(given, "fragility_state", "allocator", "fragility_snapshot"));
            var scoreValue = First(given, "fragility_score", "allocator", "fragility_snapshot");
            Decimal28? stateScore = scoreValue is null ? UsualScore : Decimal28.TryRead(scoreValue, out var read) ? read : null;
            if (stateRank < rank || (stateRank == rank && !IsHigher(stateScore, score))) continue;
            rank = stateRank;
            score = stateScore;
            selected = new Fragility(
                state, stateScore is { } text ? text.ToString() : scoreValue!, First(given, "stability_mode_active", "allocator") ?? false);
        }

        return selected;
    }

    /// <summary>Whether a score is higher; null stands for one that is no decimal, above every decimal.</summary>
    private static bool IsHigher(Decimal28? score, Decimal28? than) => than is { } other && (score is not { } value || value > other);

    private static (JsonValue State, int Rank) StateOf(JsonValue? given)
    {
        if (given is null) return (UsualState, Array.IndexOf(StatesByRank, UsualState));
        var rank = given is JsonText text ? Array.IndexOf(StatesByRank, CodePoints.Lower(CodePoints.Trim(text.Value))) : -1;
        return rank < 0 ? (given, UnknownRank) : (StatesByRank[rank], rank);
    }

    private static JsonValue? First(JsonObject parameters, string name, params ReadOnlySpan<string> blocks)
    {
        foreach (var block in blocks)
            if ((parameters[block] as JsonObject)?[name] is not (null or JsonNull) and var nested) return nested;
        return parameters[name] is JsonNull ? null : parameters[name];
    }
}
