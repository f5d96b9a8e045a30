using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Decisions;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Check (e) of audit.md section 4, every decision derived again, and of (g) what the approvals of a candidate say: both from its stream.
/// </summary>
internal sealed class DecisionCheck(DecisionQueries decisions, AuditOptions options, AuditFindings findings, Action<long> progress)
{
    /// <summary>Number of decisions.</summary>
    public long Decisions { get; private set; }

    /// <summary>Checks those behind a sequence.</summary>
    public async Task RunAsync(long after, CancellationToken cancellation)
    {
        await foreach (var candidateId in decisions.CandidatesWithDecisionsAsync(after, cancellation))
        {
            try
            {
                await CheckAsync(candidateId, after, cancellation);
            }
            catch (Exception broken) when (broken is not (OperationCanceledException or NpgsqlException { IsTransient: true }))
            {
                // Whatever a stream that was tampered with may do to who reads it: it is a finding, and the others are still checked.
                findings.Add(new AuditFinding(
                    AuditCheck.Decisions, AuditCodes.HistoryBroken, "events that add up to a state", broken.Message)
                {
                    Stream = CandidateIdentity.StreamOf(candidateId),
                });
            }
        }
    }

    private async Task CheckAsync(string candidateId, long after, CancellationToken cancellation)
    {
        var history = await decisions.HistoryAsync(candidateId, cancellation);
        if (options.Checks.Contains(AuditCheck.Places))
        {
            var placed = history.Select(recorded => new PlacedEvent(PlaceOf(candidateId, recorded), recorded.Happened)).ToArray();
            findings.Add(ApprovalAudit.Of(candidateId, placed).Where(finding => finding.At is not { } at || at.Sequence > after));
        }

        if (!options.Checks.Contains(AuditCheck.Decisions)) return;
        foreach (var recorded in history)
        {
            if (recorded.Sequence <= after || recorded.Happened is not PromotionDecided decided) continue;
            progress(++Decisions);
            if (RecordedDecision.Find(candidateId, history, decided.DecisionId) is { } decision)
                Report(PlaceOf(candidateId, recorded), await decisions.ReplayAsync(decision, cancellation));
            else
                Add(
                    PlaceOf(candidateId, recorded), decided.DecisionId, AuditCodes.DecisionMismatch, "the steps of the decision before it",
                    "others");
        }
    }

    private void Report(EventPlace at, Replay replay)
    {
        switch (replay.Outcome)
        {
            case ReplayOutcome.Match:
                break;
            case ReplayOutcome.Mismatch when replay.Differences.IsEmpty:
                Add(at, replay.DecisionId, AuditCodes.DecisionMismatch, "the decision derived again", "another");
                break;
            case ReplayOutcome.Mismatch:
                foreach (var difference in replay.Differences)
                {
                    Add(
                        at, $"{replay.DecisionId} {difference.Path}", AuditCodes.DecisionMismatch,
                        difference.Derived?.ToString() ?? "nothing", difference.Recorded?.ToString() ?? "nothing");
                }

                break;
            case ReplayOutcome.EvidenceMissing:
                Add(at, replay.DecisionId, AuditCodes.DecisionEvidenceMissing, string.Join(", ", replay.Missing), "none stored");
                break;
            case ReplayOutcome.EvidenceCorrupt:
                Add(at, replay.DecisionId, AuditCodes.DecisionEvidenceCorrupt, string.Join(", ", replay.Corrupt), "other bytes");
                break;
            default:
                Add(
                    at, replay.DecisionId, AuditCodes.DecisionEvaluatorUnknown, "a version of this build",
                    string.Join(", ", replay.UnknownEvaluators));
                break;
        }
    }

    private void Add(EventPlace at, string subject, string code, string expected, string found) =>
        findings.Add(new AuditFinding(AuditCheck.Decisions, code, expected, found) { At = at, Subject = $"decision {subject}" });

    private static EventPlace PlaceOf(string candidateId, RecordedEvent recorded) =>
        new(recorded.Id, recorded.Sequence, CandidateIdentity.StreamOf(candidateId), recorded.Version);
}
