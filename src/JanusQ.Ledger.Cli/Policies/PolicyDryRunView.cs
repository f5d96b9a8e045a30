using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary>Writes the document of a dry run for people: the verdict, what is enforced, and every reason in words.</summary>
internal static class PolicyDryRunView
{
    private const string Unknown = "No rule raises this reason: it stands in the documents given.";

    /// <summary>Every check of a promotion with the member that tells whether it allows it.</summary>
    private static readonly (string Check, string Allows)[] Checks =
    [
        ("gate_matrix", "allowed"),
        ("promotion_prerequisites", "allowed"),
        ("rollback_readiness", "ready"),
        ("drift_governance", "allowed"),
        ("recommendation", "eligible"),
    ];

    /// <summary>Writes the document that <see cref="PolicyDryRun.Evaluate"/> made.</summary>
    public static void Show(IAnsiConsole console, JsonObject document)
    {
        var verdict = document["would_allow"] is JsonBoolean { Value: true } ? "[green]allowed[/]" : "[red]not allowed[/]";
        console.MarkupLine(
            $"Under policy {Shown(document["policy_version"])} ({Shown(document["policy_hash"])}) at {Shown(document["evaluated_at"])}, "
            + $"a promotion to {Shown(document["promotion_target"])} would be {verdict}: {Shown(document["action"])}.");
        ShowSimulated(console, Member(document, "simulated"));
        ShowEnforced(console, Member(document, "enforced"), Texts(Member(document, "promotion_prerequisites")["missing_artifacts"]));
        ShowChecks(console, document);
        ShowReasons(console, document);
    }

    private static void ShowSimulated(IAnsiConsole console, JsonObject simulated)
    {
        if (simulated["candidate_state"] is JsonBoolean { Value: true })
            console.WriteLine("Assumed: a candidate of the report's run, not paused, rehearsed and approved just now.");
        if (simulated["missing_artifact"] is JsonText path)
            console.MarkupLine($"Simulated: the artifact {Printable.Text(path.Value)} is missing.");
        if (simulated["stale_rollback"] is JsonBoolean { Value: true })
            console.WriteLine("Simulated: the rollback rehearsal is an hour older than the policy allows.");
    }

    private static void ShowEnforced(IAnsiConsole console, JsonObject enforced, IReadOnlyList<string> missing)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("enforced", "");
        foreach (var (name, value) in enforced.Members)
            if (value is JsonBoolean runs) table.AddRow(Markup.Escape(name), runs.Value ? "yes" : "no");
        foreach (var path in Texts(enforced["required_artifacts"]))
            table.AddRow(Markup.Escape(path), missing.Contains(path, StringComparer.Ordinal) ? "[red]missing[/]" : "there");
        console.Write(table);
    }

    private static void ShowChecks(IAnsiConsole console, JsonObject document)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("check", "says");
        foreach (var (check, allows) in Checks)
            table.AddRow(check, Member(document, check)[allows] is JsonBoolean { Value: true } ? "[green]yes[/]" : "[red]no[/]");
        console.Write(table);
        if (document["recommendation"] is JsonNull)
            console.MarkupLine($"The gate report recommends no known mode: {Shown(Member(document, "gate_matrix")["recommended_mode"])}.");
    }

    private static void ShowReasons(IAnsiConsole console, JsonObject document)
    {
        var reasons = Elements(document["explanations"]).OfType<JsonObject>().Select(entry => entry["code"]).OfType<JsonText>().ToArray();
        if (reasons.Length == 0) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("reason", "raised by", "explanation", "remedy");
        foreach (var reason in reasons)
        {
            var checks = Checks.Select(check => check.Check)
                .Where(check => Texts(Member(document, check)["reasons"]).Contains(reason.Value, StringComparer.Ordinal)).ToArray();
            var meanings = ReasonCatalogue.Find(reason.Value)?.Meanings ?? [];
            var meant = meanings.Where(meaning => checks.Contains(CheckOf(meaning), StringComparer.Ordinal)).ToArray();
            if (meanings.Count == 0) table.AddRow(Printable.Text(reason.Value), string.Join(", ", checks), Unknown, "");
            foreach (var meaning in meant.Length == 0 ? meanings : meant)
            {
                table.AddRow(
                    Printable.Text(reason.Value),
                    Markup.Escape(meaning.RaisedBy),
                    Markup.Escape(meaning.Explanation),
                    Markup.Escape(meaning.Remedy));
            }
        }

        console.Write(table);
    }

    /// <summary>The check that shows a reason: gates speak through the gate matrix, every other check by its own name.</summary>
    private static string CheckOf(ReasonCode meaning) =>
        meaning.RaisedBy.StartsWith("gate", StringComparison.Ordinal) ? "gate_matrix" : meaning.RaisedBy;

    private static string Shown(JsonValue? value) => value is JsonText text ? Printable.Text(text.Value) : Printable.Value(value);

    private static JsonObject Member(JsonObject document, string name) => document[name] as JsonObject ?? JsonObject.Empty;

    private static IReadOnlyList<JsonValue> Elements(JsonValue? value) => (value as JsonArray)?.Elements ?? [];

    private static IReadOnlyList<string> Texts(JsonValue? value) => [.. Elements(value).OfType<JsonText>().Select(text => text.Value)];
}
