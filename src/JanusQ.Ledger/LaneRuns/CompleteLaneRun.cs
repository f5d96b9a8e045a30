using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;
using Wolverine.Marten;

namespace JanusQ.Ledger.LaneRuns;

/// <summary>Says that all artifacts of an evaluation are there. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class CompleteLaneRunHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<Recording> Handle(
        CompleteLaneRun command,
        [WriteAggregate(nameof(CandidateCommand.Stream), Required = false)] IEventStream<Candidate> stream,
        IDocumentSession session,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CandidateStream.DecideAsync(session, stream, command, clock, command.EvaluationId, null, cancellation);
    }
}
