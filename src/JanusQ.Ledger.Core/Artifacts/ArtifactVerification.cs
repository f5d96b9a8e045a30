using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>One place where an artifact does not say what follows from its own entries.</summary>
/// <param name="Place">The member, for instance <c>records[3].semantic_direction</c>.</param>
/// <param name="Expected">What follows.</param>
/// <param name="Found">What stands there.</param>
public sealed record ArtifactFinding(string Place, string Expected, string Found)
{
    /// <inheritdoc />
    public override string ToString() => $"{Place}: expected {Expected}, found {Found}";
}

/// <summary>
/// Verifies Janus artifacts from their files alone: they are recomputed, not believed (artifacts.md section 9). Total: every JSON value
/// gets an answer, and an empty list of findings means that all that can be recomputed agrees.
/// </summary>
public static class ArtifactVerification
{
    private const string Something = "a text";
    private const string ManifestHash = "manifest_hash";

    private static readonly string[] RewardIdentity =
    [
        "event_id", "strategy_id", "symbol", "event_ts", "action", "direction_gate", "event_type_gate", "pnl_reward", "magnitude_reward",
        "process_reward", "final_reward",
    ];

    /// <summary>Verifies an event/CAR artifact: schema, manifest, summary, and every record's directions and returns.</summary>
    public static IReadOnlyList<ArtifactFinding> VerifyEventCar(JsonValue artifact)
    {
        var findings = new List<ArtifactFinding>();
        if (Items(artifact, EventCarArtifact.SchemaVersion, "records", findings) is not { } records) return findings;
        CompareSummary(JanusRecomputation.EventCarSummary(records), (JsonObject)artifact, findings);
        for (var i = 0; i < records.Count; i++) VerifyRecord(records[i], Place("records", i), findings);
        return findings;
    }

    /// <summary>
    /// Verifies a reward artifact: schema, manifest, summary, every reward's id, and against the events every gate and reward.
    /// </summary>
    /// <param name="artifact">The reward artifact.</param>
    /// <param name="eventCar">The event/CAR artifact of the same run, or null where there is none to compare with.</param>
    public static IReadOnlyList<ArtifactFinding> VerifyReward(JsonValue artifact, JsonValue? eventCar)
    {
        var findings = new List<ArtifactFinding>();
        if (Items(artifact, HgrmRewardArtifact.SchemaVersion, "rewards", findings) is not { } rewards) return findings;
        var records = (eventCar as JsonObject)?["records"] as JsonArray;
        CompareSummary(JanusRecomputation.RewardSummary(rewards, records), (JsonObject)artifact, findings);
        if (eventCar is JsonObject events) Compare("run_id", Spell(events["run_id"]), ((JsonObject)artifact)["run_id"], findings);
        var lastOf = records is null ? null : LastRecords(records);
        for (var i = 0; i < rewards.Count; i++) VerifyOneReward(rewards[i], Place("rewards", i), lastOf, findings);
        return findings;
    }

    /// <summary>
    /// Compares the manifest hash that was declared for an artifact with the one that it carries; none where they are the same.
    /// </summary>
    /// <param name="artifact">The artifact as read, or null where it cannot be.</param>
    /// <param name="declared">The hash that was declared when it was recorded, or null where none was.</param>
    public static ArtifactFinding? VerifyDeclaredManifest(JsonValue? artifact, string? declared)
    {
        var carried = ManifestHashOf(artifact);
        return string.Equals(carried, declared, StringComparison.Ordinal)
            ? null
            : new ArtifactFinding(ManifestHash, declared ?? "none", carried ?? "none");
    }

    /// <summary>The manifest hash that an artifact carries, as it stands there; null where none does.</summary>
    public static string? ManifestHashOf(JsonValue? artifact) => ((artifact as JsonObject)?[ManifestHash] as JsonText)?.Value;

    private static JsonArray? Items(JsonValue artifact, string schema, string array, List<ArtifactFinding> findings)
    {
        if (artifact is not JsonObject members)
        {
            findings.Add(new ArtifactFinding("", "an object", artifact.Kind.ToString()));
            return null;
        }

        Compare("schema_version", Spell(schema), members["schema_version"], findings);
        if (members[array] is not JsonArray items)
        {
            findings.Add(new ArtifactFinding(array, "an array", Spell(members[array])));
            return null;
        }

        Compare(ManifestHash, Spell(JanusRecomputation.ManifestHash(items)), members[ManifestHash], findings);
        return items;
    }

    private static void CompareSummary(JsonObject recomputed, JsonObject artifact, List<ArtifactFinding> findings)
    {
        foreach (var name in JanusRecomputation.Differences(recomputed, artifact["summary"]))
            findings.Add(
                new ArtifactFinding("summary." + name, Spell(recomputed[name]), Spell((artifact["summary"] as JsonObject)?[name])));
    }

    private static void VerifyRecord(JsonValue value, string place, List<ArtifactFinding> findings)
    {
        if (value is not JsonObject record)
        {
            findings.Add(new ArtifactFinding(place, "an object", value.Kind.ToString()));
            return;
        }

        if (record["car"] is not JsonText text || !Decimal28.TryParse(text.Value, out var car))
        {
            findings.Add(new ArtifactFinding(place + ".car", "a decimal text", Spell(record["car"])));
            return;
        }

        Compare(place + ".semantic_direction", Spell(SemanticDirections.Of(car).Name().Value), record["semantic_direction"], findings);
        Compare(place + ".abnormal_return", Spell(text), record["abnormal_return"], findings);
        Compare(place + ".risk_neutralized_return", Spell(text), record["risk_neutralized_return"], findings);
    }

    private static void VerifyOneReward(
        JsonValue value, string place, Dictionary<(string, string), JsonObject>? lastOf, List<ArtifactFinding> findings)
    {
        if (value is not JsonObject reward)
        {
            findings.Add(new ArtifactFinding(place, "an object", value.Kind.ToString()));
            return;
        }

        foreach (var name in RewardIdentity)
        {
            if (reward[name] is JsonText) continue;
            findings.Add(new ArtifactFinding($"{place}.{name}", Something, Spell(reward[name])));
            return;
        }

        var identity = new JsonObject(RewardIdentity.Select(name => new KeyValuePair<string, JsonValue>(name, reward[name]!)));
        Compare(place + ".reward_id", Spell(CanonicalJson.Id(identity)), reward["reward_id"], findings);
        if (lastOf is not null) VerifyAgainstEvent(reward, place, lastOf, findings);
    }

    private static void VerifyAgainstEvent(
        JsonObject reward, string place, Dictionary<(string, string), JsonObject> lastOf, List<ArtifactFinding> findings)
    {
        lastOf.TryGetValue((Text(reward, "event_ts"), Text(reward, "symbol")), out var record);
        var decision = new RewardedDecision
        {
            StrategyId = new CanonicalText(Text(reward, "strategy_id")),
            Symbol = new CanonicalText(Text(reward, "symbol")),
            EventTime = default,
            IsBuy = Text(reward, "action") == "buy",
            HasRationale = Text(reward, "process_reward") != "0",
            PredictedEventType = (reward["predicted_event_type"] as JsonText)?.Value,
        };
        var car = Decimal28.Zero;
        if (record is not null && !Decimal28.TryParse((record["car"] as JsonText)?.Value, out car)) return;
        Reward expected;
        try
        {
            expected = Reward.Of(decision, record is null ? null : ((record["event_type"] as JsonText)?.Value ?? "", car));
        }
        catch (DecimalRangeException outOfRange)
        {
            findings.Add(new ArtifactFinding(place + ".final_reward", "rewards that can be computed", outOfRange.Message));
            return;
        }

        (string Name, string Value)[] members =
        [
            ("event_id", record is null ? JanusRecomputation.Unmapped : (record["event_id"] as JsonText)?.Value ?? ""),
            ("expected_direction", expected.ExpectedDirection.Name().Value),
            ("event_type", expected.EventType),
            ("direction_gate", expected.DirectionGate.ToArtifactText()),
            ("event_type_gate", expected.EventTypeGate.ToArtifactText()),
            ("pnl_reward", expected.PnlReward.ToArtifactText()),
            ("magnitude_reward", expected.MagnitudeReward.ToArtifactText()),
            ("process_reward", expected.ProcessReward.ToArtifactText()),
            ("final_reward", expected.FinalReward.ToArtifactText()),
        ];
        if (Text(reward, "action") is not ("buy" or "sell"))
            findings.Add(new ArtifactFinding(place + ".action", "buy or sell", Spell(reward["action"])));
        foreach (var (name, text) in members) Compare($"{place}.{name}", Spell(text), reward[name], findings);
    }

    private static Dictionary<(string, string), JsonObject> LastRecords(JsonArray records)
    {
        var last = new Dictionary<(string, string), JsonObject>();
        foreach (var record in records.Elements.OfType<JsonObject>())
            if (record["event_ts"] is JsonText instant && record["symbol"] is JsonText symbol) last[(instant.Value, symbol.Value)] = record;
        return last;
    }

    private static void Compare(string place, string expected, JsonValue? found, List<ArtifactFinding> findings)
    {
        if (Spell(found) != expected) findings.Add(new ArtifactFinding(place, expected, Spell(found)));
    }

    private static string Text(JsonObject item, string name) => ((JsonText)item[name]!).Value;

    private static string Place(string array, int index) => $"{array}[{index.ToString(CultureInfo.InvariantCulture)}]";

    private static string Spell(JsonValue? value) => value?.ToString() ?? "nothing";
}
