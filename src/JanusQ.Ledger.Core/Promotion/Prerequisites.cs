using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using static JanusQ.Ledger.Core.Gates.PolicyKeys;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>The result of the promotion prerequisites (gates-and-policy.md section 6).</summary>
/// <param name="Reasons">Why not, sorted, each once; empty where allowed.</param>
/// <param name="RequiredArtifacts">Paths that must be there, sorted.</param>
/// <param name="MissingArtifacts">Those of them that are not.</param>
/// <param name="ReasonDetails">One object for each reason as it was raised, repetitions kept.</param>
/// <param name="ArtifactRefs">Required artifacts and collected references, sorted, each once.</param>
/// <param name="RequiredThroughput">What the policy asks for.</param>
/// <param name="ObservedThroughput">What went through.</param>
public sealed record PrerequisitesResult(
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> RequiredArtifacts,
    IReadOnlyList<string> MissingArtifacts,
    IReadOnlyList<JsonObject> ReasonDetails,
    IReadOnlyList<string> ArtifactRefs,
    JsonObject RequiredThroughput,
    ObservedThroughput ObservedThroughput)
{
    /// <summary>Whether there are no reasons.</summary>
    public bool Allowed => Reasons.Count == 0;

    /// <summary>The result as the contract writes it, members in contract order.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("allowed", Allowed),
        ("reasons", JsonArray.OfTexts(Reasons)),
        ("required_artifacts", JsonArray.OfTexts(RequiredArtifacts)),
        ("missing_artifacts", JsonArray.OfTexts(MissingArtifacts)),
        ("reason_details", new JsonArray(ReasonDetails)),
        ("artifact_refs", JsonArray.OfTexts(ArtifactRefs)),
        ("required_throughput", RequiredThroughput),
        ("observed_throughput", ObservedThroughput.ToJson()));
}

/// <summary>The promotion prerequisites: whether a run's artifacts and reports bear out what its gate report says.</summary>
public static class Prerequisites
{
    /// <summary>Reads the artifacts and evaluates. Total: any gate report, state and artifacts get a result.</summary>
    public static PrerequisitesResult Evaluate(
        GatePolicy policy, JsonObject gateReport, JsonObject candidateState, PromotionTarget target, IRunArtifacts artifacts) =>
        Evaluate(policy, gateReport, candidateState, PromotionArtifacts.Read(policy, target, artifacts));

    /// <summary>
    /// Evaluates over artifacts that were read, for the target they were read for, under the policy they were read under.
    /// </summary>
    public static PrerequisitesResult Evaluate(
        GatePolicy policy, JsonObject gateReport, JsonObject candidateState, PromotionArtifacts artifacts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(gateReport);
        ArgumentNullException.ThrowIfNull(candidateState);
        ArgumentNullException.ThrowIfNull(artifacts);
        var target = artifacts.Target;
        var requirements = artifacts.Requirements;
        var findings = new PrerequisiteFindings();
        if (artifacts.Missing.Count > 0)
            findings.Add(PromotionReasons.ArtifactsMissing, ("missing_artifacts", JsonArray.OfTexts(artifacts.Missing)));
        GateReportPrerequisites.CheckVerdict(gateReport, candidateState, target, findings);
        GateReportPrerequisites.CheckGates(gateReport, target, findings);
        if (target != PromotionTarget.Shadow) GateReportPrerequisites.CheckUncertainty(policy, gateReport, findings);
        var observed = ObservedThroughput.Of(gateReport, candidateState);
        observed.Check(policy, findings);
        var run = gateReport["run_id"].TextOf();
        CheckRun(run, candidateState["runId"].TextOf(), findings);
        if (requirements.PrerequisiteProfitability) ProfitabilityPrerequisites.Check(policy, artifacts, findings);
        if (requirements.PrerequisiteJanusArtifacts)
            JanusPrerequisites.Check(policy, artifacts, run, candidateState["candidateId"].TextOf(), findings);
        if (requirements.PrerequisitePromotionEvidence)
            PromotionEvidencePrerequisites.Check(policy, requirements, gateReport, target, findings);
        return new PrerequisitesResult(
            ContractValue.SortedUnique(findings.Reasons),
            requirements.RequiredArtifacts,
            artifacts.Missing,
            findings.Details,
            ContractValue.SortedUnique([.. requirements.RequiredArtifacts, .. findings.References]),
            RequiredThroughput(policy),
            observed);
    }

    private static void CheckRun(string run, string stateRun, PrerequisiteFindings findings)
    {
        if (!ContractValue.IsName(run) || run != stateRun)
            findings.Add(PromotionReasons.RunIdMismatch, ("candidate_run_id", stateRun), ("gate_report_run_id", run));
    }

    private static JsonObject RequiredThroughput(GatePolicy policy) => JsonObject.Of(
        ("min_signal_count", policy[PromotionMinSignalCount]),
        ("min_decision_count", policy[PromotionMinDecisionCount]),
        ("min_trade_count", policy[PromotionMinTradeCount]));
}
