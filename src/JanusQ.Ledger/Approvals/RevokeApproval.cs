using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.Approvals;

/// <summary>Takes back an approval that was not used. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class RevokeApprovalHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        RevokeApproval command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, null, null, cancellation);
    }
}
