using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary><c>janusq candidate list</c>: candidates by stage, target, reason, policy and change, page by page in a stable order.</summary>
internal static class CandidateListCommand
{
    private const int DefaultPage = 100;
    private const int LargestPage = 10_000;

    private static readonly Dictionary<string, CandidateStage> Stages = Enum.GetValues<CandidateStage>().ToDictionary(
        stage => stage.Text(), StringComparer.Ordinal);

    public static Command Create(GlobalOptions options)
    {
        var stage = new Option<string?>("--stage") { Description = "Only candidates at this stage." };
        stage.AcceptOnlyFromAmong([.. Stages.Keys]);
        var target = new Option<string?>("--target", "--promotion-target")
        {
            Description = "Only candidates evaluated last for this target.",
        };
        target.AcceptOnlyFromAmong("shadow", "paper", "live");
        var reason = new Option<string?>("--reason") { Description = "Only candidates whose latest decision gives this reason." };
        var policy = new Option<string?>("--policy")
        {
            Description = "Only candidates evaluated with the gate policy file of this SHA-256.",
        };
        policy.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Sha256Hash.TryParse(text, out _))
                result.AddError("--policy is a SHA-256 of 64 lower-case hex digits.");
        });
        var since = Moment("--since", "Only candidates that changed then or later, for instance 2026-02-25T06:00:00Z.");
        var until = Moment("--until", "Only candidates that changed before, and not since.");
        var limit = new Option<int>("--limit") { Description = "Candidates a page.", DefaultValueFactory = _ => DefaultPage };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LargestPage) result.AddError($"--limit must lie within 1 and {LargestPage}.");
        });
        var after = new Option<string?>("--after") { Description = "The candidate that the page before ended with." };
        after.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !CandidateIdentity.IsCandidateId(text))
                result.AddError($"--after '{text}' is no candidate such as cand-0123456789ab.");
        });
        var command = new Command("list", "Lists candidates, by id.") { stage, target, reason, policy, since, until, after, limit };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var filter = new CandidateFilter
            {
                Stage = parsed.GetValue(stage) is { } text ? Stages[text] : null,
                Target = PromotionTargets.TryParse(parsed.GetValue(target), out var wanted) ? wanted : null,
                Reason = parsed.GetValue(reason),
                GatePolicySha256 = parsed.GetValue(policy) is { } hash ? Sha256Hash.Parse(hash) : null,
                ChangedSince = parsed.GetValue(since) is { } from ? Instant.Parse(from) : null,
                ChangedUntil = parsed.GetValue(until) is { } to ? Instant.Parse(to) : null,
            };
            var page = await session.Questions
                .CandidatesAsync(filter, parsed.GetValue(after), parsed.GetValue(limit), cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(
                    ("candidates", new JsonArray(page.Candidates)),
                    ("next_after", page.NextAfter)),
                console => Show(console, page.Candidates, page.NextAfter));
        });
        return command;
    }

    private static Option<string?> Moment(string name, string description)
    {
        var moment = new Option<string?>(name) { Description = description };
        moment.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Instant.TryParse(text, out _))
                result.AddError($"{name} '{text}' is not a timestamp such as 2026-02-25T06:00:00Z.");
        });
        return moment;
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<JsonObject> candidates, string? nextAfter)
    {
        if (candidates.Count == 0)
        {
            console.WriteLine("There are no candidates here.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            "candidate", "stage", "target", "version", "evaluations", "conflicts", "changed");
        string[] members = ["candidate_id", "stage", "promotion_target", "version", "evaluation_count", "conflict_count", "changed_at"];
        foreach (var candidate in candidates) table.AddRow([.. members.Select(member => Markup.Escape(TextOf(candidate[member])))]);
        console.Write(table);
        if (nextAfter is not null) console.WriteLine($"More: --after {nextAfter}");
    }

    private static string TextOf(JsonValue? value) => value switch
    {
        JsonText text => text.Value,
        null => "",
        _ when value == JsonValue.Null => "",
        _ => value.ToString(),
    };
}
