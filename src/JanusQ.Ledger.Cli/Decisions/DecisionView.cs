using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Decisions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Decisions;

/// <summary>A decision for people.</summary>
internal static class DecisionView
{
    private const int MostDifferencesShown = 20;

    public static void Show(IAnsiConsole console, RecordedDecision decision)
    {
        var decided = decision.Decided;
        Show(console, decision.CandidateId, decided);
        var steps = new Table().Border(TableBorder.Rounded).AddColumns("step", "", "reasons");
        foreach (var recorded in decision.Events)
        {
            switch (recorded.Happened)
            {
                case GateMatrixEvaluated gates:
                    foreach (var gate in gates.Gates) Add(steps, gate.GateId, gate.Status == "pass", gate.Reasons);
                    if (!gates.Reasons.IsEmpty) Add(steps, "gate inputs", false, gates.Reasons);
                    break;
                case PrerequisitesEvaluated prerequisites:
                    Add(steps, "prerequisites", prerequisites.Allowed, prerequisites.Reasons);
                    break;
                case RollbackReadinessEvaluated rollback:
                    Add(steps, "rollback readiness", rollback.Ready, rollback.Reasons);
                    break;
            }
        }

        foreach (var step in decided.Steps) Add(steps, step.Step, step.Allowed, step.Reasons);
        console.Write(steps);
        var facts = new Table().Border(TableBorder.Rounded).AddColumns("rests on", "");
        facts.AddRow("policy", Text(decided.PolicySha256));
        facts.AddRow("gate inputs", Text(decided.GateInputsSha256));
        facts.AddRow("gate report", Text(decided.GateReportSha256));
        facts.AddRow("artifact set", Text(decided.ArtifactSetSha256));
        facts.AddRow("approval", Markup.Escape(decided.ApprovalId ?? "none used"));
        facts.AddRow("champion before", Markup.Escape(decided.Facts.Champion ?? "none"));
        facts.AddRow(
            "evaluators",
            Markup.Escape($"{decided.Evaluators.Derivation}, {decided.Evaluators.GateMatrix}, {decided.Evaluators.PromotionChecks}"));
        facts.AddRow("claimed", Markup.Escape(
            decided.Claimed is { } claim ? $"{claim.Action}, {(decided.ClaimAgrees == true ? "agrees" : "disagrees")}" : "nothing"));
        console.Write(facts);
    }

    /// <summary>The verdict with its reasons in words.</summary>
    public static void Show(IAnsiConsole console, string candidateId, PromotionDecided decided)
    {
        var colour = decided.Action switch { PromotionAction.Promote => "green", PromotionAction.Hold => "yellow", _ => "red" };
        var asked = $"decision {decided.DecisionId}  for {decided.Target.Name()}, decided at {decided.At}";
        console.MarkupLineInterpolated($"[bold]{candidateId}[/]  {asked}: [{colour}]{decided.Action.Name()}[/]");
        if (decided.Reasons.IsEmpty) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("reason", "what it means");
        foreach (var code in decided.Reasons)
            table.AddRow(Markup.Escape(code), Markup.Escape(ReasonCatalogue.Find(code)?.Meanings[0].Explanation ?? ""));
        console.Write(table);
    }

    public static void Show(IAnsiConsole console, RecordedDecision decision, Replay replay)
    {
        var colour = replay.Outcome == ReplayOutcome.Match ? "green" : "red";
        console.MarkupLineInterpolated(
            $"[bold]{decision.CandidateId}[/]  decision {decision.Decided.DecisionId}: [{colour}]{replay.Outcome.Name()}[/]");
        if (replay.Differences.IsEmpty) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("where", "recorded", "derived");
        foreach (var difference in replay.Differences.Take(MostDifferencesShown))
            table.AddRow(Markup.Escape(difference.Path), Text(difference.Recorded), Text(difference.Derived));
        console.Write(table);
    }

    private static void Add(Table table, string step, bool allowed, IEnumerable<string> reasons) =>
        table.AddRow(Markup.Escape(step), allowed ? "[green]pass[/]" : "[red]fail[/]", Markup.Escape(string.Join(", ", reasons)));

    private static string Text(Sha256Hash? hash) => hash?.ToString() ?? "none";

    private static string Text(JsonValue? value) => Markup.Escape(value?.ToString() ?? "nothing");
}
