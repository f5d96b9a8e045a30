using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>The reasons of the prerequisites as they are raised, each with its detail, and the references collected on the way.</summary>
internal sealed class PrerequisiteFindings
{
    private readonly List<JsonObject> _details = [];
    private readonly List<string> _reasons = [];
    private readonly List<string> _references = [];

    /// <summary>Reasons in the order raised, repetitions kept.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>One detail for each reason raised.</summary>
    public IReadOnlyList<JsonObject> Details => _details;

    /// <summary>Collected references.</summary>
    public IReadOnlyList<string> References => _references;

    /// <summary>Raises a reason; the other members of its detail stand in the order of the contract.</summary>
    public void Add(ReasonCode reason, params ReadOnlySpan<(string Name, JsonValue Value)> detail)
    {
        _reasons.Add(reason.Code);
        _details.Add(JsonObject.Of([("reason", reason.Code), .. detail]));
    }

    /// <summary>Collects the reference of a block, if it has one.</summary>
    public void Collect(JsonObject block)
    {
        if (block["artifact_ref"].NonBlank() is { } reference) _references.Add(reference);
    }
}
