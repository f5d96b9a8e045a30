using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Verifies a whole ledger (audit.md section 4) and believes nothing but the verifier keys that it is given: neither the hashes and columns
/// that the database keeps, nor its constraints and triggers. Changes nothing and holds nobody up.
/// </summary>
public sealed class LedgerAudit
{
    private readonly NpgsqlDataSource _database;
    private readonly ContentStore _contents;
    private readonly DecisionQueries _decisions;
    private readonly LedgerProjections _projections;

    internal LedgerAudit(NpgsqlDataSource database, ContentStore contents, DecisionQueries decisions, LedgerProjections projections)
    {
        _database = database;
        _contents = contents;
        _decisions = decisions;
        _projections = projections;
    }

    /// <summary>Verifies.</summary>
    /// <param name="options">What, and against what.</param>
    /// <param name="progress">Hears how far it has come, from several threads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RefusedException">
    /// <c>verifier_key_missing</c>: no key; <c>kept_checkpoint_unverified</c>: none of the keys has signed a checkpoint that was kept
    /// outside, so it says nothing about this log.
    /// </exception>
    public async Task<AuditReport> VerifyAsync(
        AuditOptions options, Action<AuditProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Demand(options);
        var findings = new AuditFindings(options.MostFindingsOfACode);
        var say = progress ?? (_ => { });
        var counts = new AuditCounts();
        SignedCheckpoint? signed = null;
        PolicySatisfaction? satisfaction = null;
        LogStart start;
        await using (var moment = await AuditSnapshot.TakeAsync(_database, 5, cancellation))
        {
            (start, options) = await StartAsync(moment[0], options, findings, cancellation);
            var from = start.Tree.Size;
            if (options.Checks.Any(check => check <= AuditCheck.Content))
                (counts, signed, satisfaction) = await VerifyRowsAsync(moment, options, start, findings, say, cancellation);
            counts = await VerifyMeaningAsync(moment, options, start, counts, findings, say, cancellation);
            var deep = options.Deep is null
                ? null
                : await RunAgainAsync(moment[1], options.Deep, options, start, findings, say, cancellation);
            var (found, byCode) = findings.Take();
            return new AuditReport(counts, found, byCode, signed ?? options.Since?.Signed, from)
            {
                Deep = deep,
                CosignedBy = [.. (satisfaction?.Cosignatures ?? []).Select(cosignature => cosignature.Witness)],
            };
        }
    }

    private static void Demand(AuditOptions options)
    {
        if (options.Keys.IsDefaultOrEmpty)
        {
            throw new RefusedException(new Refusal(
                "verifier_key_missing", "Without a verifier key nothing can be verified: everything else comes from the ledger itself."));
        }

        foreach (var kept in options.Since is { } since ? options.Kept.Append(since) : options.Kept)
        {
            if (!kept.Signed.TryVerify(options.Keys, out var refusal))
            {
                throw new RefusedException(new Refusal(
                    "kept_checkpoint_unverified", $"The checkpoint of {kept.Name} is none of this log: {refusal.Explanation}"));
            }
        }
    }

    /// <summary>
    /// Where to begin: behind the checkpoint that was verified before, if the stored tiles lead to its root. Otherwise at the beginning,
    /// and that checkpoint is one more that the log must contain.
    /// </summary>
    private static async Task<(LogStart Start, AuditOptions Options)> StartAsync(
        NpgsqlConnection connection, AuditOptions options, AuditFindings findings, CancellationToken cancellation)
    {
        if (options.Since is not { } since) return (LogStart.Beginning(), options);
        var fromTheBeginning = options with { Kept = options.Kept.Add(since), Since = null };
        var size = since.Signed.Checkpoint.Size;
        if (size == 0) return (LogStart.Beginning(), options);
        try
        {
            var stored = new StoredTiles(connection);
            var tree = MerkleTree.Restore(size, await stored.FetchAsync(MerkleTree.TilesToRestore(size), cancellation));
            tree.TakeChanged();
            if (tree.Root() != since.Signed.Checkpoint.Root) return (LogStart.Beginning(), fromTheBeginning);
            await using var last = new NpgsqlCommand(
                $"select event_sequence from {LedgerStore.Schema}.log_leaf where log_index = $1", connection);
            last.Parameters.Add(new NpgsqlParameter<long> { TypedValue = size - 1 });
            if (await last.ExecuteScalarAsync(cancellation) is not long mark) return (LogStart.Beginning(), fromTheBeginning);
            foreach (var kept in options.Kept.Where(kept => kept.Signed.Checkpoint.Size <= size))
                await ProveAsync(connection, kept, since.Signed, findings, cancellation);
            return (new LogStart(tree, mark), options);
        }
        catch (RefusedException)
        {
            return (LogStart.Beginning(), fromTheBeginning);
        }
    }

    /// <summary>Whether the tree of the checkpoint begun with continues an older one that was kept.</summary>
    private static async Task ProveAsync(
        NpgsqlConnection connection, KeptCheckpoint kept, SignedCheckpoint since, AuditFindings findings, CancellationToken cancellation)
    {
        var (older, newer) = (kept.Signed.Checkpoint, since.Checkpoint);
        string? found;
        try
        {
            var proof = await LogReader.ConsistencyAsync(connection, older.Size, newer.Size, cancellation);
            found = MerkleVerification.Consistency(older.Size, older.Root, newer.Size, newer.Root, proof.Hashes.AsSpan())?.Explanation;
        }
        catch (LogStoppedException stopped)
        {
            found = stopped.Refusal.Explanation;
        }

        if (found is null) return;
        findings.Add(new AuditFinding(
            AuditCheck.Log, AuditCodes.KeptCheckpointMismatch,
            $"a tree of {newer.Size} leaves that continues the root {older.Root} at {older.Size}", found)
        {
            Subject = kept.Name,
        });
    }

    /// <summary>Checks (a) to (c): events, leaves and checkpoints in one pass, documents in another at the same time.</summary>
    private static async Task<(AuditCounts Counts, SignedCheckpoint? Signed, PolicySatisfaction? Satisfaction)> VerifyRowsAsync(
        AuditSnapshot moment,
        AuditOptions options,
        LogStart start,
        AuditFindings findings,
        Action<AuditProgress> say,
        CancellationToken cancellation)
    {
        var from = start.Tree.Size;
        using var references = new HashBuckets();
        var totals = await TotalsAsync(moment[0], start, cancellation);
        var log = new LogCheck(findings, options, start, references, done => say(new AuditProgress("events", done, totals.Events)));
        using var content = new ContentCheck(findings, done => say(new AuditProgress("content", done, totals.Contents)));
        var isContent = options.Checks.Contains(AuditCheck.Content);
        var hashing = isContent && options.Since is null ? content.HashAllAsync(moment[3], cancellation) : Task.CompletedTask;
        var streams = StreamCheck.RunAsync(moment[4], findings, cancellation);
        try
        {
            await log.RunAsync(moment[0], moment[1], moment[2], cancellation);
        }
        finally
        {
            await Task.WhenAll(hashing, streams);
        }

        if (isContent)
        {
            if (options.Since is not null) await content.HashNamedAsync(moment[3], references, cancellation);
            await content.CompareAsync(references, sequence => PlaceOfAsync(moment[0], sequence, cancellation), cancellation);
        }

        var witnesses = new CosignatureCheck(findings);
        var relied = await witnesses.RunAsync(moment[2], from, log.Signed ?? options.Since?.Signed, cancellation);
        return (
            log.Counts with
            {
                Cosignatures = witnesses.Cosignatures,
                References = references.Total,
                Contents = content.Contents,
                ContentBytes = content.Bytes,
            },
            relied,
            options.Policy is { } policy ? witnesses.Satisfy(policy, options.Keys, relied) : null);
    }

    /// <summary>Checks (d) to (g).</summary>
    private async Task<AuditCounts> VerifyMeaningAsync(
        AuditSnapshot moment,
        AuditOptions options,
        LogStart start,
        AuditCounts counts,
        AuditFindings findings,
        Action<AuditProgress> say,
        CancellationToken cancellation)
    {
        Action<long> Step(string name) => done => say(new AuditProgress(name, done, null));
        var artifacts = new ArtifactCheck(_contents, findings, Step("artifacts"));
        var decisions = new DecisionCheck(_decisions, options, findings, Step("decisions"));
        var projections = new ProjectionCheck(
            _projections, findings, done => say(new AuditProgress("projections", done, _projections.Names.Count)));
        var places = new PlaceCheck(findings);
        var checking = options.Checks.Contains(AuditCheck.Projections) ? projections.RunAsync(cancellation) : Task.CompletedTask;
        try
        {
            if (options.Checks.Contains(AuditCheck.Places)) await places.RunAsync(moment[0], cancellation);
            if (options.Checks.Contains(AuditCheck.Artifacts)) await artifacts.RunAsync(moment[1], start.Mark, cancellation);
            if (options.Checks.Any(check => check is AuditCheck.Decisions or AuditCheck.Places))
                await decisions.RunAsync(start.Mark, cancellation);
        }
        finally
        {
            await checking;
        }

        return counts with
        {
            Artifacts = artifacts.Artifacts,
            Decisions = decisions.Decisions,
            Projections = projections.Projections,
            PlaceChanges = places.Changes,
        };
    }

    /// <summary>Check (h).</summary>
    private async Task<DeepReport> RunAgainAsync(
        NpgsqlConnection connection,
        DeepAudit deep,
        AuditOptions options,
        LogStart start,
        AuditFindings findings,
        Action<AuditProgress> say,
        CancellationToken cancellation)
    {
        var research = new ResearchCheck(
            _decisions, _contents, deep, options.MostFindingsOfACode, findings, done => say(new AuditProgress("evaluations", done, null)));
        await research.RunAsync(connection, start.Mark, cancellation);
        return research.Report;
    }

    private static async Task<(long? Events, long? Contents)> TotalsAsync(
        NpgsqlConnection connection, LogStart start, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select (select max(seq_id) from {LedgerStore.Schema}.mt_events),
                (select nullif(reltuples, -1)::bigint from pg_class where oid = '{LedgerStore.Schema}.{ContentTable.TableName}'::regclass)
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (
            reader.IsDBNull(0) ? null : reader.GetInt64(0) - Math.Max(start.Mark, 0),
            reader.IsDBNull(1) ? null : reader.GetInt64(1));
    }

    private static async Task<EventPlace> PlaceOfAsync(NpgsqlConnection connection, long sequence, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select id, stream_id, version from {LedgerStore.Schema}.mt_events where seq_id = $1 limit 1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new EventPlace(reader.GetGuid(0), sequence, reader.GetString(1), reader.GetInt64(2))
            : new EventPlace(default, sequence, "", 0);
    }
}
