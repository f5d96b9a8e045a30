using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary>
/// A candidate now, as of a version of its stream, or as of an instant; as text <c>ID</c>, <c>ID@VERSION</c> or <c>ID@INSTANT</c>.
/// </summary>
/// <param name="CandidateId">The candidate.</param>
/// <param name="Version">After so many events.</param>
/// <param name="At">After what had happened then.</param>
internal sealed record CandidatePoint(string CandidateId, long? Version, Instant? At)
{
    /// <summary>What a text must be.</summary>
    public const string Expectation =
        "a candidate such as cand-0123456789ab, alone, with @VERSION (from 1) or with @INSTANT (2026-02-25T06:00:00Z)";

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string text, out CandidatePoint point)
    {
        var mark = text.IndexOf('@', StringComparison.Ordinal);
        point = new CandidatePoint(mark < 0 ? text : text[..mark], null, null);
        if (point.CandidateId.Length == 0) return false;
        if (mark < 0) return true;
        var when = text[(mark + 1)..];
        if (long.TryParse(when, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0)
        {
            point = point with { Version = version };
            return true;
        }

        if (!Instant.TryParse(when, out var at)) return false;
        point = point with { At = at };
        return true;
    }

    /// <summary>Reads the candidate from the ledger.</summary>
    /// <exception cref="CliFailure"><c>candidate_not_found</c>.</exception>
    public async Task<Candidate> ReadAsync(LedgerSession session, CancellationToken cancellation)
    {
        var queries = session.Questions;
        var candidate = this switch
        {
            { Version: { } version } => await queries.CandidateAtVersionAsync(CandidateId, version, cancellation).ConfigureAwait(false),
            { At: { } instant } => await queries.CandidateAtInstantAsync(CandidateId, instant, cancellation).ConfigureAwait(false),
            _ => await queries.CandidateAsync(CandidateId, cancellation).ConfigureAwait(false),
        };
        return candidate ?? throw NotFound(CandidateId, this switch
        {
            { Version: { } version } => $" at version {version.ToString(CultureInfo.InvariantCulture)}",
            { At: { } instant } => $" at {instant}",
            _ => "",
        });
    }

    /// <summary>The candidate does not exist.</summary>
    public static CliFailure NotFound(string id, string when = "") =>
        new(ExitCode.NotFound, "candidate_not_found", $"There is no candidate '{id}'{when}.");
}
