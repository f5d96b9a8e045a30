using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary>How a candidate is shown: as a stable document and for people.</summary>
internal static class CandidateView
{
    /// <summary>The text of a stage.</summary>
    public static string Text(this CandidateStage stage) => stage switch
    {
        CandidateStage.Registered => "registered",
        CandidateStage.Evaluating => "evaluating",
        CandidateStage.Evaluated => "evaluated",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    /// <summary>One line of a list.</summary>
    public static JsonObject SummaryJson(Candidate candidate) => JsonObject.Of(
        ("candidate_id", candidate.CandidateId),
        ("stage", candidate.Stage.Text()),
        ("promotion_target", candidate.Target?.Name()),
        ("version", candidate.StreamVersion),
        ("registered_at", candidate.RegisteredAt.ToString()),
        ("changed_at", candidate.ChangedAt.ToString()),
        ("last_run_id", candidate.LastRunId),
        ("last_evaluation_id", candidate.LastEvaluationId),
        ("evaluation_count", candidate.Evaluations.Length),
        ("conflict_count", candidate.Conflicts.Length));

    /// <summary>Everything known about a candidate.</summary>
    public static JsonObject Json(Candidate candidate) => new(
    [
        .. SummaryJson(candidate).Members,
        new("evaluations", new JsonArray(candidate.Evaluations.Select(EvaluationJson))),
        new("refused_runs", new JsonArray(candidate.RefusedRuns.Select(run =>
            JsonObject.Of(("run_id", run.RunId), ("error_code", run.ErrorCode), ("message", run.Message))))),
        new("skipped_runs", new JsonArray(candidate.SkippedRuns.Select(run => JsonObject.Of(
            ("run_id", run.RunId), ("reason", run.Reason), ("window_start", run.WindowStart.ToString()), ("window_end", run.WindowEnd.ToString()))))),
        new("conflicts", new JsonArray(candidate.Conflicts.Select(conflict => JsonObject.Of(
            ("run_id", conflict.RunId), ("evaluation_id", conflict.EvaluationId), ("difference", DifferenceJson(conflict.Difference)))))),
    ]);

    /// <summary>What differed in a submission.</summary>
    public static JsonObject DifferenceJson(SubmissionDifference difference) => JsonObject.Of(
        ("subject", difference.Subject), ("path", difference.Path), ("recorded", difference.Recorded), ("submitted", difference.Submitted));

    /// <summary>What differed in a submission, for people.</summary>
    public static string Text(this SubmissionDifference difference) =>
        $"{difference.Subject}{(difference.Path is null ? "" : " " + difference.Path)}: recorded {difference.Recorded}, submitted {difference.Submitted}";

    /// <summary>Writes a candidate for people.</summary>
    public static void Show(IAnsiConsole console, Candidate candidate)
    {
        console.MarkupLineInterpolated($"[bold]{candidate.CandidateId}[/]  {candidate.Stage.Text()}  (version {candidate.StreamVersion}, changed {candidate.ChangedAt})");
        foreach (var evaluation in candidate.Evaluations) Show(console, evaluation);
        foreach (var run in candidate.RefusedRuns) console.WriteLine($"Run {run.RunId} was refused: {run.ErrorCode}: {run.Message}");
        foreach (var run in candidate.SkippedRuns) console.WriteLine($"Run {run.RunId} was skipped: {run.Reason}, {run.WindowStart} to {run.WindowEnd}");
        foreach (var conflict in candidate.Conflicts)
            console.WriteLine($"A submission for {conflict.EvaluationId ?? conflict.RunId} contradicted what is recorded: {conflict.Difference.Text()}");
    }

    private static void Show(IAnsiConsole console, Evaluation evaluation)
    {
        var start = evaluation.Start;
        console.WriteLine($"Evaluation {start.EvaluationId} of run {start.RunId}: {Status(evaluation)}, for {start.Target.Name()}, "
            + $"evaluated at {start.EvaluatedAt} by {start.Worker} with {start.CodeVersion}");
        if (evaluation.ErrorCode is not null) console.WriteLine($"  {evaluation.ErrorCode}: {evaluation.ErrorMessage}");
        if (evaluation.Artifacts.Count == 0) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("artifact", "bytes", "sha256", "manifest");
        table.Columns[1].RightAligned();
        foreach (var artifact in evaluation.Artifacts)
        {
            table.AddRow(
                Markup.Escape(artifact.Path),
                artifact.Size.ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
                artifact.Sha256.ToString()[..16] + "…",
                artifact.ManifestHash is { } manifest ? manifest.ToString()[..16] + "…" : "");
        }

        console.Write(table);
    }

    private static string Status(Evaluation evaluation) => evaluation.Status switch
    {
        EvaluationStatus.Running => "running",
        EvaluationStatus.Completed => "completed",
        _ => "failed",
    };

    private static JsonObject EvaluationJson(Evaluation evaluation) => JsonObject.Of(
        ("evaluation_id", evaluation.Start.EvaluationId),
        ("run_id", evaluation.Start.RunId),
        ("status", Status(evaluation)),
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
