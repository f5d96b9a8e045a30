using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary>How a candidate is shown: for people.</summary>
internal static class CandidateView
{
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
        console.WriteLine($"Evaluation {start.EvaluationId} of run {start.RunId}: {CandidateDocument.StatusText(evaluation)}, for {start.Target.Name()}, "
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
}
