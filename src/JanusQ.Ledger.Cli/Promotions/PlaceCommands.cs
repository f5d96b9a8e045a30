using System.CommandLine;
using JanusQ.Ledger.Champions;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Promotions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Promotions;

/// <summary><c>janusq demote</c>, <c>rollback</c> and <c>champion show</c>: the place of a target's champion.</summary>
internal static class PlaceCommands
{
    public static Command Demote(GlobalOptions options) => Change(
        options,
        new Command("demote", "Takes a champion from its place; nobody takes it."),
        (session, candidateId, target, reason, cancellation) => session.Commands.SendAsync(
            new DemoteChampion { CandidateId = candidateId, By = session.As(Roles.Operator), Target = target, Reason = reason },
            cancellation));

    public static Command RollBack(GlobalOptions options) => Change(
        options,
        new Command("rollback", "Takes a champion from its place, brings its predecessor back and bars its evidence."),
        (session, candidateId, target, reason, cancellation) => session.Commands.SendAsync(
            new RollBackChampion { CandidateId = candidateId, By = session.As(Roles.Operator), Target = target, Reason = reason },
            cancellation));

    public static Command Show(GlobalOptions options)
    {
        var target = TargetOption.Optional("Only this target; all without it.");
        var then = new PastOptions();
        var command = new Command("show", "Shows who is champion, since when and by which decision.") { target };
        then.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(then.VersionOption) is { Implicit: false } && result.GetValue(target) is null)
                result.AddError("--version needs --target: it counts the events of one place.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var targets = TargetOption.Read(parsed, target) is { } one ? [one] : PromotionTargets.All;
            var places = new List<ChampionSlot>();
            foreach (var asked in targets)
            {
                var place = await session.Questions.ChampionAsync(
                    asked, then.Version(parsed), then.At(parsed), cancellation).ConfigureAwait(false);
                places.Add(place
                    ?? throw new CliFailure(ExitCode.NotFound, "version_not_found", $"The place of {asked.Name()} has fewer events."));
            }

            return new Answer(ChampionDocument.Of(places), console => Show(console, places));
        });
        return command;
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<ChampionSlot> places)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("target", "champion", "since", "decision", "predecessor");
        foreach (var place in places)
        {
            var champion = place.Champion;
            table.AddRow(
                place.Target.Name(),
                Markup.Escape(champion?.CandidateId ?? "nobody"),
                champion?.Since.ToString() ?? place.ChangedAt?.ToString() ?? "",
                champion?.DecisionId ?? "",
                Markup.Escape(champion?.Predecessor ?? ""));
        }

        console.Write(table);
    }

    private static Command Change(
        GlobalOptions options,
        Command command,
        Func<LedgerSession, string, PromotionTarget, string, CancellationToken, Task<PlaceAnswer>> send)
    {
        var id = new Argument<string>("candidate-id") { Description = "The champion." };
        var target = TargetOption.Required("The target that it is champion of.");
        var reason = new Option<string>("--reason") { Description = "Why, a sentence for people.", Required = true };
        command.Arguments.Add(id);
        command.Options.Add(target);
        command.Options.Add(reason);
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var answer = await send(
                session, parsed.GetRequiredValue(id), TargetOption.ReadRequired(parsed, target), parsed.GetRequiredValue(reason),
                cancellation)
                .ConfigureAwait(false);
            return ToAnswer(answer);
        });
        return command;
    }

    /// <summary>What became of the place as an answer of the program.</summary>
    public static Answer ToAnswer(PlaceAnswer answer)
    {
        if (answer.Refusal is { } refusal) throw refusal.ToFailure();
        return new Answer(
            JsonObject.Of(
                ("outcome", answer.Outcome == CommandOutcome.Recorded ? "recorded" : "unchanged"),
                ("candidate_id", answer.CandidateId),
                ("target", answer.Target.Name()),
                ("champion", answer.Champion),
                ("not_reinstated", answer.NotReinstated),
                ("appended", answer.Appended)),
            console => console.WriteLine(
                $"{answer.CandidateId} is no longer champion of {answer.Target.Name()}; "
                + (answer.Champion is { } back ? $"{back} is champion again." : "nobody is.")
                + (answer.NotReinstated is { } why ? $" Its predecessor did not come back: {why}." : "")));
    }
}
