using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// The checks of one gate in their order, and the reasons they raise. A comparison is made on a taken value only: taking and comparing are
/// one step here.
/// </summary>
internal sealed class GateChecks
{
    private List<string>? _reasons;

    /// <summary>The reasons so far, in the order raised.</summary>
    public IReadOnlyList<string> Reasons => _reasons ?? (IReadOnlyList<string>)[];

    /// <summary>Raises a reason.</summary>
    public void Add(ReasonCode reason) => (_reasons ??= []).Add(reason.Code);

    /// <summary>Raises a reason where something does not hold.</summary>
    public void Require(bool holds, ReasonCode reason)
    {
        if (!holds) Add(reason);
    }

    /// <summary>Takes a decimal; raises the reason where it is above the limit.</summary>
    public void Above(DecimalInput input, JsonObject block, in Decimal28 limit, ReasonCode reason)
    {
        if (input.TryTake(block, this, out var taken) && taken > limit) Add(reason);
    }

    /// <summary>Takes a decimal; raises the reason where it is below the limit.</summary>
    public void Below(DecimalInput input, JsonObject block, in Decimal28 limit, ReasonCode reason)
    {
        if (input.TryTake(block, this, out var taken) && taken < limit) Add(reason);
    }

    /// <summary>Takes a count; raises the reason where it is above the limit.</summary>
    public void Above(CountInput input, JsonObject block, long limit, ReasonCode reason)
    {
        if (input.TryTake(block, this, out var taken) && taken > limit) Add(reason);
    }

    /// <summary>Takes a count; raises the reason where it is below the limit.</summary>
    public void Below(CountInput input, JsonObject block, long limit, ReasonCode reason)
    {
        if (input.TryTake(block, this, out var taken) && taken < limit) Add(reason);
    }

    /// <summary>The result of the gate: it passes where no reason was raised.</summary>
    public GateResult ToResult(string gateId) => new(gateId, Reasons, []);
}
