using System.Collections.Immutable;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Promotion;

public class PrerequisitesTests
{
    private static readonly PassingRun Paper = PassingRun.Live with { Target = PromotionTarget.Paper };

    [Theory]
    [InlineData("5")]
    [InlineData("""{"gate_id":4,"status":"pass"}""")]
    [InlineData("""{"gate_id":"gate9_made_up","status":"pass"}""")]
    [InlineData("""{"gate_id":"gate0_data_integrity","status":"pass"}""")]
    public void a_report_that_allows_and_does_not_list_every_gate_once_contradicts_itself(string gate)
    {
        var result = WithGates(gates => gates.SetItem(4, JsonValue.Read(Encoding.UTF8.GetBytes(gate))));
        Assert.Equal(["gate_report_inconsistent"], result.Reasons);
        Assert.Equal(["gates"], Assert.Single(result.ReasonDetails)["fields"].TextsOf());
    }

    [Fact]
    public void a_gate_that_is_listed_twice_fails_where_either_does()
    {
        var failed = JsonObject.Of(("gate_id", GateIds.RiskCapacity), ("status", "blocked"));
        foreach (var result in new[] { WithGates(gates => gates.Add(failed)), WithGates(gates => gates.Insert(0, failed)) })
        {
            Assert.Equal(["gate2_risk_capacity_not_passed", "gate_report_inconsistent"], result.Reasons);
            Assert.Equal("blocked", result.ReasonDetails[1]["status"].TextOf());
        }
    }

    [Fact]
    public void shadow_does_not_need_the_uncertainty_gate()
    {
        var shadow = PassingRun.Live with { Target = PromotionTarget.Shadow };
        var report = shadow.MakeReport();
        var gates = ((JsonArray)report["gates"]!).Elements
            .Where(gate => ((JsonObject)gate)["gate_id"].TextOf() != GateIds.UncertaintyCalibration);
        var without = shadow with { Report = report.With("gates", new JsonArray(gates)) };
        Assert.Equal(["gate_report_inconsistent"], without.Prerequisites().Reasons);
    }

    [Fact]
    public void a_coverage_error_beyond_any_double_is_too_large_and_shown_as_null()
    {
        var result = (Paper with { Report = Paper.MakeReport().With("coverage_error", "1E+400") }).Prerequisites();
        Assert.Equal(["uncertainty_calibration_slo_failed"], result.Reasons);
        Assert.Same(JsonValue.Null, result.ReasonDetails[0]["coverage_error"]);
    }

    [Fact]
    public void throughput_goes_before_metrics_and_metrics_before_nothing()
    {
        var metrics = JsonObject.Of(("decision_count", 5), ("trade_count", 6));
        var both = JsonObject.Of(("throughput", JsonObject.Of(("decision_count", 3), ("trade_count", 4))), ("metrics", metrics));
        var observed = ObservedThroughput.Of(both, JsonObject.Empty);
        Assert.Equal((3L, 4L), (observed.DecisionCount, observed.TradeCount));
        observed = ObservedThroughput.Of(JsonObject.Of(("metrics", metrics)), JsonObject.Empty);
        Assert.Equal((5L, 6L), (observed.DecisionCount, observed.TradeCount));
    }

    [Fact]
    public void a_rationale_cannot_contradict_a_mode_that_the_report_does_not_state()
    {
        var silent = (Paper with { Report = Paper.MakeReport().With("recommended_mode", "") }).Prerequisites();
        Assert.DoesNotContain("promotion_rationale_recommended_mode_mismatch", silent.Reasons);
        var other = (Paper with { Report = Paper.MakeReport().With("recommended_mode", "live") }).Prerequisites();
        Assert.Contains("promotion_rationale_recommended_mode_mismatch", other.Reasons);
    }

    [Fact]
    public void only_what_a_rule_asks_for_is_read()
    {
        Assert.Equal(
            [
                PassingRun.EventCarPath, PassingRun.RewardPath, PassingRun.BenchmarkPath, PassingRun.EvidencePath,
                PassingRun.ValidationPath,
            ],
            PathsRead(Paper, []));
        Assert.Equal(
            [PassingRun.EventCarPath, PassingRun.RewardPath, PassingRun.BenchmarkPath, PassingRun.ValidationPath],
            PathsRead(Paper, [PassingRun.RewardPath]));
        Assert.Equal(
            [PassingRun.EventCarPath, PassingRun.RewardPath, PassingRun.BenchmarkPath, PassingRun.ValidationPath],
            PathsRead(Paper, [PassingRun.EventCarPath]));
        Assert.Empty(PathsRead(Paper with { Target = PromotionTarget.Shadow }, []));
        Assert.Equal(
            [PassingRun.BenchmarkPath, PassingRun.ValidationPath],
            PathsRead(Paper with { Policy = Paper.Policy.With("gate6_require_janus_evidence", false) }, []));
    }

    [Fact]
    public void an_artifact_that_was_parsed_before_is_not_read_again() =>
        Assert.Same(JsonObject.Empty, new Parsed(JsonObject.Empty).FindObject(PassingRun.EvidencePath));

    private static PrerequisitesResult WithGates(
        Func<ImmutableList<JsonValue>, IEnumerable<JsonValue>> change)
    {
        var report = Paper.MakeReport();
        var gates = ImmutableList.CreateRange(((JsonArray)report["gates"]!).Elements);
        return (Paper with { Report = report.With("gates", new JsonArray(change(gates))) }).Prerequisites();
    }

    private static IEnumerable<string> PathsRead(PassingRun run, string[] missing)
    {
        var artifacts = new Recorded(run.RunArtifacts, missing);
        PromotionArtifacts.Read(run.EffectivePolicy, run.Target, artifacts);
        return artifacts.Read.Order(StringComparer.Ordinal);
    }

    private sealed class Recorded(IRunArtifacts artifacts, string[] missing) : IRunArtifacts
    {
        public HashSet<string> Read { get; } = [];

        public bool Contains(string path) => artifacts.Contains(path);

        public byte[]? Find(string path)
        {
            Read.Add(path);
            return missing.Contains(path) ? null : artifacts.Find(path);
        }
    }

    private sealed class Parsed(JsonObject document) : IParsedArtifacts
    {
        public bool Contains(string path) => true;

        public byte[]? Find(string path) => throw new InvalidOperationException(path);

        JsonObject? IParsedArtifacts.Parsed(string path) => document;
    }
}
