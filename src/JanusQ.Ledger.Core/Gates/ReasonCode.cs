namespace JanusQ.Ledger.Core.Gates;

/// <summary>
/// A reason that a rule can raise. Rules raise reasons by these objects and never by texts, so that the catalogue holds every code there
/// is.
/// </summary>
/// <param name="Code">The code, for instance <c>drawdown_exceeds_maximum</c>.</param>
/// <param name="RaisedBy">The gate or check that raises it.</param>
/// <param name="Explanation">What it means, in one sentence.</param>
/// <param name="Remedy">What to do about it, in one sentence.</param>
public sealed record ReasonCode(string Code, string RaisedBy, string Explanation, string Remedy)
{
    /// <summary>The code.</summary>
    public override string ToString() => Code;
}
