using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Cli.Operators;

/// <summary><c>janusq pause</c>, <c>resume</c> and <c>evidence clear</c>: what an operator does to one candidate.</summary>
internal static class CandidateOperatorCommands
{
    public static Command Pause(GlobalOptions options) => Create(
        options,
        "pause",
        "Bars every promotion of a candidate.",
        ("is paused", "is paused already"),
        (ledger, id, by, reason, cancellation) => ledger.SendAsync(
            new PauseCandidate { CandidateId = id, By = by, Reason = reason }, cancellation));

    public static Command Resume(GlobalOptions options) => Create(
        options,
        "resume",
        "Lifts the pause of a candidate.",
        ("is paused no longer", "is not paused"),
        (ledger, id, by, reason, cancellation) => ledger.SendAsync(
            new ResumeCandidate { CandidateId = id, By = by, Reason = reason }, cancellation));

    public static Command Evidence(GlobalOptions options)
    {
        var id = CandidateArgument();
        var set = new Option<string>("--artifact-set") { Description = "The hash of the artifact set, 64 hex digits.", Required = true };
        set.Validators.Add(result =>
        {
            if (!Sha256Hash.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError($"{set.Name} must be 64 lower-case hex digits.");
        });
        var reason = ReasonOption();
        var command = new Command("clear", "Allows an artifact set that was rolled back to be promoted again.") { id, set, reason };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var clear = new ClearRolledBackEvidence
            {
                CandidateId = parsed.GetRequiredValue(id),
                By = session.As(Roles.Operator),
                ArtifactSetSha256 = Sha256Hash.Parse(parsed.GetRequiredValue(set)),
                Reason = parsed.GetRequiredValue(reason),
            };
            var recording = await session.Commands.SendAsync(clear, cancellation).ConfigureAwait(false);
            return recording.ToAnswer(
                $"Recorded: {clear.CandidateId} can be promoted again with the artifact set {clear.ArtifactSetSha256}.",
                "Nothing changed: this artifact set was cleared already.",
                ("candidate_id", clear.CandidateId),
                ("artifact_set_sha256", clear.ArtifactSetSha256));
        });
        return new Command("evidence", "Evidence of candidates.") { command };
    }

    private static Command Create(
        GlobalOptions options,
        string verb,
        string description,
        (string Done, string Already) words,
        Func<ILedgerCommands, string, Submitter, string, CancellationToken, Task<Recording>> send)
    {
        var id = CandidateArgument();
        var reason = ReasonOption();
        var command = new Command(verb, description) { id, reason };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var candidateId = parsed.GetRequiredValue(id);
            var recording = await send(
                session.Commands, candidateId, session.As(Roles.Operator), parsed.GetRequiredValue(reason), cancellation)
                .ConfigureAwait(false);
            return recording.ToAnswer(
                $"Recorded: {candidateId} {words.Done}.", $"Nothing changed: {candidateId} {words.Already}.",
                ("candidate_id", candidateId));
        });
        return command;
    }

    private static Argument<string> CandidateArgument() =>
        new("candidate-id") { Description = "The candidate, for instance cand-0123456789ab." };

    private static Option<string> ReasonOption() => new("--reason") { Description = "Why, for people.", Required = true };
}
