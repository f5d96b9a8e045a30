using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <content>Champions, policies and safety controls.</content>
internal sealed partial class AnswerSchemas
{
    internal OpenApiSchema PlaceList() => Object(
        "The places of all targets' champions.",
        ("champions", Many(Place, "A place for each target.")),
        AsOf());

    internal OpenApiSchema PlaceNow() => Object(
        "The place of a target's champion.",
        [.. PlaceMembers(), AsOf()]);

    internal OpenApiSchema Place() => Object("The place of a target's champion.", PlaceMembers());

    private (string, IOpenApiSchema)[] PlaceMembers() =>
    [
        ("target", Target("The target.")),
        ("version", Number("Number of the place's events.")),
        ("changed_at", OrNull(Moment("When it changed last; null if it never did."))),
        ("champion", OneOrNull(Champion, "Who is champion; null if nobody is.")),
        ("past", Many(Champion, "Who was before, in order.")),
    ];

    internal OpenApiSchema Champion() => Object(
        "A candidate in the place of a target.",
        ("candidate_id", CandidateId("The candidate.")),
        ("decision_id", Id("The decision that promoted it.")),
        ("evaluation_id", Id("The evaluation that was promoted.")),
        ("artifact_set_sha256", Sha256("The artifact set that was promoted.")),
        ("since", Moment("Since when.")),
        ("predecessor", OrNull(CandidateId("Who was champion before; null if nobody was."))));

    internal OpenApiSchema PolicyList() => Object(
        "The policies of all names.",
        ("policies", Many(PolicyBook, "By name.")),
        AsOf());

    internal OpenApiSchema PolicyBookNow() => Object(
        "The policies of one name.",
        [.. BookMembers(), AsOf()]);

    internal OpenApiSchema PolicyBook() => Object("The policies of one name.", BookMembers());

    private (string, IOpenApiSchema)[] BookMembers() =>
    [
        ("name", Text("The name.", "^[a-z0-9][a-z0-9._-]{0,99}$")),
        ("active_version", OrNull(Number("The version that decisions may rest on; null if there is none.", 1))),
        ("active_since", OrNull(Moment("Since when; null if there is none."))),
        ("versions", Many(PolicyVersion, "All versions, in order.")),
    ];

    internal OpenApiSchema PolicyVersion() => Object(
        "A version of a policy.",
        ("version", Number("Its number under the name, from 1.", 1)),
        ("policy_sha256", Sha256("SHA-256 of its canonical JSON.")),
        ("policy_version", Text("The version that the document gives itself.")),
        ("enables_live", Flag("Whether it allows promotions to live.")),
        ("active", Flag("Whether decisions may rest on it.")),
        ("published_by", Text("Who published it.")),
        ("published_at", Moment("When.")),
        ("note", Text("What for, for people.")),
        ("activation_approved_by", OrNull(Text("Who agreed to its activation; null if nobody did, or it was activated since."))));

    internal OpenApiSchema Safety() => Object(
        "The safety controls.",
        ("engaged", Flag("Whether the kill switch is engaged: then every promotion is denied.")),
        ("kill_switch", OneOrNull(Bar, "Since when and why; null if it is not engaged.")),
        ("version", Number("Number of their events.")),
        ("drills", Many(
            "By check.",
            Object(
                "The latest rehearsal of a check.",
                ("check", Text("What was rehearsed.")),
                ("passed", Flag("Whether it passed.")),
                ("performed_at", Moment("When.")),
                ("by", Text("Who recorded it.")),
                ("rollback_target", OrNull(Text("What a roll back would go back to."))),
                ("evidence_sha256", OrNull(Sha256("SHA-256 of its evidence.")))))),
        AsOf());
}
