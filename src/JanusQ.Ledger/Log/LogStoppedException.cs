using JanusQ.Ledger.Core;

namespace JanusQ.Ledger.Log;

/// <summary>
/// The transparency log does not go on: what is stored is not what the log has signed, or not what it could answer for. Nothing was signed.
/// </summary>
/// <param name="refusal">Why, by one of the codes of <see cref="LogRefusals"/> or of the tree's own.</param>
/// <param name="inner">What it came from, or none.</param>
public sealed class LogStoppedException(Refusal refusal, Exception? inner = null) : Exception(refusal?.Explanation, inner)
{
    /// <summary>Why.</summary>
    public Refusal Refusal { get; } = refusal ?? throw new ArgumentNullException(nameof(refusal));
}
