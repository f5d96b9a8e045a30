using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary><c>janusq candidate show</c>: the state of one candidate, now, as of a version or as of an instant.</summary>
internal static class CandidateShowCommand
{
    public static Command Create(GlobalOptions options)
    {
        var id = new Argument<string>("candidate-id") { Description = "The candidate, for instance cand-0123456789ab." };
        var then = new PastOptions();
        var command = new Command("show", "Shows one candidate: stage, evaluations, artifacts, conflicts.") { id };
        then.AddTo(command);
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var point = new CandidatePoint(parsed.GetRequiredValue(id), then.Version(parsed), then.At(parsed));
            var candidate = await point.ReadAsync(session, cancellation).ConfigureAwait(false);
            return new Answer(CandidateDocument.Of(candidate), console => CandidateView.Show(console, candidate));
        });
        return command;
    }
}
