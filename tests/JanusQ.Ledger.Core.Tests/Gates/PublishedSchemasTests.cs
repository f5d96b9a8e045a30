using System.Text;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using NJsonSchema;

namespace JanusQ.Ledger.Core.Tests.Gates;

public class PublishedSchemasTests
{
    /// <summary>Path of an artifact, and the schema that is published for it.</summary>
    public static readonly TheoryData<string, string> Artifacts = new()
    {
        { "backtest/evaluation-report.json", "evaluation-report" },
        { "backtest/baseline-evaluation-report.json", "evaluation-report" },
        { "backtest/walkforward-results.json", "walkforward-results" },
        { "gates/gate-evaluation.json", "gate-evaluation" },
        { "gates/janus-event-car-v1.json", "janus-event-car-v1" },
        { "gates/janus-hgrm-reward-v1.json", "janus-hgrm-reward-v1" },
        { "gates/profitability-benchmark-v4.json", "profitability-benchmark-v4" },
        { "gates/profitability-evidence-v4.json", "profitability-evidence-v4" },
        { "gates/profitability-evidence-validation.json", "profitability-evidence-validation" },
        { "gates/promotion-evidence-gate.json", "promotion-evidence-gate" },
        { "gates/promotion-prerequisites.json", "promotion-prerequisites" },
        { "gates/recalibration-report.json", "recalibration-report" },
        { "gates/rollback-readiness.json", "rollback-readiness" },
        { "research/candidate-spec.json", "candidate-spec" },
    };

    /// <summary>With the variable JANUSQ_WRITE_SCHEMAS set, the files are written anew first.</summary>
    [Fact]
    public void the_published_files_are_what_the_tables_give()
    {
        foreach (var (name, schema) in new[] { ("gate-policy", PublishedSchemas.Policy), ("gate-inputs-v1", PublishedSchemas.GateInputs) })
        {
            var expected = FileJson.Text(schema) + "\n";
            if (Environment.GetEnvironmentVariable("JANUSQ_WRITE_SCHEMAS") is { Length: > 0 })
                System.IO.File.WriteAllText(Path.Combine(RepositoryFiles.Root, "config", "schemas", name + ".schema.json"), expected);
            Assert.Equal(expected, File(name));
        }
    }

    [Fact]
    public async Task validation_and_schema_agree_on_every_policy_of_the_vectors()
    {
        var schema = await Schema("gate-policy");
        var seen = 0;
        foreach (var vector in RepositoryFiles.Vectors("policy-load"))
        {
            if (((JsonObject)vector["input"]!)["policy_text"] is not JsonText text) continue;
            if (!JsonValue.TryRead(Encoding.UTF8.GetBytes(text.Value), out var value, out _) || value is not JsonObject document) continue;
            // A pattern cannot tell decimals whose exponent is out of range. The library takes 1.0 for an integer and fails on integers
            // beyond 64 bits.
            if (Regex.IsMatch(text.Value, "[eE][+]?1000000"))
                continue;
            if (document.Members.Any(member => member.Value is JsonInteger integer && integer.Value.GetBitLength() > 63)) continue;
            var accepted = PolicyDocument.TryLoad(document, out _, out var faults);
            if (faults.Any(fault => document[fault.Key] is JsonReal)) continue;
            var errors = schema.Validate(text.Value);
            Assert.True(
                accepted == (errors.Count == 0),
                $"{((JsonText)vector["id"]!).Value}: {string.Join("; ", faults)} against {string.Join("; ", errors)} in {text.Value}");
            seen++;
        }

        Assert.True(seen > 200, $"{seen}");
    }

    [Theory]
    [MemberData(nameof(Artifacts))]
    public async Task what_a_lane_emits_is_valid(string path, string name)
    {
        var schema = await Schema(name);
        var files = LaneFiles(path).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
            Assert.Empty(schema.Validate(await System.IO.File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
        var whole = (JsonObject)JsonValue.Read(await System.IO.File.ReadAllBytesAsync(files[0], TestContext.Current.CancellationToken));
        foreach (var (member, _) in whole.Members) Assert.NotEmpty(schema.Validate(CanonicalJson.Text(whole.Without(member))));
    }

    [Fact]
    public async Task gate_inputs_of_lanes_are_valid_and_junk_in_any_input_is_not()
    {
        var schema = await Schema("gate-inputs-v1");
        Assert.Empty(schema.Validate(CanonicalJson.Text(PassingInputs.Document)));
        foreach (var input in GateInputs.All.Concat(GateInputs.Uncertainty))
            Assert.NotEmpty(schema.Validate(CanonicalJson.Text(PassingInputs.Set(PassingInputs.Document, input.Path, JsonArray.Empty))));
    }

    [Fact]
    public async Task the_shipped_policies_are_valid()
    {
        var schema = await Schema("gate-policy");
        foreach (var file in new[] { "gate-policy.json", "gate-policy-basic.json" })
            Assert.Empty(schema.Validate(Encoding.UTF8.GetString(RepositoryFiles.Bytes("config", file))));
    }

    private static IEnumerable<string> LaneFiles(string path) =>
        Directory.EnumerateDirectories(Path.Combine(RepositoryFiles.Root, "tests", "vectors", "lane"))
            .Select(folder => Path.Combine([folder, "expected", .. path.Split('/')])).Where(System.IO.File.Exists);

    private static string File(string name) => Encoding.UTF8.GetString(RepositoryFiles.Bytes("config", "schemas", name + ".schema.json"));

    private static Task<JsonSchema> Schema(string name) => JsonSchema.FromJsonAsync(File(name), TestContext.Current.CancellationToken);
}
