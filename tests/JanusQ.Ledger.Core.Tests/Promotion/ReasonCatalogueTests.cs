using System.Reflection;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Tests.Promotion;

public class ReasonCatalogueTests
{
    /// <summary>
    /// Words of drift monitors that the vectors carry, and reasons made up by vectors of the recommendation: not raised by a rule here.
    /// </summary>
    private static readonly string[] FamiliesOfRules = ["gate-matrix", "gate-matrix-malformed", "prerequisites", "rollback"];

    [Fact]
    public void every_reason_object_of_the_core_is_in_the_catalogue()
    {
        var declared = typeof(ReasonCode).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(ReasonCode))
            .Select(field => (ReasonCode)field.GetValue(null)!)
            .Concat(GateInputs.All.SelectMany(input => new[] { input.Missing, input.Invalid }))
            .ToList();
        Assert.True(declared.Count > 150, $"{declared.Count}");
        Assert.All(declared, reason => Assert.Contains(reason, ReasonCatalogue.Find(reason.Code)!.Meanings));
    }

    [Theory]
    [InlineData("not_authorised")]
    [InlineData("evaluation_completed")]
    [InlineData("signals_document_invalid")]
    public void what_a_command_is_refused_with_is_in_the_catalogue(string code) => Assert.NotNull(ReasonCatalogue.Find(code));

    [Fact]
    public void every_code_of_the_vectors_is_in_the_catalogue()
    {
        var codes = FamiliesOfRules.SelectMany(RepositoryFiles.Vectors)
            .Select(vector => vector["expected"]).OfType<JsonObject>()
            .SelectMany(expected => Codes(expected["reasons"]).Concat(
                expected["error"] is JsonObject error ? [((JsonText)error["code"]!).Value] : []))
            .Distinct().ToList();
        Assert.True(codes.Count > 100, $"{codes.Count}");
        Assert.DoesNotContain(codes, code => ReasonCatalogue.Find(code) is null);
    }

    [Fact]
    public void every_code_of_the_lane_vectors_is_in_the_catalogue()
    {
        var lane = Path.Combine(RepositoryFiles.Root, "tests", "vectors", "lane");
        var codes = Directory.EnumerateFiles(lane, "promotion-evidence-gate.json", SearchOption.AllDirectories)
            .Select(file => (JsonObject)JsonValue.Read(File.ReadAllBytes(file)))
            .SelectMany(gate => ((JsonObject)gate["checks"]!).Members)
            .Where(check => check.Key != "drift_governance")
            .SelectMany(check => Codes(((JsonObject)check.Value)["reasons"]))
            .Distinct().ToList();
        Assert.True(codes.Count > 10, $"{codes.Count}");
        Assert.DoesNotContain(codes, code => ReasonCatalogue.Find(code) is null);
    }

    [Fact]
    public void every_entry_explains_itself_in_a_sentence_and_names_a_remedy()
    {
        Assert.Equal(
            ReasonCatalogue.All.Select(entry => entry.Code).Distinct().Order(CodePoints.Order),
            ReasonCatalogue.All.Select(entry => entry.Code));
        foreach (var meaning in ReasonCatalogue.All.SelectMany(entry => entry.Meanings))
        {
            Assert.Matches("^[a-z0-9_]+$", meaning.Code);
            Assert.NotEqual("", meaning.RaisedBy);
            Assert.Matches(@"^\S.*[^.]\.$", meaning.Explanation);
            Assert.Matches(@"^\S.*[^.]\.$", meaning.Remedy);
        }
    }

    [Fact]
    public void a_code_raised_by_two_gates_has_both_meanings()
    {
        var entry = ReasonCatalogue.Find("cost_bps_missing")!;
        Assert.Equal([GateIds.RiskCapacity, GateIds.ProfitabilityEvidence], entry.Meanings.Select(meaning => meaning.RaisedBy));
        Assert.Equal("cost_bps_missing", ((JsonText)entry.ToJson()["code"]!).Value);
        Assert.Equal(2, ((JsonArray)entry.ToJson()["meanings"]!).Count);
    }

    [Fact]
    public void an_unknown_code_has_no_entry_but_neighbours()
    {
        Assert.Null(ReasonCatalogue.Find("drawdown_exceeds"));
        Assert.Equal("drawdown_exceeds_maximum", ReasonCatalogue.Near("drawdown_exceeds_maximun")[0]);
        Assert.Empty(ReasonCatalogue.Near("zzz"));
        Assert.True(ReasonCatalogue.Near("janus_event_car_count_below").Count <= 5);
    }

    [Fact]
    public void neighbours_are_as_near_as_a_third_of_the_code_asked_for()
    {
        const string Code = "janus_reward_event_mapping_incomplete";
        Assert.Contains(Code, ReasonCatalogue.Near(Code[..^9]));
        Assert.DoesNotContain(Code, ReasonCatalogue.Near(Code[..^10]));
    }

    [Fact]
    public void the_nearest_stands_first_and_those_equally_near_are_sorted() => Assert.Equal(
        [
            "uncertainty_gate_action_fail", "uncertainty_gate_action_abstain", "uncertainty_gate_action_degrade",
            "uncertainty_gate_not_pass",
        ],
        ReasonCatalogue.Near("uncertainty_gate_action_"));

    private static IEnumerable<string> Codes(JsonValue? reasons) =>
        reasons is JsonArray array ? array.Elements.Cast<JsonText>().Select(text => text.Value) : [];
}
