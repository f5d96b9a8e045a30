using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary>
/// <c>janusq candidate diff</c>: where two states differ, of one candidate at two points of its past or of two candidates.
/// </summary>
internal static class CandidateDiffCommand
{
    public static Command Create(GlobalOptions options)
    {
        var first = Point("a", "The first state");
        var second = Point("b", "The second state");
        var command = new Command("diff", "Shows every place where two states of candidates differ.") { first, second };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var a = await ReadAsync(session, parsed.GetRequiredValue(first), cancellation).ConfigureAwait(false);
            var b = await ReadAsync(session, parsed.GetRequiredValue(second), cancellation).ConfigureAwait(false);
            var differences = JsonDifference.Between(CandidateDocument.Of(a), CandidateDocument.Of(b));
            var document = JsonObject.Of(
                ("a", Named(a)),
                ("b", Named(b)),
                ("differences", new JsonArray(differences.Select(difference => (JsonValue)Document(difference)))));
            return new Answer(document, console => Show(console, a, b, differences));
        });
        return command;
    }

    private static Argument<string> Point(string name, string what)
    {
        var argument = new Argument<string>(name) { Description = $"{what}: ID, ID@VERSION or ID@INSTANT." };
        argument.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (!CandidatePoint.TryParse(text, out _)) result.AddError($"'{text}' is not {CandidatePoint.Expectation}.");
        });
        return argument;
    }

    private static Task<Candidate> ReadAsync(LedgerSession session, string text, CancellationToken cancellation) =>
        CandidatePoint.TryParse(text, out var point)
            ? point.ReadAsync(session, cancellation)
            : throw new ArgumentException("The parser lets only candidates through.", nameof(text));

    private static JsonObject Named(Candidate candidate) =>
        JsonObject.Of(
            ("candidate_id", candidate.CandidateId), ("version", candidate.StreamVersion), ("changed_at", candidate.ChangedAt.ToString()));

    private static JsonObject Document(JsonDifference difference)
    {
        var shown = JsonObject.Of(("path", difference.Path));
        if (difference.Recorded is { } a) shown = shown.With("a", a);
        return difference.Derived is { } b ? shown.With("b", b) : shown;
    }

    private static void Show(IAnsiConsole console, Candidate a, Candidate b, IReadOnlyList<JsonDifference> differences)
    {
        static string Name(Candidate one) => $"{one.CandidateId} at version {one.StreamVersion.ToString(CultureInfo.InvariantCulture)}";
        if (differences.Count == 0)
        {
            console.WriteLine($"{Name(a)} and {Name(b)} are the same.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("where", Markup.Escape(Name(a)), Markup.Escape(Name(b)));
        foreach (var difference in differences)
            table.AddRow(
                Markup.Escape(difference.Path),
                Markup.Escape(difference.Recorded?.ToString() ?? ""),
                Markup.Escape(difference.Derived?.ToString() ?? ""));
        console.Write(table);
    }
}
