using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// The JSON Schemas (draft 2020-12) of policy documents and gate inputs, made from the same tables that validation uses. The files in
/// <c>config/schemas</c> are these documents in file form.
/// </summary>
public static class PublishedSchemas
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>Policy documents (gates-and-policy.md section 2).</summary>
    public static JsonObject Policy { get; } = JsonObject.Of(
        ("$schema", Draft),
        ("$id", "https://janusq.ledger/schemas/gate-policy.schema.json"),
        ("title", "Gate policy"),
        ("description", "A gate policy document. An absent key takes its default; null is never valid; other keys are kept and ignored."),
        ("type", "object"),
        ("properties", new JsonObject(PolicyKeys.All.Select(key => KeyValuePair.Create(key.Name, (JsonValue)Describe(key))))));

    /// <summary>Gate inputs (gates-and-policy.md section 3).</summary>
    public static JsonObject GateInputs { get; } = JsonObject.Of(
        ("$schema", Draft),
        ("$id", "https://janusq.ledger/schemas/gate-inputs-v1.schema.json"),
        ("title", "gate-inputs-v1"),
        ("description", "What the gates see. No member has a default: what a check needs and does not find is a reason to deny."),
        ("type", "object"),
        ("properties", Inputs()));

    private static JsonObject Describe(PolicyKey key)
    {
        var schema = JsonObject.Of([("description", (JsonValue)key.Meaning), ("default", key.Default)]);
        foreach (var (name, value) in key.Schema.Members) schema = schema.With(name, value);
        return key.Floor is { } floor ? schema.With("$comment", $"A lower value counts as {floor}.") : schema;
    }

    private static JsonObject Inputs()
    {
        var properties = JsonObject.Empty;
        foreach (var input in Gates.GateInputs.All.Concat(Gates.GateInputs.Uncertainty))
            properties = Place(properties, input.Path.Split('.'), input.Schema.With("$comment", $"Needed by {input.Gate}."));
        foreach (var (path, schema) in Others) properties = Place(properties, path.Split('.'), schema);
        return properties;
    }

    /// <summary>Members that rules look at without taking them as an input of their own.</summary>
    private static IEnumerable<(string Path, JsonObject Schema)> Others =>
    [
        ("approval_token", TextOrNull),
        ("robustness.net_pnl_cv", DecimalOrNull),
        ("robustness.net_pnl_mean", PolicyTypes.DecimalSchema),
        ("robustness.net_pnl_std", PolicyTypes.DecimalSchema),
        ("profitability_evidence.schema_version", JsonObject.Of(("const", "profitability-evidence-v4"))),
        ("profitability_evidence.benchmark.schema_version", JsonObject.Of(("const", "profitability-benchmark-v4"))),
        ("profitability_evidence.validation.passed", JsonObject.Of(("type", "boolean"))),
        ("profitability_evidence.confidence_calibration.recalibration_run_id", TextOrNull),
        ("profitability_evidence.confidence_calibration.recalibration_artifact_ref", TextOrNull),
        ("profitability_evidence.reproducibility.artifact_hashes", JsonObject.Of(
            ("type", "object"), ("additionalProperties", JsonObject.Of(("type", "string"))))),
        ("profitability_evidence.janus_q.schema_version", JsonObject.Of(("const", "janus-q-evidence-v1"))),
        ("profitability_evidence.janus_q.evidence_complete", JsonObject.Of(("type", "boolean"))),
        ("profitability_evidence.janus_q.reasons", JsonObject.Of(("type", "array"), ("items", JsonObject.Of(("type", "string"))))),
        ("profitability_evidence.janus_q.event_car.schema_version", JsonObject.Of(("const", "janus-event-car-v1"))),
        ("profitability_evidence.janus_q.hgrm_reward.schema_version", JsonObject.Of(("const", "janus-hgrm-reward-v1"))),
        ("profitability_evidence.janus_q.hgrm_reward.event_mapped_count", JsonObject.Of(("type", "integer"), ("minimum", 0))),
    ];

    private static JsonObject DecimalOrNull => JsonObject.Of(("anyOf", new JsonArray([
        .. ((JsonArray)PolicyTypes.DecimalSchema["anyOf"]!).Elements, JsonObject.Of(("type", "null")),
    ])));

    private static JsonObject TextOrNull => JsonObject.Of(("type", JsonArray.OfTexts(["string", "null"])));

    private static JsonObject Place(JsonObject properties, ReadOnlySpan<string> path, JsonObject schema)
    {
        if (path.Length == 1) return properties.With(path[0], schema);
        var block = properties[path[0]] as JsonObject ?? JsonObject.Of(("type", "object"), ("properties", JsonObject.Empty));
        var inner = Place((JsonObject)block["properties"]!, path[1..], schema);
        return properties.With(path[0], block.With("properties", inner));
    }
}
