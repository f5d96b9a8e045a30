using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Gates;

/// <summary>A version of the gate matrix. A decision is derived again with the version that derived it.</summary>
public interface IGateEvaluator
{
    /// <summary>The version's name, recorded with every decision.</summary>
    string Version { get; }

    /// <summary>Evaluates gates 0, 1, 2, 3, 4, 6, 7 and 5. Total: every object is a valid input and gets a report.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="inputs">A <c>gate-inputs-v1</c> object.</param>
    /// <param name="target">What is asked for.</param>
    /// <param name="evaluatedAt">When; never read from a clock.</param>
    /// <param name="codeVersion">The code of the caller, kept in the report.</param>
    GateReport Evaluate(GatePolicy policy, JsonObject inputs, PromotionTarget target, Instant evaluatedAt, string codeVersion);
}

/// <summary>The versions of the gate matrix. A version that recorded a decision is never removed from here.</summary>
public static class GateEvaluators
{
    /// <summary>The version for new decisions.</summary>
    public static IGateEvaluator Current { get; } = new GateMatrixV1();

    /// <summary>All versions, oldest first.</summary>
    public static IReadOnlyList<IGateEvaluator> Versions { get; } = [Current];

    /// <summary>Finds a version by its name.</summary>
    public static bool TryFind(string version, [NotNullWhen(true)] out IGateEvaluator? evaluator)
    {
        evaluator = Versions.FirstOrDefault(known => string.Equals(known.Version, version, StringComparison.Ordinal));
        return evaluator is not null;
    }
}
