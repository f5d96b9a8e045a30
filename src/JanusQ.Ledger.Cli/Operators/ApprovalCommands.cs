using System.CommandLine;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Operators;

/// <summary><c>janusq approve</c>, <c>revoke</c> and <c>approval list</c>: approvals of promotions.</summary>
internal static class ApprovalCommands
{
    public static Command Approve(GlobalOptions options)
    {
        var id = CandidateArgument();
        var target = new Option<string>("--target") { Description = "The target that it unlocks.", Required = true };
        target.AcceptOnlyFromAmong("shadow", "paper", "live");
        var expiresIn =
            new Option<string?>("--expires-in") { Description = "How long it counts, for instance 12h or 7d." }.HoldingADuration();
        var expiresAt =
            new Option<string?>("--expires-at") { Description = "From which instant on it no longer counts." }.HoldingAnInstantOrNothing();
        var reason = new Option<string>("--reason") { Description = "Why, for people.", Required = true };
        var evaluation = new Option<string?>("--evaluation")
        {
            Description = "The evaluation that it unlocks. Without it the latest that is complete.",
        };
        var command = new Command(
            "approve", "Agrees to one promotion; needs --role approver.") { id, target, expiresIn, expiresAt, reason, evaluation };
        command.Validators.Add(result =>
        {
            if (result.GetValue(expiresIn) is null == result.GetValue(expiresAt) is null)
                result.AddError("Exactly one of --expires-in and --expires-at is needed.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            _ = PromotionTargets.TryParse(parsed.GetRequiredValue(target), out var parsedTarget);
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var candidateId = parsed.GetRequiredValue(id);
            var recording = await session.Commands.SendAsync(
                new ApprovePromotion
                {
                    CandidateId = candidateId,
                    By = session.As(Roles.Operator),
                    EvaluationId = parsed.GetValue(evaluation),
                    Target = parsedTarget,
                    ExpiresAt = parsed.GetValue(expiresAt) is { } instant ? Instant.Parse(instant) : null,
                    ExpiresIn = parsed.GetValue(expiresIn) is { } duration ? InstantOption.DurationOf(duration) : null,
                    Reason = parsed.GetRequiredValue(reason),
                },
                cancellation).ConfigureAwait(false);
            return recording.ToAnswer(
                $"Recorded: approval {recording.ApprovalId} of {candidateId} for {parsedTarget.Name()}, evaluation "
                + $"{recording.EvaluationId}.",
                $"Nothing changed: the same approval counts already, as {recording.ApprovalId}.",
                ("approval_id", recording.ApprovalId),
                ("candidate_id", candidateId),
                ("evaluation_id", recording.EvaluationId),
                ("target", parsedTarget.Name()));
        });
        return command;
    }

    public static Command Revoke(GlobalOptions options)
    {
        var id = CandidateArgument();
        var approval = new Argument<string>("approval-id") { Description = "The approval." };
        var reason = new Option<string>("--reason") { Description = "Why, for people.", Required = true };
        var command = new Command("revoke", "Takes back an approval that was not used; needs --role approver.") { id, approval, reason };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var recording = await session.Commands.SendAsync(
                new RevokeApproval
                {
                    CandidateId = parsed.GetRequiredValue(id),
                    By = session.As(Roles.Operator),
                    ApprovalId = parsed.GetRequiredValue(approval),
                    Reason = parsed.GetRequiredValue(reason),
                },
                cancellation).ConfigureAwait(false);
            return recording.ToAnswer(
                $"Recorded: the approval {recording.ApprovalId} is taken back.",
                $"Nothing changed: the approval {recording.ApprovalId} was taken back before.",
                ("approval_id", recording.ApprovalId),
                ("candidate_id", recording.CandidateId));
        });
        return command;
    }

    public static Command List(GlobalOptions options)
    {
        var id = CandidateArgument();
        var command = new Command("list", "Lists all approvals of a candidate, used, revoked and expired ones too.") { id };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var candidateId = parsed.GetRequiredValue(id);
            var candidate = await session.Questions.CandidateAsync(candidateId, cancellation).ConfigureAwait(false)
                ?? throw CandidatePoint.NotFound(candidateId);
            var now = Instant.Of(TimeProvider.System.GetUtcNow());
            return new Answer(ApprovalDocument.Of(candidate, now), console => Show(console, candidate, now));
        });
        return new Command("approval", "Approvals of promotions.") { command };
    }

    /// <summary>Writes a candidate's approvals for people.</summary>
    public static void Show(IAnsiConsole console, Candidate candidate, Instant now)
    {
        if (candidate.Approvals.IsEmpty)
        {
            console.WriteLine($"{candidate.CandidateId} was never approved.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            "approval", "status", "target", "approver", "granted", "expires", "evaluation", "reason");
        foreach (var approval in candidate.Approvals)
        {
            table.AddRow(
                approval.ApprovalId,
                approval.StatusAt(now),
                approval.Target.Name(),
                Printable.Text(approval.Approver),
                approval.GrantedAt.ToString(),
                approval.ExpiresAt.ToString(),
                approval.EvaluationId,
                Printable.Text(approval.Reason));
        }

        console.Write(table);
    }

    private static Argument<string> CandidateArgument() =>
        new("candidate-id") { Description = "The candidate, for instance cand-0123456789ab." };
}
