using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>Begins an evaluation of a lane run. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class StartLaneRunHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        StartLaneRun command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, command.EvaluationId, null, cancellation);
    }
}
