using System.Text;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Lane.Strategies;
using YamlDotNet.RepresentationModel;

namespace JanusQ.Ledger.Core.Tests.Lane;

public class PaperPatchTests
{
    [Fact]
    public void The_patch_is_a_config_map_whose_strategies_parse_back()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var outcome = LaneRun.Execute(inputs, arguments);
        var map = ReadMapping(PatchOf(outcome)!);
        Assert.Equal(["apiVersion", "kind", "metadata", "data"], Names(map));
        Assert.Equal("v1", Text(map, "apiVersion"));
        Assert.Equal("ConfigMap", Text(map, "kind"));
        var metadata = (YamlMappingNode)map.Children["metadata"];
        var given = (JsonObject)((JsonObject)StrictYaml.Read(inputs.StrategyConfigMap!.Bytes))["metadata"]!;
        Assert.Equal(((JsonText)given["name"]!).Value, Text(metadata, "name"));
        Assert.Equal(((JsonText)given["namespace"]!).Value, Text(metadata, "namespace"));
        var annotations = (YamlMappingNode)metadata.Children["annotations"];
        Assert.Equal(outcome.Identity.CandidateId, Text(annotations, "janusq.ledger/candidate-id"));
        Assert.Equal("paper", Text(annotations, "janusq.ledger/recommended-mode"));
        var acted = StrategyConfiguration.Read(inputs.StrategyConfig.Ref, inputs.StrategyConfig.Bytes)
            .Where(strategy => strategy.Enabled).ToArray();
        var strategies = Strategies(map);
        Assert.Equal(
            acted.Select(strategy => strategy.StrategyId.Value).Order(CodePoints.Order),
            strategies.Select(strategy => Text(strategy, "name")));
        foreach (var strategy in strategies)
        {
            Assert.Equal(
                ["name", "description", "enabled", "base_timeframe", "universe_type", "max_notional_per_trade", "max_position_pct_equity"],
                Names(strategy));
            Assert.Equal("true", Text(strategy, "enabled"));
            Assert.Equal("0.025", Text(strategy, "max_position_pct_equity"));
        }
    }

    [Fact]
    public void Texts_that_yaml_would_read_otherwise_come_back_as_they_are()
    {
        const string Hostile = "x: \"y\"\n- # 'z' \t\u00e9 {}[]&*!|>%@`, \u2028 \U0001F600 on";
        var (inputs, arguments) = LaneCase.Promoted();
        var entries = ((JsonArray)((JsonObject)ReadStrategies(inputs))["strategies"]!).Elements.Cast<JsonObject>();
        var renamed = JsonObject.Of(
            ("strategies", new JsonArray(entries.Select((entry, i) => entry.With("strategy_id", i == 0 ? Hostile : $"other {i}")))));
        var outcome = LaneRun.Execute(
            inputs with
            {
                StrategyConfig = LaneCase.Document("strategies.json", renamed),
                StrategyConfigMap = LaneCase.Document(
                    "map.json", JsonObject.Of(("metadata", JsonObject.Of(("name", Hostile), ("namespace", "no"))))),
            },
            arguments);
        var map = ReadMapping(PatchOf(outcome)!);
        var metadata = (YamlMappingNode)map.Children["metadata"];
        Assert.Equal(Hostile, Text(metadata, "name"));
        Assert.Equal("no", Text(metadata, "namespace"));
        Assert.Contains(Hostile, Strategies(map).Select(strategy => Text(strategy, "name")));
    }

    [Fact]
    public void Strategies_that_never_acted_are_not_patched_in()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var entries = ((JsonArray)((JsonObject)ReadStrategies(inputs))["strategies"]!).Elements;
        var idle = new[]
        {
            JsonObject.Of(("strategy_id", "other-timeframe"), ("base_timeframe", "1Sec")),
            JsonObject.Of(("strategy_id", "switched-off"), ("enabled", false)),
            JsonObject.Of(("strategy_id", "in-error"), ("params", JsonObject.Of(("qty", 0)))),
        };
        var outcome = LaneRun.Execute(
            inputs with { StrategyConfig = LaneCase.Document("strategies.json", new JsonArray(entries.Concat(idle))) }, arguments);
        var names = Strategies(ReadMapping(PatchOf(outcome)!)).Select(strategy => Text(strategy, "name")).ToArray();
        Assert.NotEmpty(names);
        Assert.Empty(names.Intersect(["other-timeframe", "switched-off", "in-error"]));
    }

    [Fact]
    public void The_patch_is_written_exactly_when_the_gates_allow_paper_and_there_is_a_config_map()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        Assert.NotNull(PatchOf(LaneRun.Execute(inputs, arguments)));
        Assert.Null(PatchOf(LaneRun.Execute(inputs with { StrategyConfigMap = null }, arguments)));
        Assert.Null(PatchOf(LaneRun.Execute(inputs with { ForecastMetrics = null }, arguments)));
        Assert.Null(PatchOf(LaneRun.Execute(inputs, arguments with { PromotionTarget = "shadow" })));
        Assert.Null(PatchOf(LaneRun.Execute(inputs, arguments with { PromotionTarget = "live" })));
    }

    [Fact]
    public void A_patch_that_is_written_is_not_an_approval()
    {
        var (inputs, arguments) = LaneCase.Read(LaneCase.StaleRollback);
        var outcome = LaneRun.Execute(inputs, arguments);
        Assert.NotNull(PatchOf(outcome));
        Assert.False(outcome.Recommendation.Eligible);
        Assert.Null(outcome.PaperPatchPath);
    }

    [Fact]
    public void Without_a_config_map_paper_is_denied()
    {
        var (inputs, arguments) = LaneCase.Promoted();
        var outcome = LaneRun.Execute(inputs with { StrategyConfigMap = null }, arguments);
        Assert.Equal(["required_artifacts_missing"], outcome.Recommendation.Reasons);
    }

    private static JsonValue ReadStrategies(LaneInputs inputs)
    {
        var value = inputs.StrategyConfig.Ref.EndsWith(".json", StringComparison.Ordinal)
            ? JsonValue.Read(inputs.StrategyConfig.Bytes)
            : StrictYaml.Read(inputs.StrategyConfig.Bytes);
        return value is JsonArray list ? JsonObject.Of(("strategies", list)) : value;
    }

    private static byte[]? PatchOf(LaneOutcome outcome) =>
        outcome.Files.SingleOrDefault(file => file.Path == LanePaths.PaperPatch)?.ToBytes();

    private static YamlMappingNode ReadMapping(byte[] yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(new UTF8Encoding(false, true).GetString(yaml)));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static YamlMappingNode[] Strategies(YamlMappingNode map)
    {
        var data = (YamlMappingNode)map.Children["data"];
        Assert.Equal(["strategies.yaml"], Names(data));
        var inner = ReadMapping(Encoding.UTF8.GetBytes(Text(data, "strategies.yaml")));
        return [.. ((YamlSequenceNode)inner.Children["strategies"]).Children.Cast<YamlMappingNode>()];
    }

    private static IEnumerable<string> Names(YamlMappingNode mapping) => mapping.Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    private static string Text(YamlMappingNode mapping, string name) => ((YamlScalarNode)mapping.Children[name]).Value!;
}
