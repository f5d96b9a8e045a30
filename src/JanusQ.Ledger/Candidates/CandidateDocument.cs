using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Candidates;

/// <summary>How a candidate is written as a document: the same for the command line and the server, and stable.</summary>
public static class CandidateDocument
{
    /// <summary>The text of a stage.</summary>
    public static string Text(this CandidateStage stage) => stage switch
    {
        CandidateStage.Registered => "registered",
        CandidateStage.Evaluating => "evaluating",
        CandidateStage.Evaluated => "evaluated",
        CandidateStage.Denied => "denied",
        CandidateStage.Held => "held",
        CandidateStage.Paper => "paper",
        CandidateStage.Live => "live",
        CandidateStage.Demoted => "demoted",
        CandidateStage.Paused => "paused",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    /// <summary>The text of a role.</summary>
    public static string Text(this CandidateRole role) => role switch
    {
        CandidateRole.Challenger => "challenger",
        CandidateRole.Champion => "champion",
        CandidateRole.Demoted => "demoted",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    /// <summary>One line of a list.</summary>
    public static JsonObject Summary(Candidate candidate) => JsonObject.Of(
        ("candidate_id", candidate.CandidateId),
        ("stage", candidate.Stage.Text()),
        ("role", candidate.Role.Text()),
        ("promotion_target", candidate.Target?.Name()),
        ("version", candidate.StreamVersion),
        ("registered_at", candidate.RegisteredAt.ToString()),
        ("changed_at", candidate.ChangedAt.ToString()),
        ("last_run_id", candidate.LastRunId),
        ("last_evaluation_id", candidate.LastEvaluationId),
        ("evaluation_count", candidate.Evaluations.Length),
        ("conflict_count", candidate.Conflicts.Length));

    /// <summary>Everything known about a candidate.</summary>
    public static JsonObject Of(Candidate candidate) => new(
    [
        .. Summary(candidate).Members,
        new("evaluations", new JsonArray(candidate.Evaluations.Select(Of))),
        new("refused_runs", new JsonArray(candidate.RefusedRuns.Select(run =>
            JsonObject.Of(("run_id", run.RunId), ("error_code", run.ErrorCode), ("message", run.Message))))),
        new("skipped_runs", new JsonArray(candidate.SkippedRuns.Select(run => JsonObject.Of(
            ("run_id", run.RunId), ("reason", run.Reason), ("window_start", run.WindowStart.ToString()),
            ("window_end", run.WindowEnd.ToString()))))),
        new("conflicts", new JsonArray(candidate.Conflicts.Select(conflict => JsonObject.Of(
            ("run_id", conflict.RunId), ("evaluation_id", conflict.EvaluationId), ("difference", Of(conflict.Difference)))))),
        new("places", new JsonArray(candidate.Places.Select(place => JsonObject.Of(
            ("target", place.Target.Name()), ("decision_id", place.DecisionId), ("since", place.Since.ToString()))))),
        new("pause", candidate.Pause is { } pause ? pause.ToJson() : JsonValue.Null),
        new("approvals", new JsonArray(candidate.Approvals.Select(approval => approval.ToJson()))),
        new("decisions", new JsonArray(candidate.Decisions.Select(Of))),
        new("rolled_back_evidence", new JsonArray(candidate.RolledBackEvidence.Select(set => (JsonValue)set))),
    ]);

    /// <summary>What happened to a candidate.</summary>
    public static JsonObject History(string candidateId, IEnumerable<RecordedEvent> events) =>
        JsonObject.Of(("candidate_id", candidateId), ("events", new JsonArray(events.Select(recorded => (JsonValue)recorded.ToJson()))));

    /// <summary>A decision as the candidate's state keeps it.</summary>
    public static JsonObject Of(DecidedPromotion decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return JsonObject.Of(
            ("decision_id", decision.DecisionId),
            ("run_id", decision.RunId),
            ("evaluation_id", decision.EvaluationId),
            ("target", decision.Target.Name()),
            ("action", decision.Action.Name()),
            ("approved_mode", decision.ApprovedMode?.Name()),
            ("reasons", JsonArray.OfTexts(decision.Reasons)),
            ("trace_id", decision.TraceId),
            ("facts_sha256", decision.FactsSha256),
            ("decided_at", decision.At.ToString()));
    }

    /// <summary>What differed in a submission.</summary>
    public static JsonObject Of(SubmissionDifference difference) => JsonObject.Of(
        ("subject", difference.Subject), ("path", difference.Path), ("recorded", difference.Recorded), ("submitted", difference.Submitted));

    /// <summary>The text of an evaluation's status.</summary>
    public static string StatusText(Evaluation evaluation) => evaluation.Status switch
    {
        EvaluationStatus.Running => "running",
        EvaluationStatus.Completed => "completed",
        _ => "failed",
    };

    private static JsonObject Of(Evaluation evaluation) => JsonObject.Of(
        ("evaluation_id", evaluation.Start.EvaluationId),
        ("run_id", evaluation.Start.RunId),
        ("status", StatusText(evaluation)),
        ("promotion_target", evaluation.Start.Target.Name()),
        ("evaluated_at", evaluation.Start.EvaluatedAt.ToString()),
        ("code_version", evaluation.Start.CodeVersion),
        ("worker", evaluation.Start.Worker),
        ("signals_sha256", evaluation.Start.SignalsSha256),
        ("strategy_config_sha256", evaluation.Start.StrategyConfigSha256),
        ("gate_policy_sha256", evaluation.Start.GatePolicySha256),
        ("documents", evaluation.Start.Documents.ToJson()),
        ("started_at", evaluation.Start.At.ToString()),
        ("ended_at", evaluation.EndedAt?.ToString()),
        ("error_code", evaluation.ErrorCode),
        ("error_message", evaluation.ErrorMessage),
        ("artifact_set_sha256", evaluation.ArtifactSetSha256 is { } hash ? hash : JsonValue.Null),
        ("artifacts", new JsonArray(evaluation.Artifacts.Select(artifact => JsonObject.Of(
            ("path", artifact.Path),
            ("sha256", artifact.Sha256),
            ("size", artifact.Size),
            ("media_type", artifact.MediaType),
            ("schema_version", artifact.SchemaVersion),
            ("manifest_hash", artifact.ManifestHash is { } manifest ? manifest : JsonValue.Null))))));
}
