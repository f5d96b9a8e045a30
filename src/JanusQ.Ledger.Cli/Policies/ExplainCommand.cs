using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary><c>janusq explain</c>: what a reason code means, what raises it, and what to do about it.</summary>
internal static class ExplainCommand
{
    public static Command Create(GlobalOptions options)
    {
        var code = new Argument<string?>("code")
        {
            Description = "A reason code, for instance drawdown_exceeds_maximum. Without it all codes are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("explain", "Explains reason codes.") { code };
        command.Runs(options, (parsed, _, _) => Task.FromResult(parsed.GetValue(code) is { } wanted ? Explain(wanted) : List()));
        return command;
    }

    private static Answer Explain(string code)
    {
        var entry = ReasonCatalogue.Find(code) ?? throw NotFound(code);
        return new Answer(entry.ToJson(), console => Show(console, entry));
    }

    private static Answer List() => new(
        JsonObject.Of(("codes", new JsonArray(ReasonCatalogue.All.Select(entry => entry.ToJson())))),
        console =>
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("code", "raised by", "explanation");
            foreach (var entry in ReasonCatalogue.All)
                foreach (var meaning in entry.Meanings)
                    table.AddRow(Markup.Escape(entry.Code), Markup.Escape(meaning.RaisedBy), Markup.Escape(meaning.Explanation));
            console.Write(table);
        });

    private static void Show(IAnsiConsole console, CatalogueEntry entry)
    {
        console.MarkupLineInterpolated($"[bold]{entry.Code}[/]");
        foreach (var meaning in entry.Meanings)
        {
            console.WriteLine($"  raised by  {meaning.RaisedBy}");
            console.WriteLine($"  means      {meaning.Explanation}");
            console.WriteLine($"  remedy     {meaning.Remedy}");
        }
    }

    private static CliFailure NotFound(string code)
    {
        var near = ReasonCatalogue.Near(code);
        var hint = near.Count == 0 ? "'janusq explain' lists all codes." : $"Near it: {string.Join(", ", near)}.";
        return new CliFailure(ExitCode.NotFound, "reason_code_not_found", $"There is no reason code '{code}'. {hint}")
        {
            Details = JsonObject.Of(("near", JsonArray.OfTexts(near))),
        };
    }
}
