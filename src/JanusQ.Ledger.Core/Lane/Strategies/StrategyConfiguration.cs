using System.Globalization;
using System.Numerics;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>Reads a strategy configuration, JSON or YAML by the ending of its ref (lane.md section 5).</summary>
public static class StrategyConfiguration
{
    private const string Code = "strategy_config_invalid";

    private static readonly (string Name, JsonValue Default)[] DefaultParams =
    [
        ("buy_rsi_threshold", 35), ("sell_rsi_threshold", 65), ("qty", 1)
    ];

    /// <summary>The strategies sorted by priority and id; there may be none.</summary>
    /// <param name="reference">The document's ref; <c>.yaml</c> and <c>.yml</c> are YAML, everything else JSON.</param>
    /// <param name="document">The document's bytes.</param>
    /// <exception cref="RefusedException"><c>strategy_config_invalid</c> with <c>index</c> and <c>field</c> where known.</exception>
    public static IReadOnlyList<Strategy> Read(string reference, byte[] document)
    {
        var value = ReadDocument(reference, document, Code, "The strategy configuration");
        var entries = value as JsonArray ?? (value as JsonObject)?["strategies"] as JsonArray;
        if (entries is null)
            throw Refuse("The strategy configuration must be a list of entries, or an object whose member 'strategies' is one.");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. entries.Elements
                .Select((entry, index) => ReadEntry(entry, index, ids))
                .OrderBy(strategy => strategy.Priority)
                .ThenBy(strategy => strategy.StrategyId.Value, CodePoints.Order),
        ];
    }

    /// <summary>Reads a document as YAML or JSON by the ending of its ref.</summary>
    /// <exception cref="RefusedException">With <paramref name="code"/>, where the document is not accepted.</exception>
    internal static JsonValue ReadDocument(string reference, byte[] document, string code, string what)
    {
        try
        {
            return IsYaml(reference) ? StrictYaml.Read(document) : JsonValue.Read(document);
        }
        catch (Exception rejected) when (rejected is YamlRejectedException or JsonRejectedException)
        {
            throw new RefusedException(new Refusal(code, $"{what} '{reference}' is not accepted: {rejected.Message}."));
        }
    }

    private static bool IsYaml(string reference)
    {
        var lower = CodePoints.Lower(reference);
        return lower.EndsWith(".yaml", StringComparison.Ordinal) || lower.EndsWith(".yml", StringComparison.Ordinal);
    }

    private static Strategy ReadEntry(JsonValue value, int index, HashSet<string> ids)
    {
        var entry = new Entry(value as JsonObject ?? throw Refuse($"{Place(index)} must be an object.").At(index), index);
        var id = entry.TextOrNull("strategy_id");
        var name = entry.TextOrNull("name");
        var strategyId = !string.IsNullOrEmpty(id) ? id
            : !string.IsNullOrEmpty(name) ? name
            : "strategy-" + (index + 1).ToString(CultureInfo.InvariantCulture);
        if (!ids.Add(strategyId)) throw entry.Invalid("strategy_id", $"distinct, '{strategyId}' is the id of an earlier entry");
        var strategyType = entry.Text("strategy_type", "legacy_macd_rsi");
        var version = entry.Text("version", "1.0.0");
        var baseTimeframe = entry.Text("base_timeframe", "1Min");
        return new Strategy
        {
            StrategyId = new CanonicalText(strategyId),
            StrategyType = strategyType,
            Version = version,
            BaseTimeframe = baseTimeframe,
            Params = entry.Params(),
            Enabled = entry.Boolean("enabled", true),
            Priority = entry.Integer("priority", 100),
        };
    }

    private static string Place(int index) => $"Entry {index.ToString(CultureInfo.InvariantCulture)} of the strategy configuration";

    private static RefusedException Refuse(string explanation) => new(new Refusal(Code, explanation));

    private static RefusedException At(this RefusedException refused, int index) => new(refused.Refusal.With("index", index));

    private readonly struct Entry(JsonObject members, int index)
    {
        public string? TextOrNull(string name) => members[name] switch
        {
            null or JsonNull => null,
            JsonText text => text.Value,
            _ => throw Invalid(name, "a text or null"),
        };

        public string Text(string name, string otherwise) => members[name] switch
        {
            null => otherwise,
            JsonText text => text.Value,
            _ => throw Invalid(name, "a text (quote a version such as \"1.0\")"),
        };

        public bool Boolean(string name, bool otherwise) => members[name] switch
        {
            null => otherwise,
            JsonBoolean truth => truth.Value,
            _ => throw Invalid(name, "true or false"),
        };

        public BigInteger Integer(string name, int otherwise) => members[name] switch
        {
            null => otherwise,
            JsonInteger integer => integer.Value,
            _ => throw Invalid(name, "an integer"),
        };

        public JsonObject Params()
        {
            switch (members["params"])
            {
                case JsonObject given:
                    return given;
                case null or JsonNull:
                    var own = members;
                    return new JsonObject(
                        DefaultParams.Select(entry => new KeyValuePair<string, JsonValue>(entry.Name, own[entry.Name] ?? entry.Default)));
                default:
                    throw Invalid("params", "an object, null or nothing");
            }
        }

        public RefusedException Invalid(string field, string expected)
        {
            var found = members[field] is { } value ? $", found {Shorten(value.ToString())}" : "";
            return new RefusedException(
                new Refusal(Code, $"{Place(index)}: '{field}' must be {expected}{found}.").With("index", index).With("field", field));
        }

        private static string Shorten(string text) => text.Length > 80 ? text[..80] + "…" : text;
    }
}
