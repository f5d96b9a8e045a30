using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Features;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>What a plugin makes of a signal.</summary>
internal readonly record struct Verdict(TradeAction Action, string Rationale, Decimal28 Confidence);

/// <summary>A strategy plugin with checked parameters, made once for a strategy (lane.md section 7).</summary>
internal abstract class StrategyPlugin
{
    /// <summary>How much a decision asks for, before it is cut to whole units.</summary>
    public abstract Decimal28 Qty { get; }

    /// <summary>
    /// Names of the features that the plugin needs and that are none, sorted and joined by <c>|</c>; null if all are there.
    /// </summary>
    public abstract string? MissingFeatures(FeatureReader features);

    /// <summary>The verdict on a signal whose needed features are all there, or nothing.</summary>
    /// <exception cref="DecimalRangeException">An operation is out of range.</exception>
    public abstract Verdict? Decide(FeatureReader features);

    /// <summary>The plugin of exactly this type and version.</summary>
    /// <param name="strategy">The strategy that runs it.</param>
    /// <param name="plugin">The plugin with the strategy's parameters; null where one of them is invalid.</param>
    /// <returns>False if there is no such plugin.</returns>
    public static bool TryFind(Strategy strategy, out StrategyPlugin? plugin)
    {
        var parameters = new PluginParameters(strategy.Params);
        StrategyPlugin? found = (strategy.StrategyType, strategy.Version) switch
        {
            (MacdRsiPlugin.Type, MacdRsiPlugin.Version) => new MacdRsiPlugin(parameters),
            (IntradayMomentumPlugin.Type, IntradayMomentumPlugin.Version) => new IntradayMomentumPlugin(parameters),
            _ => null,
        };
        plugin = parameters.AreValid ? found : null;
        return found is not null;
    }

    /// <summary>Joins the names of features that are none.</summary>
    protected static string? Join(ReadOnlySpan<(string Name, bool IsThere)> features)
    {
        List<string>? missing = null;
        foreach (var (name, isThere) in features)
            if (!isThere) (missing ??= []).Add(name);
        if (missing is null) return null;
        missing.Sort(string.CompareOrdinal);
        return string.Join('|', missing);
    }
}

/// <summary>Reads a plugin's parameters; an invalid one spoils them all (lane.md section 7.2, C16, C17).</summary>
internal sealed class PluginParameters(JsonObject given)
{
    private static readonly Decimal28 Hundred = Decimal28.Of(100);

    /// <summary>Whether every parameter read so far is valid.</summary>
    public bool AreValid { get; private set; } = true;

    /// <summary>A parameter, its default where it is absent.</summary>
    public Decimal28 Read(string name, string otherwise)
    {
        if (given[name] is not { } value) return Decimal28.Of(otherwise);
        if (Decimal28.TryRead(value, out var read)) return read;
        AreValid = false;
        return default;
    }

    /// <summary>A parameter that must lie within 0 to 100.</summary>
    public Decimal28 ReadRsi(string name, string otherwise)
    {
        var value = Read(name, otherwise);
        if (value < Decimal28.Zero || value > Hundred) AreValid = false;
        return value;
    }

    /// <summary>A parameter that must be greater than 0.</summary>
    public Decimal28 ReadPositive(string name, string otherwise)
    {
        var value = Read(name, otherwise);
        if (!value.IsPositive) AreValid = false;
        return value;
    }
}
