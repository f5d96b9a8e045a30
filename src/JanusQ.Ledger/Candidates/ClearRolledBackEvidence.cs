using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.Candidates;

/// <summary>
/// Allows an artifact set that was rolled back to be promoted again. Validation and rule: <see cref="CandidateDecider"/>.
/// </summary>
public static class ClearRolledBackEvidenceHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        ClearRolledBackEvidence command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, null, null, cancellation);
    }
}
