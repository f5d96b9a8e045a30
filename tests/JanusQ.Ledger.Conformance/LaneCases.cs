using System.IO.Compression;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Conformance;

/// <summary>Whole lane runs, one folder a case under lane/ (README-lane.md of the vectors).</summary>
public class LaneCases
{
    private static readonly string[] OrderOfSection22 =
    [
        LanePaths.WalkForwardResults, LanePaths.EvaluationReport, LanePaths.BaselineReport, LanePaths.EventCar, LanePaths.Reward,
        LanePaths.Benchmark,
        LanePaths.Evidence, LanePaths.Validation, LanePaths.Recalibration, LanePaths.PaperPatch, LanePaths.Prerequisites,
        LanePaths.RollbackReadiness, LanePaths.CandidateSpec, LanePaths.EvidenceGate, LanePaths.GateReport,
    ];

    /// <summary>The names of all cases: those listed, and folders that nobody listed.</summary>
    public static TheoryData<string> Cases
    {
        get
        {
            var listed = ((JsonArray)ReadJson(Path.Combine(Folder, "index.json"))).Elements.Cast<JsonObject>().Select(
                entry => VectorFamily.Text(entry["case"]));
            var found = Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)!);
            return [.. listed.Union(found, StringComparer.Ordinal)];
        }
    }

    private static string Folder => Path.Combine(VectorFolder.Root, "lane");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_emits_what_the_contract_says(string name)
    {
        var folder = Path.Combine(Folder, name);
        Assert.SkipWhen(
            !Directory.Exists(folder) && name.StartsWith("real-", StringComparison.Ordinal),
            "Real market data is not copied into the repository.");
        Assert.True(Directory.Exists(folder), $"The case '{name}' is listed, but its folder is absent.");
        var expected = (JsonObject)ReadJson(Path.Combine(folder, "expected.json"));
        var (inputs, arguments) = ReadCase(folder);
        LaneOutcome outcome;
        try
        {
            outcome = LaneRun.Execute(inputs, arguments);
        }
        catch (RefusedException refused)
        {
            Assert.Equal(FileJson.Text(expected["refused"] ?? JsonValue.Null), FileJson.Text(refused.Refusal.ToJson()));
            return;
        }

        Assert.False(expected.Has("refused"), $"The run must be refused: {expected["refused"]}");
        foreach (var path in OrderOfSection22) CompareFile(outcome, path, expected, folder);
        Assert.Equal(OrderOfSection22.Where(path => outcome.Files.Any(file => file.Path == path)), outcome.Files.Select(file => file.Path));
        Assert.Equal(((JsonObject)expected["files"]!).Count, outcome.Files.Count);
        var found = ResultOf(outcome);
        foreach (var (member, value) in expected.Members)
        {
            if (member == "files") continue;
            Assert.Equal(
                FileJson.Text(value),
                FileJson.Text(found[member] ?? throw new InvalidDataException($"Nothing is compared with '{member}'.")));
        }

        Assert.Equal(FileJson.Text(outcome.GateInputs), System.Text.Encoding.ASCII.GetString(outcome.GateInputsFile.ToBytes()));
    }

    /// <summary>The inputs and arguments of a case.</summary>
    internal static (LaneInputs Inputs, LaneArguments Arguments) ReadCase(string folder)
    {
        var args = (JsonObject)ReadJson(Path.Combine(folder, "args.json"));
        var external = args["external_inputs"] as JsonObject ?? JsonObject.Empty;
        LaneDocument? Given(string name) =>
            args[name] is JsonText reference ? new LaneDocument(reference.Value, ReadInput(folder, reference.Value, external)) : null;
        LaneDocument Needed(string name) => Given(name) ?? throw new InvalidDataException($"args.json of {folder} names no {name}.");
        return (
            new LaneInputs
            {
                Signals = Needed("signals"),
                StrategyConfig = Needed("strategy_config"),
                GatePolicy = Needed("gate_policy"),
                StrategyConfigMap = Given("strategy_configmap"),
                ForecastMetrics = Given("forecast_metrics"),
                RollbackReadiness = Given("rollback_readiness"),
                TcaMetrics = Given("tca_metrics"),
                LlmMetrics = Given("llm_metrics"),
                DriftEvidence = Given("drift_evidence"),
            },
            new LaneArguments
            {
                PromotionTarget = args["promotion_target"] ?? JsonValue.Null,
                EvaluatedAt = args["evaluated_at"] ?? JsonValue.Null,
                CodeVersion = VectorFamily.Text(args["code_version"]),
                ApprovalToken = (args["approval_token"] as JsonText)?.Value,
            });
    }

    private static void CompareFile(LaneOutcome outcome, string path, JsonObject expected, string folder)
    {
        var wanted = ((JsonObject)expected["files"]!)[path] as JsonObject;
        var file = outcome.Files.SingleOrDefault(emitted => emitted.Path == path);
        if (wanted is null)
        {
            Assert.True(file is null, $"{path} is the first file that differs: it must not be emitted.");
            return;
        }

        Assert.True(file is not null, $"{path} is the first file that differs: it is not emitted.");
        var bytes = file.ToBytes();
        var copy = Path.Combine(folder, "expected", path);
        if (File.Exists(copy) && !bytes.AsSpan().SequenceEqual(File.ReadAllBytes(copy)))
            Assert.Fail(Difference(path, File.ReadAllText(copy), bytes));
        Assert.True(
            Sha256Hash.Of(bytes) == file.Hash && bytes.LongLength == file.Size, $"{path}: hash or size are not those of the bytes.");
        Assert.True(
            file.Hash.ToString() == VectorFamily.Text(wanted["sha256"]) && file.Size == (long)((JsonInteger)wanted["bytes"]!).Value,
            $"{path} is the first file that differs: expected {wanted}, found {file.Hash}, {file.Size} bytes.");
    }

    private static string Difference(string path, string wanted, byte[] bytes)
    {
        var found = System.Text.Encoding.UTF8.GetString(bytes);
        var at = wanted.AsSpan().CommonPrefixLength(found);
        string Around(string text) => text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];
        return $"{path} is the first file that differs, at character {at}.\nexpected …{Around(wanted)}…\nactual …{Around(found)}…";
    }

    private static JsonObject ResultOf(LaneOutcome outcome) => JsonObject.Of(
        ("run_id", outcome.Identity.RunId),
        ("candidate_id", outcome.Identity.CandidateId),
        ("gate_report_trace_id", outcome.GateReportTraceId),
        ("recommendation_trace_id", outcome.Recommendation.TraceId),
        ("paper_patch", outcome.PaperPatchPath),
        ("verdict", Verdict(outcome.Recommendation.ToJson())),
        ("gate_inputs", outcome.GateInputs),
        ("candidate_state", outcome.CandidateState));

    private static JsonObject Verdict(JsonObject recommendation) =>
        new(new[] { "action", "eligible", "requested_mode", "recommended_mode", "reasons" }.Select(
            name => KeyValuePair.Create(name, recommendation[name]!)));

    private static byte[] ReadInput(string folder, string reference, JsonObject external)
    {
        if (external[reference] is not JsonObject place) return File.ReadAllBytes(Path.Combine(folder, "input", reference));
        using var data = File.OpenRead(Path.Combine(VectorFolder.Root, "..", "data", VectorFamily.Text(place["data_file"])));
        using Stream content = place["gunzip"] is JsonBoolean { Value: true } ? new GZipStream(data, CompressionMode.Decompress) : data;
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static JsonValue ReadJson(string file) => JsonValue.Read(File.ReadAllBytes(file));
}
