using CsCheck;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

public class HgrmRewardArtifactTests
{
    private static readonly string[] IdentityMembers =
    [
        "event_id", "strategy_id", "symbol", "event_ts", "action", "direction_gate", "event_type_gate", "pnl_reward", "magnitude_reward",
            "process_reward",
        "final_reward",
    ];

    [Fact]
    public void everything_a_verifier_can_recompute_is_what_the_file_says() =>
        Gen.Select(RandomSignals.Signals, RandomSignals.Decisions).Sample(
        (signals, decisions) =>
        {
            var files = RandomSignals.Build(signals, decisions);
            var records = ((JsonArray)((JsonObject)JsonValue.Read(files.EventCar))["records"]!).Elements.Cast<JsonObject>().ToArray();
            var payload = (JsonObject)JsonValue.Read(files.Reward);
            var rewards = ((JsonArray)payload["rewards"]!).Elements.Cast<JsonObject>().ToArray();
            Assert.Equal(Text(payload, "manifest_hash"), CanonicalJson.Hash(payload["rewards"]!).ToString());
            foreach (var reward in rewards) Recompute(reward, records);
            CheckSummary((JsonObject)payload["summary"]!, rewards);
        },
        iter: 500);

    [Fact]
    public void the_order_of_decisions_that_differ_in_instant_symbol_or_strategy_never_matters() =>
        Gen.Select(RandomSignals.Signals, RandomSignals.Decisions, Gen.Int).Sample(
            (signals, decisions, seed) =>
            {
                var distinct = decisions.DistinctBy(decision =>
                    (Text(decision, "event_ts"), Text(decision, "symbol"), Text(decision, "strategy_id"))).ToArray();
                var shuffled = distinct.ToArray();
                new Random(seed).Shuffle(shuffled);
                Assert.Equal(RandomSignals.Build(signals, distinct).Reward, RandomSignals.Build(signals, shuffled).Reward);
            },
            iter: 300);

    [Fact]
    public void no_decisions_give_an_empty_artifact_of_zeros()
    {
        var payload = (JsonObject)JsonValue.Read(RandomSignals.Build([JsonObject.Of(("event_ts", 1), ("symbol", "A"))], []).Reward);
        Assert.Equal("[]", payload["rewards"]!.ToString());
        Assert.Equal(
            """{"direction_gate_pass_ratio":"0","event_mapped_count":0,"event_type_match_ratio":"0","hard_gate_fail_count":0,"""
            + """
            "mean_final_reward":"0","mean_pnl_reward":"0","reward_count":0}
            """,
            payload["summary"]!.ToString());
    }

    [Theory]
    [InlineData("", "5")]
    [InlineData("strategy_id", """{"symbol":5}""")]
    [InlineData("strategy_id", """{"strategy_id":null}""")]
    [InlineData("symbol", """{"strategy_id":"","event_ts":"x"}""")]
    [InlineData("event_ts", """{"strategy_id":"","symbol":"","event_ts":"20260101","action":"x"}""")]
    [InlineData("action", """{"strategy_id":"","symbol":"","event_ts":1,"action":"BUY","rationale":5}""")]
    [InlineData("action", """{"strategy_id":"","symbol":"","event_ts":1,"action":null}""")]
    [InlineData("rationale", """{"strategy_id":"","symbol":"","event_ts":1,"action":"buy","rationale":false,"params":5}""")]
    [InlineData("params", """{"strategy_id":"","symbol":"","event_ts":1,"action":"sell","rationale":null,"params":null}""")]
    [InlineData("params", """{"strategy_id":"","symbol":"","event_ts":1,"action":"sell","params":[]}""")]
    public void the_first_field_of_a_decision_that_is_refused_is_named(string field, string decision)
    {
        var list = (JsonArray)JsonValue.Read(System.Text.Encoding.UTF8.GetBytes(
            $$"""[{"strategy_id":"s","symbol":"A","event_ts":1,"action":"buy"},{{decision}},5]"""));
        var refusal = Assert.Throws<RefusedException>(() => RewardedDecision.Read(list)).Refusal;
        Assert.Equal($$"""{"code":"decision_invalid","decision_index":1,"field":"{{field}}"}""", CanonicalJson.Text(refusal.ToJson()));
    }

    private static void Recompute(JsonObject reward, JsonObject[] records)
    {
        Assert.Equal(CanonicalJson.Id(new JsonObject(IdentityMembers.Select(name =>
            new KeyValuePair<string, JsonValue>(name, reward[name]!)))), Text(reward, "reward_id"));
        var record = records.LastOrDefault(entry =>
            Text(entry, "event_ts") == Text(reward, "event_ts") && Text(entry, "symbol") == Text(reward, "symbol"));
        var expected = record is null ? "neutral" : Text(record, "semantic_direction");
        var type = record is null ? "unclassified_event" : Text(record, "event_type");
        var car = record is null ? Decimal28.Zero : Decimal28.Of(Text(record, "car"));
        var buy = Text(reward, "action") == "buy";
        var agrees = expected == (buy ? "long" : "short");
        var directionGate = Decimal28.Of(expected == "neutral" ? "-0.50" : agrees ? "1" : "-1");
        var predicted = reward["predicted_event_type"] as JsonText;
        var typeGate = Decimal28.Of(predicted is null ? "0.70" : predicted.Value == type ? "1" : "0.40");
        var pnl = (car * Decimal28.Of(buy ? 1 : -1)) - Decimal28.Of("0.0005");
        var magnitude = agrees ? Decimal28.Abs(car) : -Decimal28.Abs(car);
        var process = Decimal28.Of(Text(reward, "process_reward"));
        var final = (((directionGate * typeGate) * pnl) + magnitude) + process;
        Assert.Equal(
            (record is null ? "unmapped" : Text(record, "event_id"), expected, type),
            (Text(reward, "event_id"), Text(reward, "expected_direction"), Text(reward, "event_type")));
        Assert.Equal(
            new[] { directionGate, typeGate, pnl, magnitude, final }.Select(value => value.ToArtifactText()),
            new[] { "direction_gate", "event_type_gate", "pnl_reward", "magnitude_reward", "final_reward" }.Select(name =>
                Text(reward, name)));
    }

    private static void CheckSummary(JsonObject summary, JsonObject[] rewards)
    {
        int Count(string member, string value) => rewards.Count(reward => Text(reward, member) == value);
        string Ratio(int count) => rewards.Length == 0 ? "0" : (Decimal28.Of(count) / Decimal28.Of(rewards.Length)).ToArtifactText();
        string Mean(string member) => rewards.Length == 0 ? "0"
            : (Decimal28.Sum(rewards.Select(reward => Decimal28.Of(Text(reward, member))).ToArray()) / Decimal28.Of(rewards.Length))
                .ToArtifactText();
        var expected = JsonObject.Of(
            ("reward_count", rewards.Length),
            ("event_mapped_count", rewards.Length - Count("event_id", "unmapped")),
            ("hard_gate_fail_count", Count("direction_gate", "-1")),
            ("direction_gate_pass_ratio", Ratio(Count("direction_gate", "1"))),
            ("event_type_match_ratio", Ratio(Count("event_type_gate", "1"))),
            ("mean_final_reward", Mean("final_reward")),
            ("mean_pnl_reward", Mean("pnl_reward")));
        Assert.Equal(FileJson.Text(expected), FileJson.Text(summary));
    }

    private static string Text(JsonObject value, string member) => ((JsonText)value[member]!).Value;
}
