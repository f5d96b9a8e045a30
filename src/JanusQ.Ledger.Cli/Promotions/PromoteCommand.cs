using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Decisions;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Promotions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Promotions;

/// <summary><c>janusq promote</c>: derives the decision from what is stored and recorded, with all that follows.</summary>
internal static class PromoteCommand
{
    public static Command Create(GlobalOptions options)
    {
        var id = new Argument<string>("candidate-id") { Description = "The candidate." };
        var evaluation = new Option<string?>("--evaluation")
        {
            Description = "The evaluation to decide about; the one completed last without it.",
        };
        var target = TargetOption.Optional("The target; the one that the run was made for without it.");
        var failOnDeny = new Option<bool>("--fail-on-deny") { Description = "Ends with 10 where the decision is a denial." };
        var command = new Command("promote", "Requests a promotion: the ledger decides from stored evidence and recorded facts.")
        {
            id, evaluation, target, failOnDeny,
        };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var answer = await session.Commands.SendAsync(
                new RequestPromotion
                {
                    CandidateId = parsed.GetRequiredValue(id),
                    By = session.As(Roles.Operator),
                    EvaluationId = parsed.GetValue(evaluation),
                    Target = TargetOption.Read(parsed, target),
                },
                cancellation).ConfigureAwait(false);
            return ToAnswer(answer, parsed.GetValue(failOnDeny));
        });
        return command;
    }

    /// <summary>The decision as an answer of the program.</summary>
    public static Answer ToAnswer(PromotionAnswer answer, bool failOnDeny)
    {
        if (answer.Refusal is { } refusal) throw refusal.ToFailure();
        return new Answer(ToJson(answer), console => Show(console, answer))
        {
            ExitCode = failOnDeny && answer.Decision!.Action == PromotionAction.Deny ? ExitCode.Denied : ExitCode.Done,
        };
    }

    public static JsonObject ToJson(PromotionAnswer answer) => JsonObject.Of(
        ("outcome", answer.Outcome == CommandOutcome.Recorded ? "recorded" : "unchanged"),
        ("candidate_id", answer.CandidateId),
        ("candidate_version", answer.CandidateVersion),
        ("appended", answer.Appended),
        ("demoted", answer.Demoted),
        ("decision", RecordedEvent.DataOf(answer.Decision!)));

    public static void Show(IAnsiConsole console, PromotionAnswer answer)
    {
        DecisionView.Show(console, answer.CandidateId, answer.Decision!);
        console.WriteLine(answer.Outcome == CommandOutcome.Recorded
            ? $"Recorded with {answer.Appended} events.{(answer.Demoted is { } former ? $" {former} is demoted." : "")}"
            : "Nothing changed: the same was decided before.");
    }
}
