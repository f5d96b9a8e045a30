using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Server.Candidates;

/// <summary>Why a candidate cannot be shown.</summary>
internal static class CandidateRefusals
{
    /// <summary>
    /// <c>unknown_candidate</c>, or <c>unknown_version</c> where it exists and was not there at the point that is asked for.
    /// </summary>
    public static async Task<Refusal> NotFoundAsync(
        LedgerHost ledger, string candidateId, long? version, Instant? at, CancellationToken cancellation)
    {
        if ((version is null && at is null)
            || await ledger.Queries.CandidateAsync(candidateId, cancellation).ConfigureAwait(false) is not { } candidate)
            return CommandRefusals.UnknownCandidate(candidateId);
        return new Refusal(
                "unknown_version",
                version is null
                    ? $"Nothing had happened to {candidateId} by then."
                    : $"{candidateId} has {candidate.StreamVersion} versions.")
            .With("candidate_id", candidateId)
            .With("version", version is { } number ? number : JsonValue.Null)
            .With("at", at?.ToString());
    }
}
