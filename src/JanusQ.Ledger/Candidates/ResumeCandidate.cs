using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.Candidates;

/// <summary>Lifts the pause of a candidate. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class ResumeCandidateHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        ResumeCandidate command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, null, null, cancellation);
    }
}
