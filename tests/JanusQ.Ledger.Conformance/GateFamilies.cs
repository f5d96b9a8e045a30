using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Conformance;

/// <summary>gates-and-policy.md sections 2 to 5.</summary>
public class GateFamilies
{
    [Fact]
    public void Policy_load() => VectorFamily.Check("policy-load", vector => Refusals.OrAnswer(() =>
        PolicyDocument.Read(VectorFamily.Bytes(vector.Input, "policy")).Policy.ToJson()));

    [Fact]
    public void Gate_matrix() => VectorFamily.Check("gate-matrix", Evaluate);

    [Fact]
    public void Gate_matrix_malformed() => VectorFamily.Check("gate-matrix-malformed", vector =>
    {
        var answer = Evaluate(vector);
        if (answer is JsonObject report && !report.Has("error"))
        {
            Assert.False(((JsonBoolean)report["promotion_allowed"]!).Value);
            Assert.NotEmpty(((JsonArray)report["reasons"]!).Elements);
        }

        return answer;
    });

    private static JsonValue Evaluate(VectorCase vector) => Refusals.OrAnswer(() =>
    {
        var input = vector.Input;
        var document = EvaluationDocuments.Take(EvaluationDocuments.Policy, input["policy"]);
        var inputs = input.TryGet("inputs", out var value)
            ? EvaluationDocuments.Take(EvaluationDocuments.Inputs, value)
            : EvaluationDocuments.Read(EvaluationDocuments.Inputs, VectorFamily.Bytes(input, "inputs"));
        var policy = PolicyDocument.Load(document).Policy;
        var target = PromotionTargets.Read(input["promotion_target"]);
        var at = Instant.Parse(VectorFamily.Text(input["evaluated_at"]));
        return GateEvaluators.Current.Evaluate(policy, inputs, target, at, VectorFamily.Text(input["code_version"])).ToJson();
    });
}
