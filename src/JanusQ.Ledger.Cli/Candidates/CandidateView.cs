using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary>How a candidate is shown: for people.</summary>
internal static class CandidateView
{
    /// <summary>What differed in a submission, for people.</summary>
    public static string Text(this SubmissionDifference difference) =>
        $"{difference.Subject}{(difference.Path is null ? "" : " " + difference.Path)}: recorded {difference.Recorded}, submitted "
        + $"{difference.Submitted}";

    /// <summary>Writes a candidate for people.</summary>
    public static void Show(IAnsiConsole console, Candidate candidate)
    {
        var reached = $"version {candidate.StreamVersion}, changed {candidate.ChangedAt}";
        console.MarkupLineInterpolated(
            $"[bold]{candidate.CandidateId}[/]  {candidate.Stage.Text()}, {candidate.Role.Text()}  ({reached})");
        foreach (var place in candidate.Places)
            console.WriteLine($"Champion of {place.Target.Name()} since {place.Since}, by decision {place.DecisionId}");
        if (candidate.Pause is { } pause)
            console.MarkupLine($"Paused since {pause.At} by {Printable.Text(pause.By)}: {Printable.Text(pause.Reason)}");
        foreach (var set in candidate.RolledBackEvidence) console.WriteLine($"Rolled back and not cleared: artifact set {set}");
        foreach (var evaluation in candidate.Evaluations) Show(console, evaluation);
        foreach (var run in candidate.RefusedRuns) console.WriteLine($"Run {run.RunId} was refused: {run.ErrorCode}: {run.Message}");
        foreach (var run in candidate.SkippedRuns)
            console.WriteLine($"Run {run.RunId} was skipped: {run.Reason}, {run.WindowStart} to {run.WindowEnd}");
        foreach (var conflict in candidate.Conflicts)
            console.WriteLine(
                $"A submission for {conflict.EvaluationId ?? conflict.RunId} contradicted what is recorded: {conflict.Difference.Text()}");
        ShowDecisions(console, candidate);
        ShowApprovals(console, candidate);
    }

    private static void ShowDecisions(IAnsiConsole console, Candidate candidate)
    {
        if (candidate.Decisions.IsEmpty) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("decision", "when", "target", "action", "evaluation", "reasons");
        foreach (var decision in candidate.Decisions)
        {
            table.AddRow(
                decision.DecisionId,
                decision.At.ToString(),
                decision.Target.Name(),
                decision.Action.Name(),
                decision.EvaluationId,
                Markup.Escape(string.Join(", ", decision.Reasons)));
        }

        console.Write(table);
    }

    /// <summary>Without a status: whether an approval still counts depends on now, and this may be a look at the past.</summary>
    private static void ShowApprovals(IAnsiConsole console, Candidate candidate)
    {
        foreach (var approval in candidate.Approvals)
        {
            var became = approval.UsedBy is { } decision
                ? $", used by {decision}"
                : approval.RevokedAt is { } at ? $", revoked at {at}" : "";
            console.MarkupLine(
                $"Approval {approval.ApprovalId} for {approval.Target.Name()} by {Printable.Text(approval.Approver)}, expires "
                + $"{approval.ExpiresAt}{became}");
        }
    }

    private static void Show(IAnsiConsole console, Evaluation evaluation)
    {
        var start = evaluation.Start;
        console.WriteLine($"Evaluation {start.EvaluationId} of run {start.RunId}: {CandidateDocument.StatusText(evaluation)}, "
            + $"for {start.Target.Name()}, "
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
