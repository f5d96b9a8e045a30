using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>Decisions and errors of a run of strategies over signals, in the order of the signals (lane.md section 7.1).</summary>
/// <param name="Decisions">The decisions.</param>
/// <param name="Errors">The errors, duplicates kept.</param>
public sealed record RuntimeOutcome(IReadOnlyList<Decision> Decisions, IReadOnlyList<string> Errors);

/// <summary>Runs strategies over sorted signals (lane.md section 7.1).</summary>
public static class StrategyRuntime
{
    /// <summary>The plugins that there are, as <c>type@version</c>.</summary>
    public static IReadOnlyList<string> Plugins { get; } =
        [$"{IntradayMomentumPlugin.Type}@{IntradayMomentumPlugin.Version}", $"{MacdRsiPlugin.Type}@{MacdRsiPlugin.Version}"];

    /// <summary>Whether there is a plugin of exactly the strategy's type and version.</summary>
    public static bool HasPlugin(Strategy strategy) => StrategyPlugin.TryFind(strategy, out _);

    /// <summary>Runs all strategies over all signals.</summary>
    /// <exception cref="RefusedException"><c>arithmetic_out_of_range</c>.</exception>
    public static RuntimeOutcome Run(SortedSignals signals, IReadOnlyList<Strategy> strategies)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var bench = new StrategyBench(strategies);
        var features = new FeatureReader();
        var decisions = new List<Decision>();
        var errors = new List<string>();
        try
        {
            foreach (var signal in signals.Signals)
            {
                features.Load(signal);
                bench.Evaluate(signal, features, decisions, errors);
            }
        }
        catch (DecimalRangeException outOfRange)
        {
            throw new RefusedException(
                new Refusal("arithmetic_out_of_range", $"A strategy's arithmetic has no result. {outOfRange.Message}"));
        }

        return new RuntimeOutcome(decisions, errors);
    }
}

/// <summary>A set of strategies with their plugins, ready to look at one signal after another.</summary>
internal sealed class StrategyBench
{
    private readonly Seat[] _seats;

    /// <summary>Seats the enabled strategies in the order given.</summary>
    public StrategyBench(IReadOnlyList<Strategy> strategies) =>
        _seats = [.. strategies.Where(strategy => strategy.Enabled).Select(Seat.Of)];

    /// <summary>A strategy with its plugin; the error stands where there is no usable plugin.</summary>
    private sealed record Seat(Strategy Strategy, StrategyPlugin? Plugin, string? Error)
    {
        public static Seat Of(Strategy strategy)
        {
            if (!StrategyPlugin.TryFind(strategy, out var plugin))
                return new Seat(strategy, null, $"plugin_not_found:{strategy.StrategyType}@{strategy.Version}");
            return new Seat(strategy, plugin, plugin is null ? $"plugin_error:{strategy.StrategyId.Value}:ValueError" : null);
        }
    }

    /// <summary>Adds the decisions and errors of one signal; <paramref name="features"/> stands on it.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public void Evaluate(Signal signal, FeatureReader features, List<Decision> decisions, List<string> errors)
    {
        if (features.VectorError() is { } failure)
        {
            errors.Add("feature_normalization_failed:" + failure);
            return;
        }

        var first = decisions.Count;
        foreach (var (strategy, plugin, error) in _seats)
        {
            if (signal.Timeframe is null || !string.Equals(strategy.BaseTimeframe, signal.Timeframe.Value, StringComparison.Ordinal))
                continue;
            if (error is not null)
            {
                errors.Add(error);
                continue;
            }

            if (plugin!.MissingFeatures(features) is { } missing)
            {
                errors.Add($"missing_features:{strategy.StrategyId.Value}:{missing}");
                continue;
            }

            if (plugin.Decide(features) is not { } verdict) continue;
            decisions.Add(Decide(strategy, plugin, signal, verdict, features));
        }

        if (decisions.Count - first > 1) decisions.Sort(first, decisions.Count - first, ByStrategy.Instance);
    }

    private static Decision Decide(Strategy strategy, StrategyPlugin plugin, Signal signal, in Verdict verdict, FeatureReader features)
    {
        var qty = Decimal28.Quantize(plugin.Qty, Decimal28.One, DecimalRounding.Down);
        return new Decision
        {
            StrategyId = strategy.StrategyId,
            Symbol = signal.Symbol,
            EventTime = signal.EventTime,
            Timeframe = signal.Timeframe is { Value.Length: > 0 } timeframe ? timeframe.Value : "1Min",
            Action = verdict.Action,
            Qty = qty.IsPositive ? qty : Decimal28.One,
            Rationale = verdict.Rationale,
            Runtime = new DecisionRuntime(strategy.StrategyType, verdict.Confidence, features.NormalizationHash),
            Features = features.Signal,
        };
    }

    /// <summary>Orders one signal's decisions; ids are distinct, so symbol and action never decide.</summary>
    private sealed class ByStrategy : IComparer<Decision>
    {
        public static readonly ByStrategy Instance = new();

        public int Compare(Decision? x, Decision? y) => CodePoints.Compare(x?.StrategyId.Value, y?.StrategyId.Value);
    }
}
