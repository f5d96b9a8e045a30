using System.Collections.Immutable;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Check (h) of audit.md section 4, <c>--deep</c>: the lane of every evaluation that can be run again is, and every file that it emitted is
/// compared. What cannot be run again is counted and named with its reason.
/// </summary>
internal sealed class ResearchCheck(
    DecisionQueries decisions, ContentStore contents, DeepAudit deep, int mostOfAReason, AuditFindings findings, Action<long> progress)
{
    private const string Select =
        $"""
        select distinct stream_id collate "C" as id from {LedgerStore.Schema}.mt_events
        where type in ('lane_run_started', 'lane_run_completed') and seq_id > $1 order by id
        """;

    private readonly List<EvaluationNotRun> _notRun = [];
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private long _reproduced;
    private long _different;

    /// <summary>What came of it.</summary>
    public DeepReport Report => new(_reproduced, _different, _reasons.ToImmutableSortedDictionary(StringComparer.Ordinal), [.. _notRun]);

    /// <summary>Runs the evaluations again that ended behind a sequence.</summary>
    public async Task RunAsync(NpgsqlConnection connection, long after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var stream = reader.GetString(0);
            try
            {
                await CheckAsync(stream, after, cancellation);
            }
            catch (Exception broken) when (broken is not (OperationCanceledException or NpgsqlException { IsTransient: true }))
            {
                // Whatever a stream that was tampered with may do to who reads it: it is a finding, and the others are still run again.
                findings.Add(new AuditFinding(
                    AuditCheck.Research, AuditCodes.HistoryBroken, "evaluations that can be read", broken.Message)
                { Stream = stream });
            }
        }
    }

    private async Task CheckAsync(string stream, long after, CancellationToken cancellation)
    {
        var history = await decisions.HistoryAsync(CandidateIdentity.CandidateOfStream(stream), cancellation);
        var placed = history.Select(recorded =>
            new PlacedEvent(new EventPlace(recorded.Id, recorded.Sequence, stream, recorded.Version), recorded.Happened)).ToArray();
        foreach (var evaluation in EvaluationRerun.AllOf(placed).Where(evaluation => evaluation.EndedAt.Sequence > after))
        {
            if (await RunAsync(evaluation, cancellation) is { } obstacle) Leave(evaluation, obstacle);
            progress(_reproduced + _different + _reasons.Values.Sum());
        }
    }

    /// <summary>Runs one again; why not, where it cannot be.</summary>
    private async Task<Refusal?> RunAsync(EvaluationRerun evaluation, CancellationToken cancellation)
    {
        if (!evaluation.TryPlan(deep.CodeVersions, out var documents, out var obstacle)) return obstacle;
        var read = new Dictionary<Sha256Hash, byte[]>();
        foreach (var input in documents.Inputs)
        {
            var (bytes, unread) = await ReadAsync(input.Sha256, cancellation);
            if (bytes is null)
                return new Refusal(unread, $"{input.Name}, {input.Sha256}, is not among the stored documents or not what it was.");
            read[input.Sha256] = bytes;
        }

        if (documents.GateInputs is { } gateInputs && (await ReadAsync(gateInputs, cancellation)).Bytes is { } seen)
            read[gateInputs] = seen;
        if (!evaluation.TryRun(documents, read.GetValueOrDefault, out var found, out obstacle)) return obstacle;
        findings.Add(found);
        if (found.IsEmpty) _reproduced++;
        else _different++;
        return null;
    }

    private async Task<(byte[]? Bytes, string Unread)> ReadAsync(Sha256Hash sha256, CancellationToken cancellation)
    {
        try
        {
            return (await contents.ReadAsync(sha256, cancellation), "input_not_stored");
        }
        catch (IntegrityException)
        {
            return (null, "input_corrupt");
        }
    }

    private void Leave(EvaluationRerun evaluation, Refusal reason)
    {
        var count = _reasons.GetValueOrDefault(reason.Code) + 1;
        _reasons[reason.Code] = count;
        if (count <= mostOfAReason) _notRun.Add(new EvaluationNotRun(evaluation.EvaluationId, evaluation.StartedAt, reason));
    }
}
