using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Gates;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary><c>janusq policy diff</c>: which values in use differ between two policies, and what that does to verdicts.</summary>
internal static class PolicyDiffCommand
{
    public static Command Create(GlobalOptions options)
    {
        var before = new Argument<string>("before") { Description = "Policy document, JSON." };
        var after = new Argument<string>("after") { Description = "Policy document that it is compared with, JSON." };
        var command = new Command("diff", "Compares the values in use of two policies.") { before, after };
        command.Runs(options, async (parsed, _, cancellation) =>
        {
            var old = await EvaluationFile
                .ReadAsync(EvaluationDocuments.Policy, "before", parsed.GetRequiredValue(before), cancellation).ConfigureAwait(false);
            var current = await EvaluationFile
                .ReadAsync(EvaluationDocuments.Policy, "after", parsed.GetRequiredValue(after), cancellation).ConfigureAwait(false);
            var diff = PolicyDiff.Between(old.ToPolicy(), current.ToPolicy());
            return new Answer(diff.ToJson(), console => Show(console, diff));
        });
        return command;
    }

    private static void Show(IAnsiConsole console, PolicyDiff diff)
    {
        console.WriteLine($"before {diff.Before}");
        console.WriteLine($"after  {diff.After}");
        if (diff.Changes.IsEmpty)
        {
            console.WriteLine("No value in use differs.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("key", "before", "after", "effect", "meaning");
        foreach (var change in diff.Changes)
        {
            table.AddRow(
                Printable.Text(change.Key),
                Printable.Value(change.Before),
                Printable.Value(change.After),
                change.Effect switch
                {
                    PolicyEffect.Stricter => "[green]stricter[/]",
                    PolicyEffect.Looser => "[yellow]looser[/]",
                    _ => "other",
                },
                Markup.Escape(change.Meaning));
        }

        console.Write(table);
    }
}
