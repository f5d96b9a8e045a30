using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>Records a window without signals. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class SkipLaneRunHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        SkipLaneRun command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, null, null, cancellation);
    }
}
