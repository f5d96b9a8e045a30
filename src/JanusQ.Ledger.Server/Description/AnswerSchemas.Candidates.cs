using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <content>What is known about candidates and their runs.</content>
internal sealed partial class AnswerSchemas
{
    internal OpenApiSchema CandidatePage() => Object(
        "Candidates in the order of their ids.",
        ("candidates", Many(CandidateLine, "The page.")),
        NextCursor(),
        AsOf());

    internal OpenApiSchema CandidateLine() => Object("A candidate in one line.", LineMembers());

    private static (string, IOpenApiSchema)[] LineMembers() =>
    [
        ("candidate_id", CandidateId("The candidate.")),
        ("stage", Word(
            "How far it has come; paused goes before live, live before paper, that before the rest.",
            Enum.GetValues<CandidateStage>().Select(stage => stage.Text()))),
        ("role", Word("Champion of a target at least, or not, or not any more.", "challenger", "champion", "demoted")),
        ("promotion_target", OrNull(Target("The target of the evaluation that was started last; null if none was."))),
        ("version", Number("Number of its events.", 1)),
        ("registered_at", Moment("When its first event happened.")),
        ("changed_at", Moment("When its latest event happened.")),
        ("last_run_id", OrNull(Id("The run that was recorded last, however it went."))),
        ("last_evaluation_id", OrNull(Id("The evaluation that was started last."))),
        ("evaluation_count", Number("Number of its evaluations.")),
        ("conflict_count", Number("Number of submissions' differences that contradicted what is recorded.")),
    ];

    internal OpenApiSchema Candidate() => Object(
        "Everything that is known about a candidate.",
        [
            .. LineMembers(),
            ("evaluations", Many(Evaluation, "In the order in which they were started.")),
            ("refused_runs", Many(
                "Runs that were refused.",
                Object(
                    "A run that was refused before an evaluation was started.",
                    ("run_id", Id("The run.")),
                    ("error_code", Text("Why, as a code.")),
                    ("message", Text("Why, for people."))))),
            ("skipped_runs", Many(
                "Runs that were skipped.",
                Object(
                    "A window without signals.",
                    ("run_id", Id("The run.")),
                    ("reason", Text("Why there was nothing to evaluate.")),
                    ("window_start", Moment("Start of the window.")),
                    ("window_end", Moment("End of the window."))))),
            ("conflicts", Many(
                "Contradictions.",
                Object(
                    "A submission that contradicted what is recorded; nothing else changed.",
                    ("run_id", Id("The run that it named.")),
                    ("evaluation_id", OrNull(Id("The evaluation that it contradicted; null for a run without one."))),
                    ("difference", One(SubmissionDifference))))),
            ("places", Many(
                "Places that it has now.",
                Object(
                    "A target of which it is champion.",
                    ("target", Target("The target.")),
                    ("decision_id", Id("The decision that promoted it.")),
                    ("since", Moment("Since when."))))),
            ("pause", OneOrNull(Bar, "The pause that bars its promotions; null if there is none.")),
            ("approvals", Many(Approval, "In the order in which they were granted.")),
            ("decisions", Many(DecidedPromotion, "In the order in which they were made.")),
            ("rolled_back_evidence", Hashes("Artifact sets that were rolled back and not cleared since, by SHA-256.")),
            AsOf(),
        ]);

    internal OpenApiSchema Evaluation() => Object(
        "One execution of a lane run.",
        ("evaluation_id", Id("The evaluation: one execution of the run.")),
        ("run_id", Id("The run: a hash of what is run.")),
        ("status", Word("How it stands.", "running", "completed", "failed")),
        ("promotion_target", Target("The target that the run was made for.")),
        ("evaluated_at", Moment("The instant that counts as now inside the run.")),
        ("code_version", Text("Version of the code that ran, as it was declared.")),
        ("worker", Text("The worker that ran it.")),
        ("signals_sha256", Sha256("SHA-256 of the signals document.")),
        ("strategy_config_sha256", Sha256("SHA-256 of the strategy configuration.")),
        ("gate_policy_sha256", Sha256("SHA-256 of the gate policy file.")),
        ("documents", Object(
            "SHA-256 of each optional document; null for one that was not given.",
            ("strategy_configmap", OrNull(Sha256())),
            ("forecast_metrics", OrNull(Sha256())),
            ("rollback_readiness", OrNull(Sha256())),
            ("tca_metrics", OrNull(Sha256())),
            ("llm_metrics", OrNull(Sha256())),
            ("drift_evidence", OrNull(Sha256())))),
        ("started_at", Moment("When its start was recorded.")),
        ("ended_at", OrNull(Moment("When its end was recorded; null while it runs."))),
        ("error_code", OrNull(Text("Why it failed, as a code."))),
        ("error_message", OrNull(Text("Why it failed, for people."))),
        ("artifact_set_sha256", OrNull(Sha256("SHA-256 of the canonical JSON of path to SHA-256, once it is complete."))),
        ("artifacts", Many(Artifact, "Its artifacts, by path.")));

    internal OpenApiSchema Artifact() => Object(
        "A document of an evaluation.",
        ("path", Text("Path relative to the artifact root, with /.")),
        ("sha256", Sha256("SHA-256 of the bytes: GET /v1/contents/{sha256} gives them.")),
        ("size", Number("Number of bytes.")),
        ("media_type", Text("Media type, as declared.")),
        ("schema_version", OrNull(Text("Schema version of a Janus artifact; null for others."))),
        ("manifest_hash", OrNull(Sha256("The hash that a Janus artifact carries over its own records; null for others."))));

    internal OpenApiSchema SubmissionDifference() => Object(
        "One way in which a submission contradicts what is recorded.",
        ("subject", Text("What differs: artifact, media_type, artifact_set and so on.")),
        ("path", OrNull(Text("The artifact's path, where one differs."))),
        ("recorded", Text("What the ledger holds.")),
        ("submitted", Text("What was submitted.")));

    internal OpenApiSchema Bar() => Object(
        "What keeps from promotions as long as it lasts: a pause, or the kill switch.",
        ("by", Text("Who asked for it.")),
        ("at", Moment("Since when.")),
        ("reason", Text("Why.")));

    internal OpenApiSchema Approval() => Object(
        "A promise of one person for one promotion: bound, used once, expiring.", ApprovalMembers());

    private static (string, IOpenApiSchema)[] ApprovalMembers() =>
    [
        ("approval_id", Id("The approval.")),
        ("approver", Text("Who approved.")),
        ("run_id", Id("The run that it is bound to.")),
        ("evaluation_id", Id("The evaluation whose artifact set it is bound to.")),
        ("target", Target("The target that it is bound to.")),
        ("policy_sha256", Sha256("The policy that it is bound to, by the hash of its canonical JSON.")),
        ("artifact_set_sha256", Sha256("The artifact set that it unlocks.")),
        ("granted_at", Moment("When it was granted.")),
        ("expires_at", Moment("From when on it counts no more.")),
        ("reason", Text("Why, for people.")),
        ("revoked_at", OrNull(Moment("When it was taken back; null if it was not."))),
        ("used_by", OrNull(Id("The decision that used it; null if none did."))),
    ];

    internal OpenApiSchema ApprovalNow() => Object(
        "An approval with its status as it is now.",
        [
            .. ApprovalMembers(),
            ("status", Word("Whether it counts, or why not.", "valid", "used", "revoked", "expired")),
        ]);

    internal OpenApiSchema ApprovalList() => Object(
        "All approvals of a candidate.",
        ("candidate_id", CandidateId("The candidate.")),
        ("approvals", Many(ApprovalNow, "In the order in which they were granted.")),
        AsOf());

    internal OpenApiSchema DecidedPromotion() => Object(
        "A decision, as the candidate's state keeps it.",
        ("decision_id", Id("The decision.")),
        ("run_id", Id("The run decided about.")),
        ("evaluation_id", Id("The evaluation decided about.")),
        ("target", Target("The target asked for.")),
        ("action", Word("The verdict.", "promote", "hold", "deny")),
        ("approved_mode", OrNull(Target("The mode approved; null for a denial."))),
        ("reasons", Texts("All reasons, sorted.")),
        ("trace_id", Id("Names the recommendation by its content.")),
        ("facts_sha256", Sha256("SHA-256 of the facts that it rests on, without the instant.")),
        ("decided_at", Moment("When it was made.")));

    internal OpenApiSchema CandidateHistory() => Object(
        "What happened to a candidate.",
        ("candidate_id", CandidateId("The candidate.")),
        ("events", Many(Event, "Its events, in order.")),
        AsOf());

    internal OpenApiSchema Event() => Object(
        "Something that happened to a candidate.",
        ("version", Number("Its place in its stream, from 1.", 1)),
        ("sequence", Number("Its place in the ledger.", 1)),
        ("event_id", Text("Its id.", format: "uuid")),
        ("type", Text("What kind of thing happened: the stored name.", "^[a-z][a-z0-9_]*(\\.v[0-9]+)?$")),
        ("timestamp", Moment("When it was appended.")),
        ("actor", Text("Who did it.")),
        ("role", Text("The role in which.")),
        ("correlation_id", OrNull(Text("The piece of work that it belongs to; null if none was named."))),
        ("causation_id", OrNull(Text("What caused it; null if nothing is known."))),
        ("data", One(CandidateEventData)));

    internal OpenApiSchema LaneRun() => Object(
        "A lane run.",
        ("run_id", Id("The run: a hash of what is run.")),
        ("executions", Many(Execution, "In the order in which the ledger heard of them last.")),
        AsOf());

    internal OpenApiSchema Execution() => Object(
        "One execution of a run, however it went.",
        ("candidate_id", CandidateId("The candidate.")),
        ("lane_run_id", Id("The evaluation, or the run where no evaluation was started.")),
        ("run_id", Id("The run.")),
        ("evaluation_id", OrNull(Id("The evaluation; null if none was started."))),
        ("status", Word(
            "How it went; conflicted where only contradictions are recorded.", "running", "completed", "failed", "skipped", "conflicted")),
        ("target", OrNull(Target("The target that the run was made for."))),
        ("worker", OrNull(Text("The worker that ran it."))),
        ("code_version", OrNull(Text("Version of the code that ran, as it was declared."))),
        ("evaluated_at", OrNull(Moment("The instant that counts as now inside the run."))),
        ("signals_sha256", OrNull(Sha256("SHA-256 of the signals document."))),
        ("strategy_config_sha256", OrNull(Sha256("SHA-256 of the strategy configuration."))),
        ("gate_policy_sha256", OrNull(Sha256("SHA-256 of the gate policy file."))),
        ("started_at", OrNull(Moment("When its start was recorded."))),
        ("started_by", OrNull(Text("Who recorded its start."))),
        ("ended_at", OrNull(Moment("When its end was recorded; null while it runs."))),
        ("artifact_count", OrNull(Number("Number of artifacts, once it is complete."))),
        ("artifact_set_sha256", OrNull(Sha256("SHA-256 of the canonical JSON of path to SHA-256, once it is complete."))),
        ("error_code", OrNull(Text("Why it failed, as a code."))),
        ("message", OrNull(Text("Why it failed or was skipped, for people."))),
        ("window_start", OrNull(Moment("Start of the window without signals, if it was skipped."))),
        ("window_end", OrNull(Moment("End of that window."))),
        ("conflict_count", Number("Number of differences of submissions that contradicted it.")),
        ("last_sequence", Number("Sequence of its latest event.", 1)),
        ("artifacts", Many(Artifact, "Its artifacts, by path.")));
}
