using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Promotion;

/// <summary>Why commands and lane runs are refused as a whole: codes that a user meets instead of an answer.</summary>
internal static class CommandReasons
{
    private const string Command = "command";
    private const string Roles = "roles";
    private const string Lane = "lane_run";
    private const string Ingest = "ingest";
    private const string Content = "content_store";
    private const string Approvals = "approvals";
    private const string Policies = "policies";
    private const string Champions = "champions";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ReasonCode> All =
    [
        new("command_invalid", Command, "A member of the command is not of the form expected.", "Correct the field named."),
        new("not_authorised", Roles, "The actor's role may not issue this command.", "Act in one of the roles that needed lists."),
        new("unknown_candidate", Command, "There is no such candidate.", "Record a lane run of it first, or correct the id."),
        new("unknown_evaluation", Command, "The candidate has no such evaluation.", "Start the lane run first, or correct the id."),

        new("evaluation_completed", Lane, "The evaluation is complete and takes nothing more.", "Evaluate the run anew."),
        new("evaluation_failed", Lane, "The evaluation failed and has no result.", "Evaluate the run anew."),
        new("artifacts_incomplete", Lane, "Fewer artifacts are recorded than are said to be there.", "Emit the others first."),
        new("too_many_artifacts", Lane, "An evaluation has more artifacts than are accepted.", "Emit fewer, larger documents."),
        new("signals_empty", Lane, "The signals document holds no signal.", "Run the lane on a window with signals."),
        new("signals_document_invalid", Lane, "The signals document is not acceptable JSON.", "Correct the document at the place named."),
        new("signals_document_not_a_list", Lane, "The signals document is no array of signals.", "Submit an array of signals."),
        new("signal_invalid", Lane, "A signal has a member that is missing or of another form.", "Correct the field of the signal named."),
        new("signal_price_invalid", Lane, "A signal that was decided on has no valid price.", "Correct the price of the signal named."),
        new(
            "decision_invalid",
            Lane,
            "A decision has a member that is missing or of another form.",
            "Correct the field of the decision named."),
        new("argument_invalid", Lane, "An argument of the run is not of the form expected.", "Correct the field named."),
        new("plugin_not_found", Lane, "No enabled strategy names a plugin that exists.", "Name one that is listed with the refusal."),
        new("strategy_config_invalid", Lane, "The strategy configuration is not acceptable.", "Correct the field named."),
        new(
            "strategy_configmap_invalid",
            Lane,
            "The config map that a paper patch patches is not acceptable.",
            "Correct the field named."),
        new(
            "arithmetic_out_of_range",
            Lane,
            "A value grew beyond what a 28-digit decimal holds.",
            "Look for prices or quantities that cannot be right."),
        new(
            "janus_event_car_requires_signals",
            Lane,
            "The event artifact cannot be built without signals.",
            "Run the lane on a window with signals."),

        new(
            "lane_incomplete",
            Ingest,
            "The folder is not that of a finished lane: its last file, the gate report, is missing or unreadable.",
            "Wait until the lane has ended, or name the folder that it wrote."),
        new("lane_report_invalid", Ingest, "A path or a member of the gate report is not of the form expected.", "Correct what is named."),
        new(
            "lane_input_unknown",
            Ingest,
            "A document that names the run is neither given nor stated by its hash, or a document is given that no lane has.",
            "Give the document that is named."),
        new(
            "lane_hash_mismatch",
            Ingest,
            "A file has another hash than the lane's evidence states.",
            "Ingest the files that the lane wrote."),
        new(
            "lane_identity_mismatch",
            Ingest,
            "A file belongs to another run, or the run id is not that of its inputs.",
            "Ingest the files and inputs of one run."),
        new(
            "lane_manifest_mismatch",
            Ingest,
            "A Janus artifact does not follow from its own entries.",
            "Produce it again; do not edit it."),

        new("content_hash_mismatch", Content, "The bytes do not hash to what was claimed.", "Submit the bytes that the hash was taken of."),
        new("content_too_large", Content, "The document is larger than what is stored.", "Submit a smaller document, or raise the limit."),
        new("content_not_stored", Content, "A document that is named by its hash is not stored.", "Submit its bytes with the command."),

        new(
            "evaluation_not_completed",
            Approvals,
            "What is not complete cannot be approved.",
            "Wait until the lane run is complete."),
        new("policy_missing", Approvals, "The policy that the run was made with is not stored.", "Record the run with its inputs."),
        new(
            "approval_not_independent",
            Approvals,
            "Whoever submitted or published something cannot approve it.",
            "Ask another approver."),
        new("unknown_approval", Approvals, "The candidate has no such approval.", "Look it up in the list of its approvals."),
        new(
            "approval_stands",
            Approvals,
            "An approval of the same approver counts for longer than is asked for.",
            "Revoke it, then grant the shorter one."),
        new("approval_used", Approvals, "A decision used the approval, so it cannot be taken back.", "Demote or roll back the candidate."),
        new(
            "evidence_not_rolled_back",
            Champions,
            "No such artifact set of the candidate was rolled back.",
            "Look up rolled_back_evidence of the candidate."),
        new("not_champion", Champions, "The candidate is not the champion of the target.", "Look up who is."),

        new("unknown_policy", Policies, "No policy was published under that name.", "Publish it first, or correct the name."),
        new("unknown_policy_version", Policies, "The policy has no such version.", "Look up its versions."),
        new(
            "activation_approval_missing",
            Policies,
            "A policy that enables live is activated only with the approval of somebody who neither published nor activates it.",
            "Have such an approver approve the activation."),
        new(
            "activation_approval_not_needed",
            Policies,
            "A policy that does not enable live is activated without an approval.",
            "Activate it."),
    ];
}
