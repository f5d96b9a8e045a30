using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Tests.Gates;

namespace JanusQ.Ledger.Core.Tests.Promotion;

public class PolicyDryRunTests
{
    private static readonly PassingRun Run = PassingRun.Live with { Target = PromotionTarget.Paper };

    private static readonly PolicyDryRunRequest Request = new()
    {
        Policy = PolicyDocument.Load(Run.Policy),
        GateReport = Run.MakeReport(),
        Target = PromotionTarget.Paper,
        Artifacts = PassingRun.ArtifactsOf(Run.Artifacts.With("research/candidate-spec.json", JsonObject.Of(("candidate_id", "cand-1")))),
        Now = PassingRun.Now,
    };

    [Fact]
    public void a_report_that_holds_would_be_promoted_and_the_document_says_what_is_enforced()
    {
        var document = PolicyDryRun.Evaluate(Request);
        Assert.True(document["would_allow"]!.IsTrue(), CanonicalJson.Text(document["recommendation"]!));
        Assert.Equal("promote", Text(document["action"]));
        Assert.Equal(
            "policy_hash,policy_version,promotion_target,evaluated_at,simulated,would_allow,action,enforced,gate_matrix,"
            + "promotion_prerequisites,rollback_readiness,drift_governance,recommendation,explanations",
            string.Join(',', document.Members.Select(member => member.Key)));
        Assert.Equal(10, ((JsonArray)((JsonObject)document["enforced"]!)["required_artifacts"]!).Count);
        Assert.Equal("paper", Text(((JsonObject)document["gate_matrix"]!)["recommended_mode"]));
        Assert.Equal("promote", Text(((JsonObject)document["recommendation"]!)["action"]));
        Assert.Empty(((JsonArray)document["explanations"]!).Elements);
        Assert.Equal(
            """{"candidate_state":true,"missing_artifact":null,"stale_rollback":false}""", CanonicalJson.Text(document["simulated"]!));
    }

    [Fact]
    public void a_candidate_state_that_is_given_is_used()
    {
        Assert.True(PolicyDryRun.Evaluate(Request with { CandidateState = Run.State })["would_allow"]!.IsTrue());
        Assert.Equal(["candidate_paused_for_review"], Codes(Request with { CandidateState = Run.State.With("paused", true) }));
    }

    [Fact]
    public void a_missing_artifact_can_be_simulated()
    {
        const string LeftOut = "gates/recalibration-report.json";
        var without = Request with { SimulateMissingArtifact = LeftOut };
        Assert.Equal(["required_artifacts_missing"], Codes(without));
        var missing = (JsonArray)((JsonObject)PolicyDryRun.Evaluate(without)["promotion_prerequisites"]!)["missing_artifacts"]!;
        Assert.Equal(LeftOut, Text(Assert.Single(missing.Elements)));
        Assert.Equal(
            ["janus_event_car_artifact_missing", "required_artifacts_missing"],
            Codes(Request with { SimulateMissingArtifact = PassingRun.EventCarPath }));
    }

    [Fact]
    public void a_stale_rollback_can_be_simulated_on_any_state()
    {
        Assert.Equal(["rollback_dry_run_stale"], Codes(Request with { SimulateStaleRollback = true }));
        Assert.Equal(["rollback_dry_run_stale"], Codes(Request with { SimulateStaleRollback = true, CandidateState = Run.State }));
        var bare = Run.State.With("rollbackReadiness", JsonValue.Null);
        Assert.Contains("rollback_dry_run_stale", Codes(Request with { SimulateStaleRollback = true, CandidateState = bare }));
        var unbounded = PolicyDocument.Load(PassingInputs.Read("""{"rollback_dry_run_max_age_hours":2147483647}"""));
        Assert.Empty(Codes(Request with { SimulateStaleRollback = true, Policy = unbounded }));
        var none = PolicyDocument.Load(PassingInputs.Read("""{"rollback_dry_run_max_age_hours":-9}"""));
        Assert.Contains("rollback_dry_run_stale", Codes(Request with { SimulateStaleRollback = true, Policy = none }));
    }

    [Fact]
    public void live_needs_drift_evidence()
    {
        var live = Request with { Target = PromotionTarget.Live, GateReport = PassingRun.Live.MakeReport() };
        Assert.Equal(["drift_promotion_evidence_missing"], Codes(live));
        Assert.Empty(Codes(live with { DriftEvidence = PassingRun.Live.Drift }));
    }

    [Fact]
    public void reasons_are_explained_also_those_that_nobody_here_raises()
    {
        var report = Request.GateReport.With("promotion_allowed", false).With(
            "reasons", new JsonArray(["drawdown_exceeds_maximum", "made_up"]));
        var document = PolicyDryRun.Evaluate(Request with { GateReport = report });
        Assert.False(document["would_allow"]!.IsTrue());
        Assert.Equal("deny", Text(document["action"]));
        var explanations = ((JsonArray)document["explanations"]!).Elements.Cast<JsonObject>().ToDictionary(entry => Text(entry["code"]));
        Assert.Empty(((JsonArray)explanations["made_up"]["meanings"]!).Elements);
        Assert.NotEmpty(((JsonArray)explanations["drawdown_exceeds_maximum"]["meanings"]!).Elements);
        Assert.Contains("gate_report_not_promotable", explanations.Keys);
    }

    [Fact]
    public void reasons_that_only_the_recommendation_raises_are_explained_too()
    {
        var report = PassingInputs.Set(Request.GateReport, "throughput.fold_metrics_count", 0);
        Assert.Equal(["fold_metrics_missing"], Codes(Request with { GateReport = report }));
    }

    [Fact]
    public void a_report_that_is_empty_or_recommends_nothing_known_is_denied()
    {
        var document = PolicyDryRun.Evaluate(Request with { GateReport = JsonObject.Empty, Artifacts = RunArtifacts.None });
        Assert.Equal("deny", Text(document["action"]));
        Assert.False(document["would_allow"]!.IsTrue());
        Assert.IsType<JsonNull>(document["recommendation"]);
        var final = Request.GateReport.With("promotion_decision", JsonObject.Of(("candidate_id", "cand-2")));
        Assert.Contains("janus_hgrm_reward_run_mismatch", Codes(Request with { GateReport = final }));
    }

    private static IEnumerable<string> Codes(PolicyDryRunRequest request) =>
        ((JsonArray)PolicyDryRun.Evaluate(request)["explanations"]!).Elements.Select(entry => Text(((JsonObject)entry)["code"]));

    private static string Text(JsonValue? value) => ((JsonText)value!).Value;
}
