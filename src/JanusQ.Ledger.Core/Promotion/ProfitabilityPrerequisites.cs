using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>What the prerequisites ask of validation and benchmark of the profitability evidence (gates-and-policy.md 6.7).</summary>
internal static class ProfitabilityPrerequisites
{
    /// <summary>Validation, then benchmark.</summary>
    public static void Check(GatePolicy policy, PromotionArtifacts artifacts, PrerequisiteFindings findings)
    {
        CheckValidation(policy[PromotionProfitabilityValidationArtifact], artifacts.Validation, findings);
        CheckBenchmark(policy, artifacts.Benchmark, findings);
    }

    private static void CheckValidation(string path, JsonObject? validation, PrerequisiteFindings findings)
    {
        if (validation is null)
        {
            findings.Add(PromotionReasons.ValidationMissing, ("artifact_ref", path));
            return;
        }

        if (validation["passed"].IsTrue()) return;
        var reasons = JsonArray.OfTexts(validation["reasons"].TextsOf());
        findings.Add(PromotionReasons.ValidationFailed, ("artifact_ref", path), ("validation_reasons", reasons));
    }

    private static void CheckBenchmark(GatePolicy policy, JsonObject? benchmark, PrerequisiteFindings findings)
    {
        var path = policy[PromotionProfitabilityBenchmarkArtifact];
        if (benchmark is null)
        {
            findings.Add(PromotionReasons.BenchmarkMissing, ("artifact_ref", path));
            return;
        }

        var slices = benchmark["slices"] as JsonArray ?? JsonArray.Empty;
        var regimes = slices.Elements.Count(slice => slice is JsonObject members && members["slice_type"].TextOf() == "regime");
        var minimum = policy[PromotionProfitabilityMinRegimeSlices];
        if (regimes < minimum)
            findings.Add(
                PromotionReasons.RegimeCoverageInsufficient,
                ("artifact_ref", path),
                ("actual_regime_slices", regimes),
                ("minimum_regime_slices", minimum));
    }
}
