using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>
/// The reasons of one step as they are raised, each with a detail. What stands in a detail is shortened where it is long.
/// </summary>
internal sealed class StepFindings(string step)
{
    private const int MostDetails = 64;

    private readonly List<string> _reasons = [];
    private readonly List<JsonValue> _details = [];

    /// <summary>The step.</summary>
    public string Step => step;

    /// <summary>Each reason once, in the order first raised.</summary>
    public ImmutableArray<string> Reasons => [.. _reasons];

    /// <summary>One object a finding, the first ones if there are many.</summary>
    public JsonArray Details => new(_details);

    /// <summary>Raises a reason; the other members of its detail stand in the order given.</summary>
    public void Add(ReasonCode reason, params ReadOnlySpan<(string Name, JsonValue Value)> detail)
    {
        Raise(reason.Code);
        if (_details.Count < MostDetails) _details.Add(Storable.Value(JsonObject.Of([("reason", reason.Code), .. detail])));
    }

    /// <summary>Raises reasons that stand elsewhere with their details.</summary>
    public void Raise(params IEnumerable<string> codes)
    {
        foreach (var code in codes)
            if (!_reasons.Contains(code, StringComparer.Ordinal)) _reasons.Add(code);
    }

    /// <summary>The step as a decision records it.</summary>
    public DecisionStep ToStep() => new(step, _reasons.Count == 0, Reasons, Details);

    /// <summary>A value for a detail: its canonical form, cut where it is long.</summary>
    public static string Describe(JsonValue? value) => EvaluationDocuments.Describe(value);
}
