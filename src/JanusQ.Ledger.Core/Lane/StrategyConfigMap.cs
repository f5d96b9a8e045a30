using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>What a paper patch needs of the config map that it patches (lane.md section 20, C23).</summary>
/// <param name="Name"><c>metadata.name</c>.</param>
/// <param name="Namespace"><c>metadata.namespace</c>.</param>
internal sealed record StrategyConfigMap(string Name, string Namespace)
{
    private const string Code = "strategy_configmap_invalid";

    /// <exception cref="RefusedException">
    /// <c>strategy_configmap_invalid</c>, with <c>field</c> where name or namespace is at fault.
    /// </exception>
    public static StrategyConfigMap Read(LaneDocument document)
    {
        var value = StrategyConfiguration.ReadDocument(document.Ref, document.Bytes, Code, "The strategy config map");
        if (value is not JsonObject { } map || map["metadata"] is not JsonObject metadata)
            throw new RefusedException(
                new Refusal(Code, $"The strategy config map '{document.Ref}' must be an object with an object 'metadata'."));
        return new StrategyConfigMap(Text(metadata, "name", document), Text(metadata, "namespace", document));
    }

    private static string Text(JsonObject metadata, string name, LaneDocument document) =>
        metadata[name] is JsonText text && !CodePoints.IsBlank(text.Value)
            ? text.Value
            : throw new RefusedException(
                new Refusal(Code, $"metadata.{name} of the strategy config map '{document.Ref}' must be a text that is not blank.")
                    .With("field", "metadata." + name));
}
