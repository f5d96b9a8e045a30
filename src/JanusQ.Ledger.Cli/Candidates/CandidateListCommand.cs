using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary><c>janusq candidate list</c>: candidates by stage and target, page by page in a stable order.</summary>
internal static class CandidateListCommand
{
    private const int DefaultPage = 100;
    private const int LargestPage = 10_000;

    private static readonly Dictionary<string, CandidateStage> Stages = Enum.GetValues<CandidateStage>().ToDictionary(stage => stage.Text(), StringComparer.Ordinal);

    public static Command Create(GlobalOptions options)
    {
        var stage = new Option<string?>("--stage") { Description = "Only candidates at this stage." };
        stage.AcceptOnlyFromAmong([.. Stages.Keys]);
        var target = new Option<string?>("--promotion-target") { Description = "Only candidates evaluated for this target." };
        target.AcceptOnlyFromAmong("shadow", "paper", "live");
        var limit = new Option<int>("--limit") { Description = "Candidates a page.", DefaultValueFactory = _ => DefaultPage };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LargestPage) result.AddError($"--limit must lie within 1 and {LargestPage}.");
        });
        var after = new Option<string?>("--after") { Description = "The candidate that the page before ended with." };
        var command = new Command("list", "Lists candidates, by id.") { stage, target, limit, after };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            PromotionTarget? wanted = PromotionTargets.TryParse(parsed.GetValue(target), out var parsedTarget) ? parsedTarget : null;
            CandidateStage? at = parsed.GetValue(stage) is { } text ? Stages[text] : null;
            var page = await session.Ledger.Queries
                .CandidatesAsync(at, wanted, parsed.GetValue(after), parsed.GetValue(limit), cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(
                    ("candidates", new JsonArray(page.Candidates.Select(CandidateDocument.Summary))),
                    ("next_after", page.NextAfter)),
                console => Show(console, page.Candidates, page.NextAfter));
        });
        return command;
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<Candidate> candidates, string? nextAfter)
    {
        if (candidates.Count == 0)
        {
            console.WriteLine("There are no candidates here.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("candidate", "stage", "target", "version", "evaluations", "conflicts", "changed");
        foreach (var candidate in candidates)
        {
            table.AddRow(
                Markup.Escape(candidate.CandidateId),
                candidate.Stage.Text(),
                candidate.Target?.Name() ?? "",
                candidate.StreamVersion.ToString(CultureInfo.InvariantCulture),
                candidate.Evaluations.Length.ToString(CultureInfo.InvariantCulture),
                candidate.Conflicts.Length.ToString(CultureInfo.InvariantCulture),
                candidate.ChangedAt.ToString());
        }

        console.Write(table);
        if (nextAfter is not null) console.WriteLine($"More: --after {nextAfter}");
    }
}
