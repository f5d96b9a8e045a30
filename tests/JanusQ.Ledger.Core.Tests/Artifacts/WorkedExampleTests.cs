using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

/// <summary>artifacts.md section 12, with every hash that is printed there.</summary>
public class WorkedExampleTests
{
    private static readonly byte[] Document =
        """
        [{"event_ts":"2026-01-05T09:31:00-05:00","symbol":"MSFT","seq":2,"source":"feed","payload":{"price":198,"event_type":" Guidance "}},
         {"event_ts":"2026-01-05T14:30:00Z","symbol":"MSFT","seq":1,"source":"feed","payload":{"close":"200.00"}},
         {"event_ts":"2026-01-05T14:30:00","symbol":"AAPL","payload":{"price":100.10,"macd":null}},
         {"event_ts":1767623460,"symbol":"AAPL","source":"","payload":{"imbalance":{"bid_px":"102.00","ask_px":"102.05"}}}]
        """u8.ToArray();

    private static readonly byte[] Decisions =
        """
        [{"strategy_id":"s-1","symbol":"AAPL","event_ts":"2026-01-05T14:30:00Z","action":"buy","rationale":"momentum",
          "params":{"event_type":"Technical_Indicator"}},
         {"strategy_id":"s-1","symbol":"MSFT","event_ts":"2026-01-05T14:30:00Z","action":"buy"}]
        """u8.ToArray();

    private static readonly Instant GeneratedAt = Instant.Parse("2026-02-25");

    private static EventCarArtifact EventCar =>
        EventCarArtifact.Build("run-1", SortedSignals.Of(SignalsDocument.Read(Document)), GeneratedAt);

    private static HgrmRewardArtifact Reward =>
        HgrmRewardArtifact.Build("cand-1", EventCar, RewardedDecision.Read((JsonArray)JsonValue.Read(Decisions)), GeneratedAt);

    [Theory]
    [InlineData(
        """{"event_ts":"2026-01-05T14:30:00+00:00","payload":{"macd":null,"price":100.1},"seq":0,"source":null,"symbol":"AAPL"}""", 0)]
    [InlineData("""{"event_ts":"2026-01-05T14:30:00+00:00","payload":{"close":"200.00"},"seq":1,"source":"feed","symbol":"MSFT"}""", 1)]
    [InlineData(
        """{"event_ts":"2026-01-05T14:31:00+00:00","payload":"""
        + """{"imbalance":{"ask_px":"102.05","bid_px":"102.00"}},"seq":0,"source":"","symbol":"AAPL"}""", 2)]
    [InlineData(
        """{"event_ts":"2026-01-05T14:31:00+00:00","payload":"""
        + """{"event_type":" Guidance ","price":198},"seq":2,"source":"feed","symbol":"MSFT"}""", 3)]
    public void event_ids_are_ids_of_the_objects_printed(string identity, int record) =>
        Assert.Equal(Sha256Hash.OfText(identity).Id, EventCar.Records[record].EventId.ToString());

    [Fact]
    public void the_event_car_artifact_is_as_printed()
    {
        var file = EventCar.ToBytes();
        Assert.Equal(3141, file.Length);
        Assert.Equal("f598981fb3bbedee88312f967632f9c3847897f1a1b5dc8267ad257c6fc388aa", Sha256Hash.Of(file).ToString());
        Assert.Equal("17bd9db4779dfbd14d818ef0ae18b13b7d8c86f25d18dc0cd1153cef922502b9", EventCar.ManifestHash.ToString());
        Assert.Equal("0.00730769230769230769230769231", EventCar.Summary.MeanAbsoluteCar.ToArtifactText());
        var records = (JsonArray)((JsonObject)JsonValue.Read(file))["records"]!;
        var members = new[] { "event_id", "payload_hash", "event_type", "source", "price_t", "price_t_plus_1", "raw_return",
            "abnormal_return", "semantic_direction", "strength_label" };
        Assert.Equal(
            [
                "62e64037e1925b16d833ffdb", "63aa94742924aac5aaac0f9ac0e80978918c85dd603c633ce6f4a17c8c73dd54", "technical_indicator",
                    "unknown", "100.1", "102.025",
                "0.01923076923076923076923076923", "0.01461538461538461538461538462", "long", "strong",
            ],
            Texts(records[0], members));
        Assert.Equal(
            [
                "909d109fbf8a47d906d19f62", "c3176f50206df86116af149abae36a51492ffc9c617b3cdbb7d5dcedf5b9acb4", "unclassified_event",
                    "feed", "2E+2", "198",
                "-0.01", "-0.01461538461538461538461538462", "short", "strong",
            ],
            Texts(records[1], members));
        foreach (var last in new[] { records[2], records[3] })
            Assert.Equal(["0", "0", "neutral", "weak"], Texts(last, "raw_return", "car", "semantic_direction", "strength_label"));
    }

    [Fact]
    public void the_reward_artifact_is_as_printed()
    {
        var file = Reward.ToBytes();
        Assert.Equal(1796, file.Length);
        Assert.Equal("b71a8a537ca77681bd56e2a3832ae5d19479af349b29e90fdf44412a600464e5", Sha256Hash.Of(file).ToString());
        Assert.Equal("2663e691e10c936e1c74fba7943d44ee6faaa25ef77631d3a95a05225fe62340", Reward.ManifestHash.ToString());
        var payload = (JsonObject)JsonValue.Read(file);
        var rewards = (JsonArray)payload["rewards"]!;
        var members = new[]
        {
            "reward_id", "expected_direction", "predicted_event_type", "direction_gate", "event_type_gate", "pnl_reward",
                "magnitude_reward", "process_reward", "final_reward",
        };
        Assert.Equal(
            [
                "ab918a955c6ded4a607e0569", "long", "technical_indicator", "1", "1", "0.01411538461538461538461538462",
                    "0.01461538461538461538461538462", "0.1",
                "0.1287307692307692307692307692",
            ],
            Texts(rewards[0], members));
        Assert.Equal(
            [
                "242bb0ef8b3bab59b9acf8e0", null, "short", "-1", "0.7", "-0.01511538461538461538461538462",
                    "-0.01461538461538461538461538462", "0",
                "-0.00403461538461538461538461539",
            ],
            Texts(rewards[1], ["reward_id", "predicted_event_type", "expected_direction", .. members[3..]]));
        Assert.Equal(
            """{"direction_gate_pass_ratio":"0.5","event_mapped_count":2,"event_type_match_ratio":"0.5","hard_gate_fail_count":1,"""
            + """
            "mean_final_reward":"0.0623480769230769230769230769","mean_pnl_reward":"-0.0005","reward_count":2}
            """,
            payload["summary"]!.ToString());
    }

    [Fact]
    public void the_evidence_of_the_example_is_complete()
    {
        var evidence = EvidenceSummary.Of(EventCar, "a", Reward, "b");
        Assert.True(evidence.IsComplete);
        Assert.Equal(
            """{"artifact_ref":"b","direction_gate_pass_ratio":"0.5","event_mapped_count":2,"""
            + """
            "manifest_hash":"2663e691e10c936e1c74fba7943d44ee6faaa25ef77631d3a95a05225fe62340","reward_count":2,
            """
            + """
            "schema_version":"janus-hgrm-reward-v1"}
            """,
            evidence.Json["hgrm_reward"]!.ToString());
    }

    private static string?[] Texts(JsonValue entry, params string[] members) =>
        [.. members.Select(member => (((JsonObject)entry)[member] as JsonText)?.Value)];
}
