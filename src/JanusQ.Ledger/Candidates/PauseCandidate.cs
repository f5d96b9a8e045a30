using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.Candidates;

/// <summary>Bars every promotion of a candidate. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class PauseCandidateHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        PauseCandidate command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, null, null, cancellation);
    }
}
