using JanusQ.Ledger.Core.Candidates;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <content>Decisions.</content>
internal sealed partial class AnswerSchemas
{
    internal OpenApiSchema DecisionPage() => Object(
        "Decisions in the order in which they were made.",
        ("decisions", Many(DecisionLine, "The page.")),
        NextCursor(),
        AsOf());

    internal OpenApiSchema DecisionLine() => Object(
        "A decision in one line.",
        ("candidate_id", CandidateId("The candidate.")),
        ("decision_id", Id("The decision.")),
        ("run_id", OrNull(Id("The run decided about."))),
        ("evaluation_id", OrNull(Id("The evaluation decided about."))),
        ("target", OrNull(Target("The target asked for."))),
        ("action", Word("The verdict.", "promote", "hold", "deny")),
        ("approved_mode", OrNull(Target("The mode approved; null for a denial."))),
        ("reasons", Texts("All reasons of all steps, sorted and unique.")),
        ("decided_at", Moment("When it was made.")),
        ("decided_by", OrNull(Text("Who asked for the promotion."))),
        ("policy_sha256", OrNull(Sha256("The policy, by the hash of its canonical JSON; null where it could not be read."))),
        ("gate_inputs_sha256", OrNull(Sha256("The gate inputs; null where there are none."))),
        ("gate_report_sha256", OrNull(Sha256("The gate report; null where there is none."))),
        ("artifact_set_sha256", OrNull(Sha256("The artifact set."))),
        ("facts_sha256", OrNull(Sha256("SHA-256 of the facts that it rests on, without the instant."))),
        ("trace_id", OrNull(Id("Names the recommendation by its content."))),
        ("approval_id", OrNull(Id("The approval that was used; null if none was."))),
        ("claim_agrees", OrNull(Flag("Whether the lane claimed the same; null where it claimed nothing."))),
        ("sequence", Number("Sequence of its latest event.", 1)));

    internal OpenApiSchema Decision() => Object(
        "A decision: its events, by their names.",
        ("candidate_id", CandidateId("The candidate.")),
        ("gate_matrix_evaluated?", Step<GateMatrixEvaluated>("The gates; not there where there was nothing to evaluate.")),
        ("prerequisites_evaluated?", Step<PrerequisitesEvaluated>("The prerequisites.")),
        ("rollback_readiness_evaluated?", Step<RollbackReadinessEvaluated>("Whether a roll back is ready.")),
        ("promotion_decided", Step<PromotionDecided>("The verdict.")),
        ("candidate_promoted?", Step<CandidatePromoted>("That it was promoted, where it was.")),
        ("candidate_demoted?", Step<CandidateDemoted>("That it was demoted, where it was.")),
        AsOf());

    internal OpenApiSchema DecisionEvent() => Object(
        "An event of a decision.",
        ("sequence", Number("Its place in the ledger.", 1)),
        ("version", Number("Its place in its stream, from 1.", 1)),
        ("recorded_at", Moment("When it was appended.")),
        ("data", AnyObject("What happened.")));

    internal static OpenApiSchema Replay() => Object(
        "A decision, derived again from what it recorded and compared.",
        ("candidate_id", CandidateId("The candidate.")),
        ("decision_id", Id("The decision.")),
        ("outcome", Word("What it comes to.", "match", "mismatch", "evidence_missing", "evidence_corrupt", "evaluator_unknown")),
        ("differences", Many(
            "Every difference.",
            Object(
                "A place where the two differ.",
                ("path", Text("Names and positions from the top.")),
                ("recorded?", AnyValue("What is recorded there; not there where nothing is.")),
                ("derived?", AnyValue("What was derived; not there where nothing was."))))),
        ("missing", Hashes("SHA-256 of each document that is named and not stored.")),
        ("corrupt", Hashes("SHA-256 of each document that is stored and does not hash to its name.")),
        ("unknown_evaluators", Texts("Versions of evaluators that this server does not have.")),
        AsOf());

    internal static OpenApiSchema GateFailures() => Object(
        "How often gates failed.",
        ("gate_failures", Many(
            "A line for each day, policy, gate and reason.",
            Object(
                "How often one gate failed for one reason, under one policy, on one day.",
                ("day", Text("The day (UTC) of the evaluations.", format: "date")),
                ("policy_sha256", OrNull(Sha256("The policy; null where it could not be read."))),
                ("gate_id", OrNull(Text("The gate; null for a reason that belongs to none."))),
                ("reason", OrNull(Text("The reason; null where a gate failed without one."))),
                ("failures", Number("Number of evaluations.", 1))))),
        AsOf());

    internal static OpenApiSchema DecisionStream() => new()
    {
        Type = JsonSchemaType.String,
        ContentMediaType = "text/event-stream",
        Description = "Server-sent events. The data of each is candidate_id and the members of an Event, as GET "
            + "/v1/candidates/{candidateId}/history has them; comments say how far the stream is complete. The example is abridged.",
    };
}
