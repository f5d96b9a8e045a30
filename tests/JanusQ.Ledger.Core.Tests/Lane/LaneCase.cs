using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;

namespace JanusQ.Ledger.Core.Tests.Lane;

/// <summary>Whole-run cases of the repository's vectors, as starting points for tests that change something about them.</summary>
internal static class LaneCase
{
    /// <summary>A case whose gates allow paper and whose rollback rehearsal is stale.</summary>
    public const string StaleRollback = "deny-rollback-stale";

    /// <summary>All cases that are copied into the repository.</summary>
    public static IEnumerable<string> All =>
        Directory.GetDirectories(Path.Combine(RepositoryFiles.Root, "tests", "vectors", "lane"))
            .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static (LaneInputs Inputs, LaneArguments Arguments) Read(string name)
    {
        var args = RepositoryFiles.Json("tests", "vectors", "lane", name, "args.json");
        LaneDocument? Given(string member) => args[member] is JsonText reference
            ? new LaneDocument(reference.Value, RepositoryFiles.Bytes("tests", "vectors", "lane", name, "input", reference.Value))
            : null;
        return (
            new LaneInputs
            {
                Signals = Given("signals")!,
                StrategyConfig = Given("strategy_config")!,
                GatePolicy = Given("gate_policy")!,
                StrategyConfigMap = Given("strategy_configmap"),
                ForecastMetrics = Given("forecast_metrics"),
                RollbackReadiness = Given("rollback_readiness"),
                TcaMetrics = Given("tca_metrics"),
                LlmMetrics = Given("llm_metrics"),
                DriftEvidence = Given("drift_evidence"),
            },
            new LaneArguments
            {
                PromotionTarget = args["promotion_target"]!,
                EvaluatedAt = args["evaluated_at"]!,
                CodeVersion = ((JsonText)args["code_version"]!).Value,
                ApprovalToken = (args["approval_token"] as JsonText)?.Value,
            });
    }

    /// <summary>The case with the rehearsal done on the day of the evaluation: promoted to paper.</summary>
    public static (LaneInputs Inputs, LaneArguments Arguments) Promoted()
    {
        var (inputs, arguments) = Read(StaleRollback);
        var readiness = (JsonObject)JsonValue.Read(inputs.RollbackReadiness!.Bytes);
        var rehearsal = ((JsonObject)readiness["rollbackReadiness"]!).With("dryRunCompletedAt", "2026-02-25T20:00:00Z");
        return (inputs with { RollbackReadiness = Document("rollback-readiness.json", readiness.With("rollbackReadiness", rehearsal)) },
            arguments);
    }

    public static LaneDocument Document(string reference, JsonValue value) => new(reference, FileJson.Bytes(value));
}
