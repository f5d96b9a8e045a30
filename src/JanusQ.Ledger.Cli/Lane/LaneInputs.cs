using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>The documents of a lane run, read and checked.</summary>
internal sealed record LaneInputs
{
    public required InputFile SignalsFile { get; init; }

    public required InputFile StrategyConfigFile { get; init; }

    public required InputFile GatePolicyFile { get; init; }

    public required SortedSignals Signals { get; init; }

    public required IReadOnlyList<Strategy> Strategies { get; init; }

    public required LaneIdentity Identity { get; init; }

    public string StrategyMediaType => StrategyConfigFile.Reference.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "application/json" : "application/yaml";

    /// <summary>Reads the files and checks signals, strategies and policy, in this order.</summary>
    /// <exception cref="CliFailure">A file cannot be read.</exception>
    /// <exception cref="Core.RefusedException">A document is refused.</exception>
    public static async Task<LaneInputs> ReadAsync(
        string signalsPath, string strategyConfigPath, string? gatePolicyPath, PromotionTarget target, CancellationToken cancellation)
    {
        var signals = await InputFile.ReadAsync("--signals", signalsPath, cancellation).ConfigureAwait(false);
        var strategies = await InputFile.ReadAsync("--strategy-config", strategyConfigPath, cancellation).ConfigureAwait(false);
        var policy = gatePolicyPath is null
            ? Shipped.GatePolicy
            : await InputFile.ReadAsync("--gate-policy", gatePolicyPath, cancellation).ConfigureAwait(false);
        return Check(signals, strategies, policy, target);
    }

    /// <summary>Checks documents that were read.</summary>
    public static LaneInputs Check(InputFile signals, InputFile strategyConfig, InputFile gatePolicy, PromotionTarget target)
    {
        var sorted = SortedSignals.Of(SignalsDocument.Read(signals.Bytes));
        if (sorted.Count == 0) throw new Core.RefusedException(new Core.Refusal("signals_empty", "The signals document holds no signal."));
        var strategies = StrategyConfiguration.Read(strategyConfig.Reference, strategyConfig.Bytes);
        RefuseIfNothingCanRun(strategies, strategyConfig.Reference);
        CheckPolicy(gatePolicy);
        return new LaneInputs
        {
            SignalsFile = signals,
            StrategyConfigFile = strategyConfig,
            GatePolicyFile = gatePolicy,
            Signals = sorted,
            Strategies = strategies,
            Identity = LaneIdentity.Of(signals.Bytes, strategyConfig.Bytes, gatePolicy.Bytes, target.ToText()),
        };
    }

    /// <summary>
    /// A strategy without a plugin is a runtime error of the run (lane.md 7.1). Where that is so for every enabled one, the configuration
    /// names nothing that this program could run, and the user is told at once.
    /// </summary>
    private static void RefuseIfNothingCanRun(IReadOnlyList<Strategy> strategies, string reference)
    {
        var enabled = strategies.Where(strategy => strategy.Enabled).ToArray();
        if (enabled.Length == 0 || enabled.Any(StrategyRuntime.HasPlugin)) return;
        var first = enabled[0];
        throw new Core.RefusedException(new Core.Refusal(
            "plugin_not_found",
            $"'{reference}': strategy '{first.StrategyId.Value}' wants the plugin {first.StrategyType}@{first.Version}, and no enabled strategy has one that "
            + $"exists. There are {string.Join(", ", StrategyRuntime.Plugins)}.").With("strategy_id", first.StrategyId.Value));
    }

    private static void CheckPolicy(InputFile policy)
    {
        if (!JsonValue.TryRead(policy.Bytes, out var value, out var rejection))
        {
            throw new Core.RefusedException(
                new Core.Refusal("json_rejected", $"The gate policy '{policy.Reference}' is not acceptable JSON: {rejection.Message}.").With("document", "gate_policy"));
        }

        if (value is not JsonObject)
        {
            throw new Core.RefusedException(
                new Core.Refusal("document_not_object", $"The gate policy '{policy.Reference}' must be an object.").With("document", "gate_policy"));
        }
    }
}
