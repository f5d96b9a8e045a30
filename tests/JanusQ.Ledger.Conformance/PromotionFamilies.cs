using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Conformance;

/// <summary>gates-and-policy.md sections 6 to 9.</summary>
public class PromotionFamilies
{
    private static readonly JsonObject EvidenceWithoutAnything = JsonObject.Of(
        ("profitability_evidence", JsonObject.Of(("note", "nothing"))));

    [Fact]
    public void Prerequisites_of_promotions() => VectorFamily.Check("prerequisites", vector => Refusals.OrAnswer(() =>
    {
        var document = EvaluationDocuments.Take(EvaluationDocuments.Policy, vector.Input["policy"]);
        var report = EvaluationDocuments.Take(EvaluationDocuments.GateReport, vector.Input["gate_report"]);
        var state = EvaluationDocuments.Take(EvaluationDocuments.CandidateState, vector.Input["candidate_state"]);
        var policy = PolicyDocument.Load(document).Policy;
        var target = PromotionTargets.Read(vector.Input["promotion_target"]);
        return Prerequisites.Evaluate(policy, report, state, target, ArtifactsOf(vector.Input)).ToJson();
    }));

    [Fact]
    public void Rollback() => VectorFamily.Check("rollback", vector => Refusals.OrAnswer(() =>
    {
        var document = EvaluationDocuments.Take(EvaluationDocuments.Policy, vector.Input["policy"]);
        var state = EvaluationDocuments.Take(EvaluationDocuments.CandidateState, vector.Input["candidate_state"]);
        var now = Instant.Parse(VectorFamily.Text(vector.Input["now"]));
        return RollbackReadiness.Evaluate(PolicyDocument.Load(document).Policy, state, now).ToJson();
    }));

    [Fact]
    public void Drift() => VectorFamily.Check("drift", vector => Refusals.OrAnswer(() =>
        DriftGate.Evaluate(PromotionTargets.Read(vector.Input["promotion_target"]), vector.Input["drift_promotion_evidence"]).ToJson()));

    [Fact]
    public void Recommendation() =>
        VectorFamily.Check("recommendation", vector => Refusals.OrAnswer(() => VectorFamily.Text(vector.Input["kind"]) switch
    {
        "recommendation" => Recommend(vector.Input),
        "rationale" => Rationale(vector.Input),
        "chain" => Chain(vector.Input),
        var unknown => throw new InvalidDataException($"The vectors name the kind '{unknown}', which is not known."),
    }));

    [Fact]
    public void Policy_toggles() => VectorFamily.Check("policy-toggles", vector =>
    {
        var policy = PolicyDocument.Load((JsonObject)vector.Input["policy"]!).Policy;
        var target = PromotionTargets.Read(vector.Input["promotion_target"]);
        var said = PolicyRequirements.Of(policy, target).ToJson();
        var seen = WhatRunsWithNothingThere(policy, target);
        Assert.Equal(CanonicalJson.Text(said), CanonicalJson.Text(seen));
        return said;
    });

    /// <summary>Evaluates with nothing there: which reasons appear shows which checks run.</summary>
    private static JsonObject WhatRunsWithNothingThere(GatePolicy policy, PromotionTarget target)
    {
        var empty = Gates(policy, target, JsonObject.Empty);
        var bare = Gates(policy, target, EvidenceWithoutAnything);
        var result = Prerequisites.Evaluate(policy, JsonObject.Empty, JsonObject.Empty, target, RunArtifacts.None);
        Assert.Equal(result.RequiredArtifacts, result.MissingArtifacts);
        return JsonObject.Of(
            ("required_artifacts", JsonArray.OfTexts(result.RequiredArtifacts)),
            ("gate6", empty.Contains("profitability_evidence_missing")),
            ("gate6_janus", bare.Contains("janus_q_evidence_schema_invalid")),
            ("gate7", empty.Contains("uncertainty_inputs_missing_or_invalid")),
            ("prerequisite_uncertainty", result.Reasons.Contains("uncertainty_gate_not_pass")),
            ("prerequisite_profitability", result.Reasons.Contains("profitability_evidence_validation_missing")),
            ("prerequisite_janus_artifacts", result.Reasons.Contains("janus_event_car_artifact_missing")),
            ("prerequisite_janus_block", result.Reasons.Contains("janus_q_evidence_missing")),
            ("prerequisite_promotion_evidence", result.Reasons.Contains("fold_metrics_evidence_insufficient")),
            ("prerequisite_rationale", result.Reasons.Contains("promotion_rationale_missing")));
    }

    private static List<string> Gates(GatePolicy policy, PromotionTarget target, JsonObject inputs) =>
        [.. GateEvaluators.Current.Evaluate(policy, inputs, target, Instant.Parse("2026-02-26"), "test").Reasons];

    private static RunArtifacts ArtifactsOf(JsonObject input)
    {
        var documents = new Dictionary<string, byte[]>();
        foreach (var (path, value) in ((JsonObject)input["artifacts"]!).Members)
            if (value is not JsonNull) documents[path] = FileJson.Bytes(value);
        if (input["artifact_texts"] is JsonObject texts)
            foreach (var (path, text) in texts.Members) documents[path] = Encoding.UTF8.GetBytes(VectorFamily.Text(text));
        return new RunArtifacts(documents);
    }

    private static JsonObject Recommend(JsonObject input) => PromotionRecommendation.Derive(new RecommendationBasis
    {
        RunId = VectorFamily.Text(input["run_id"]),
        CandidateId = VectorFamily.Text(input["candidate_id"]),
        RequestedMode = PromotionTargets.Read(input["requested_mode"]),
        RecommendedMode = PromotionTargets.Read(input["recommended_mode"]),
        GateAllowed = Flag(input["gate_allowed"]),
        PrerequisiteAllowed = Flag(input["prerequisite_allowed"]),
        RollbackReady = Flag(input["rollback_ready"]),
        FoldMetricsCount = Number(input["fold_metrics_count"]),
        StressMetricsCount = Number(input["stress_metrics_count"]),
        Rationale = (input["rationale"] as JsonText)?.Value,
        Reasons = Texts(input["reasons"]),
    }).ToJson();

    private static JsonValue Rationale(JsonObject input)
    {
        var report = (JsonObject)input["gate_report"]!;
        return PromotionRationale.Write(
            PromotionTargets.Read(input["promotion_target"]),
            Flag(report["promotion_allowed"]),
            VectorFamily.Text(report["recommended_mode"]),
            Texts(report["reasons"]),
            Texts(input["prerequisite_reasons"]),
            Texts(input["rollback_reasons"]));
    }

    private static JsonObject Chain(JsonObject input)
    {
        var report = (JsonObject)input["gate_report"]!;
        return PromotionRecommendation.Derive(RecommendationBasis.Of(
            VectorFamily.Text(input["run_id"]),
            VectorFamily.Text(input["candidate_id"]),
            PromotionTargets.Read(input["promotion_target"]),
            Outcome(report, "promotion_allowed"),
            PromotionTargets.Read(report["recommended_mode"]),
            Outcome((JsonObject)input["prerequisites"]!, "allowed"),
            Outcome((JsonObject)input["rollback"]!, "ready"),
            Outcome((JsonObject)input["drift"]!, "allowed"),
            Number(input["fold_metrics_count"]),
            Number(input["stress_metrics_count"]))).ToJson();
    }

    private static CheckOutcome Outcome(JsonObject check, string verdict) => new(Flag(check[verdict]), Texts(check["reasons"]));

    private static bool Flag(JsonValue? value) => ((JsonBoolean)value!).Value;

    private static long Number(JsonValue? value) => (long)((JsonInteger)value!).Value;

    private static List<string> Texts(JsonValue? value) => [.. ((JsonArray)value!).Elements.Select(VectorFamily.Text)];
}
