using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>
/// What anyone can recompute from the array of a Janus artifact as read: manifest hash and summary (artifacts.md section 9,
/// gates-and-policy.md 6.8). Total: there is an answer for every array whatsoever.
/// </summary>
public static class JanusRecomputation
{
    /// <summary>The event_id of a reward without an event.</summary>
    public const string Unmapped = "unmapped";

    /// <summary>The hash of <c>records</c> or <c>rewards</c> as read.</summary>
    public static Sha256Hash ManifestHash(JsonArray items) => CanonicalJson.Hash(items);

    /// <summary>The summary of an event/CAR artifact; <c>mean_abs_car</c> is null where a record has no decimal <c>car</c>.</summary>
    public static JsonObject EventCarSummary(JsonArray records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var objects = records.Elements.OfType<JsonObject>().ToArray();
        return JsonObject.Of(
            ("event_count", records.Count),
            ("positive_direction_count", CountOf(objects, "semantic_direction", "long")),
            ("negative_direction_count", CountOf(objects, "semantic_direction", "short")),
            ("neutral_direction_count", CountOf(objects, "semantic_direction", "neutral")),
            ("strong_event_count", CountOf(objects, "strength_label", "strong")),
            ("mean_abs_car", Mean(records, "car", static value => Decimal28.Abs(value))));
    }

    /// <summary>The summary of a reward artifact; a mean is null where a reward lacks the decimal.</summary>
    /// <param name="rewards">The rewards.</param>
    /// <param name="records">
    /// The records of the event/CAR artifact of the same run; without it every id but <c>unmapped</c> counts as mapped.
    /// </param>
    public static JsonObject RewardSummary(JsonArray rewards, JsonArray? records)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        var objects = rewards.Elements.OfType<JsonObject>().ToArray();
        var known = records?.Elements.OfType<JsonObject>().Select(record => record["event_id"]).OfType<JsonText>()
            .Select(id => id.Value).ToHashSet(StringComparer.Ordinal);
        var mapped = objects.Count(reward => reward["event_id"] is JsonText id && (known?.Contains(id.Value) ?? id.Value != Unmapped));
        return JsonObject.Of(
            ("reward_count", rewards.Count),
            ("event_mapped_count", mapped),
            ("hard_gate_fail_count", CountOf(objects, "direction_gate", "-1")),
            ("direction_gate_pass_ratio", Ratio(CountOf(objects, "direction_gate", "1"), rewards.Count)),
            ("event_type_match_ratio", Ratio(CountOf(objects, "event_type_gate", "1"), rewards.Count)),
            ("mean_final_reward", Mean(rewards, "final_reward", static value => value)),
            ("mean_pnl_reward", Mean(rewards, "pnl_reward", static value => value)));
    }

    /// <summary>Names of the members of a recomputed summary that the artifact's own summary does not have just so, sorted.</summary>
    public static IReadOnlyList<string> Differences(JsonObject recomputed, JsonValue? summary)
    {
        ArgumentNullException.ThrowIfNull(recomputed);
        var stated = summary as JsonObject ?? JsonObject.Empty;
        return [.. recomputed.Members.Where(member => !IsSame(member.Value, stated[member.Key])).Select(member => member.Key).Order(
            CodePoints.Order)];
    }

    private static bool IsSame(JsonValue recomputed, JsonValue? stated) => (recomputed, stated) switch
    {
        (JsonInteger a, JsonInteger b) => a.Value == b.Value,
        (JsonText a, JsonText b) => string.Equals(a.Value, b.Value, StringComparison.Ordinal),
        _ => false,
    };

    private static int CountOf(JsonObject[] items, string name, string value) =>
        items.Count(item => item[name] is JsonText text && string.Equals(text.Value, value, StringComparison.Ordinal));

    private static string Ratio(int part, int whole) =>
        whole == 0 ? "0" : (Decimal28.Of(part) / Decimal28.Of(whole)).ToArtifactText();

    private static JsonValue Mean(JsonArray items, string name, Func<Decimal28, Decimal28> rewrite)
    {
        if (items.Count == 0) return "0";
        var sum = Decimal28.Zero;
        try
        {
            foreach (var item in items.Elements)
            {
                if ((item as JsonObject)?[name] is not JsonText text || !Decimal28.TryParse(text.Value, out var value))
                    return JsonValue.Null;
                sum += rewrite(value);
            }

            return (sum / Decimal28.Of(items.Count)).ToArtifactText();
        }
        catch (DecimalRangeException)
        {
            return JsonValue.Null;
        }
    }
}
