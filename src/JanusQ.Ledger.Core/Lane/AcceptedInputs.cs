using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>Arguments and documents that passed every check of lane.md section 3, made in its order.</summary>
internal sealed record AcceptedInputs
{
    private AcceptedInputs()
    {
    }

    public required PromotionTarget Target { get; init; }

    public required Instant EvaluatedAt { get; init; }

    public required SortedSignals Signals { get; init; }

    public required IReadOnlyList<Strategy> Strategies { get; init; }

    public required GatePolicy Policy { get; init; }

    public required StrategyConfigMap? ConfigMap { get; init; }

    public required JsonObject? ForecastMetrics { get; init; }

    public required JsonObject? RollbackReadiness { get; init; }

    public required JsonObject? TcaMetrics { get; init; }

    public required JsonObject? LlmMetrics { get; init; }

    public required JsonObject? DriftEvidence { get; init; }

    /// <exception cref="RefusedException">The first check that fails.</exception>
    public static AcceptedInputs Read(LaneInputs inputs, LaneArguments arguments, int threads)
    {
        var target = PromotionTargets.Read(arguments.PromotionTarget);
        if (!Instant.TryRead(arguments.EvaluatedAt, out var evaluatedAt))
        {
            throw new RefusedException(
                new Refusal(
                    "argument_invalid", $"evaluated_at must be a timestamp such as 2026-02-25T06:00:00Z, found {arguments.EvaluatedAt}.")
                    .With("field", "evaluated_at"));
        }

        var signals = SortedSignals.Of(SignalsDocument.Read(inputs.Signals.Bytes, threads));
        if (signals.Count == 0) throw new RefusedException(new Refusal("signals_empty", "The signals document holds no signal."));
        return new AcceptedInputs
        {
            Target = target,
            EvaluatedAt = evaluatedAt,
            Signals = signals,
            Strategies = StrategyConfiguration.Read(inputs.StrategyConfig.Ref, inputs.StrategyConfig.Bytes),
            Policy = PolicyDocument.Load(EvaluationDocuments.Read("gate_policy", inputs.GatePolicy.Bytes)).Policy,
            ConfigMap = inputs.StrategyConfigMap is { } configMap ? StrategyConfigMap.Read(configMap) : null,
            ForecastMetrics = ReadGiven("forecast_metrics", inputs.ForecastMetrics),
            RollbackReadiness = ReadGiven("rollback_readiness", inputs.RollbackReadiness),
            TcaMetrics = ReadGiven("tca_metrics", inputs.TcaMetrics),
            LlmMetrics = ReadGiven("llm_metrics", inputs.LlmMetrics),
            DriftEvidence = ReadGiven("drift_evidence", inputs.DriftEvidence),
        };
    }

    private static JsonObject? ReadGiven(string name, LaneDocument? document) =>
        document is null ? null : EvaluationDocuments.Read(name, document.Bytes);
}
