using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;

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
            var candidate = await FindAsync(session, parsed.GetRequiredValue(id), then.Version(parsed), then.At(parsed), cancellation)
                .ConfigureAwait(false);
            return new Answer(CandidateDocument.Of(candidate), console => CandidateView.Show(console, candidate));
        });
        return command;
    }

    private static async Task<Candidate> FindAsync(LedgerSession session, string id, long? version, Instant? at, CancellationToken cancellation)
    {
        var queries = session.Ledger.Queries;
        var (candidate, when) = (version, at) switch
        {
            ({ } number, _) => (
                await queries.CandidateAtVersionAsync(id, number, cancellation).ConfigureAwait(false),
                $" at version {number.ToString(CultureInfo.InvariantCulture)}"),
            (_, { } instant) => (await queries.CandidateAtInstantAsync(id, instant, cancellation).ConfigureAwait(false), $" at {instant}"),
            _ => (await queries.CandidateAsync(id, cancellation).ConfigureAwait(false), ""),
        };
        return candidate ?? throw NotFound(id, when);
    }

    /// <summary>The candidate does not exist.</summary>
    public static CliFailure NotFound(string id, string when = "") =>
        new(ExitCode.NotFound, "candidate_not_found", $"There is no candidate '{id}'{when}.");
}
