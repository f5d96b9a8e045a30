using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>
/// A version of how a decision is derived: the order of the steps and what stands between them. A decision is derived again with the
/// version that derived it.
/// </summary>
public interface IPromotionDerivation
{
    /// <summary>The version's name, recorded with every decision.</summary>
    string Version { get; }

    /// <summary>
    /// Derives a decision (ledger.md section 4). Every step runs and reports, also after one that failed; whatever the content holds, there
    /// is a decision, and what is missing, malformed or cannot be verified denies with a named reason. Only cancellation and a lack of
    /// memory come out as exceptions.
    /// </summary>
    /// <param name="asked">What it is derived from.</param>
    /// <param name="gates">The version of the gate matrix.</param>
    /// <param name="checks">The version of the checks after the gates.</param>
    DerivedDecision Derive(PromotionCase asked, IGateEvaluator gates, IPromotionEvaluator checks);
}

/// <summary>The versions of the derivation. A version that recorded a decision is never removed from here.</summary>
public static class PromotionDerivations
{
    /// <summary>The version for new decisions.</summary>
    public static IPromotionDerivation Current { get; } = new PromotionDerivationV1();

    /// <summary>All versions, oldest first.</summary>
    public static IReadOnlyList<IPromotionDerivation> Versions { get; } = [Current];

    /// <summary>Derives a new decision with the current version of everything.</summary>
    public static DerivedDecision Derive(PromotionCase asked) =>
        Current.Derive(asked, GateEvaluators.Current, PromotionEvaluators.Current);

    /// <summary>Finds a version by its name.</summary>
    public static bool TryFind(string version, [NotNullWhen(true)] out IPromotionDerivation? derivation)
    {
        derivation = Versions.FirstOrDefault(known => string.Equals(known.Version, version, StringComparison.Ordinal));
        return derivation is not null;
    }
}
