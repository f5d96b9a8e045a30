using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// Reads the documents of an evaluation (gates-and-policy.md section 2). Errors are looked for in a fixed order, so read the documents
/// in the order policy, inputs or gate_report, candidate_state; then load the policy; then read the target.
/// </summary>
public static class EvaluationDocuments
{
    /// <summary>The name of the policy document in refusals.</summary>
    public const string Policy = "policy";

    /// <summary>The name of the gate inputs in refusals.</summary>
    public const string Inputs = "inputs";

    /// <summary>The name of the gate report in refusals.</summary>
    public const string GateReport = "gate_report";

    /// <summary>The name of the candidate state in refusals.</summary>
    public const string CandidateState = "candidate_state";

    private const int MostCharactersShown = 80;

    /// <summary>Reads a document whose top-level value must be an object.</summary>
    /// <param name="document">The document's name, for the refusal.</param>
    /// <param name="utf8">Its bytes.</param>
    /// <exception cref="RefusedException"><c>json_rejected</c> or <c>document_not_object</c>, both with <c>document</c>.</exception>
    public static JsonObject Read(string document, byte[] utf8) =>
        JsonValue.TryRead(utf8, out var value, out var rejection)
            ? Take(document, value)
            : throw new RefusedException(
                new Refusal("json_rejected", $"The document '{document}' is not acceptable JSON: {rejection.Message}.")
                    .With("document", document));

    /// <summary>Takes a value that was read elsewhere as a document.</summary>
    /// <exception cref="RefusedException"><c>document_not_object</c>, with <c>document</c>.</exception>
    public static JsonObject Take(string document, JsonValue? value) =>
        value as JsonObject ?? throw new RefusedException(NotAnObject(document, value));

    private static Refusal NotAnObject(string document, JsonValue? found) =>
        new Refusal("document_not_object", $"The document '{document}' must be a JSON object; found {Describe(found)}.")
            .With("document", document);

    internal static Refusal UnknownTarget(JsonValue? found) =>
        new("unknown_promotion_target", $"promotion_target must be exactly \"shadow\", \"paper\" or \"live\"; found {Describe(found)}.");

    /// <summary>A value for an error message: its canonical form, cut where it is long.</summary>
    internal static string Describe(JsonValue? value)
    {
        switch (value)
        {
            case null:
                return "nothing";
            case JsonObject members:
                return members.Count == 0 ? "an empty object" : $"an object with {members.Count} member{(members.Count == 1 ? "" : "s")}";
            case JsonArray { Count: > 8 } elements:
                return $"an array of {elements.Count} elements";
            case JsonArray elements when elements.Elements.Any(element => element is JsonArray or JsonObject):
                return $"an array of {elements.Count} elements";
            default:
                var text = CanonicalJson.Text(value);
                return text.Length <= MostCharactersShown ? text : $"{text[..MostCharactersShown]}… ({text.Length} characters)";
        }
    }
}
