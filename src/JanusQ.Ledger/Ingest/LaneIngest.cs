using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Promotions;

namespace JanusQ.Ledger.Ingest;

/// <summary>What became of a finished lane.</summary>
/// <param name="Recording">What became of the run.</param>
/// <param name="Promotion">What was decided about it; none where the run was refused or contradicts what is recorded.</param>
public sealed record LaneIngested(Recording Recording, PromotionAnswer? Promotion);

/// <summary>Records a finished run, whatever language its lane is written in, and decides (ledger.md section 4).</summary>
public static class LaneIngest
{
    /// <summary>Records the run as a whole and requests its promotion. The same again changes nothing and gives the same.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="lane">The finished lane, checked.</param>
    /// <param name="by">Who submits it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<LaneIngested> IngestAsync(
        this ILedgerCommands ledger, FinishedLane lane, Submitter by, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(lane);
        var recording = await ledger.SendAsync(lane.ToSubmission(by), cancellation);
        if (recording.Outcome is CommandOutcome.Refused or CommandOutcome.Conflict) return new LaneIngested(recording, null);
        var request = new RequestPromotion
        {
            CandidateId = lane.CandidateId,
            By = by,
            EvaluationId = recording.EvaluationId,
            Target = lane.Target,
        };
        return new LaneIngested(recording, await ledger.SendAsync(request, cancellation));
    }
}
