using System.Text;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Compliance;

/// <summary>The place of a decision in the order of decisions.</summary>
/// <param name="DecidedAt">When it was made.</param>
/// <param name="CandidateId">Its candidate.</param>
/// <param name="DecisionId">The decision.</param>
public sealed record DecisionPosition(Instant DecidedAt, string CandidateId, string DecisionId);

/// <summary>Decisions in the order in which they were made.</summary>
/// <param name="Decisions">The page, a line each.</param>
/// <param name="NextAfter">What the next page begins after; none if this is the last.</param>
public sealed record DecisionPage(IReadOnlyList<JsonObject> Decisions, DecisionPosition? NextAfter);

/// <summary>
/// What the flat tables for compliance are asked. Every answer comes with the sequence up to which the tables were complete in the same
/// look at the ledger.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="database">The database below.</param>
/// <param name="projections">What is kept behind the events.</param>
public sealed class ComplianceQueries(IDocumentStore store, NpgsqlDataSource database, LedgerProjections projections)
{
    private const string DecisionColumns =
        """
        candidate_id, decision_id, run_id, evaluation_id, target, action, approved_mode, reasons, decided_at, decided_by, policy_sha256,
        gate_inputs_sha256, gate_report_sha256, artifact_set_sha256, facts_sha256, trace_id, approval_id, claim_agrees,
        last_sequence as sequence
        """;

    private const string OrderOfDecisions = "decided_at, candidate_id collate \"C\", decision_id collate \"C\"";

    private const string LaneRunColumns =
        """
        candidate_id, lane_run_id, run_id, evaluation_id, status, target, worker, code_version, evaluated_at, signals_sha256,
        strategy_config_sha256, gate_policy_sha256, started_at, started_by, ended_at, artifact_count, artifact_set_sha256, error_code,
        message, window_start, window_end, conflict_count, last_sequence
        """;

    /// <summary>A page of decisions in the order in which they were made; of those made at once by candidate and id.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="after">The decision that the page before ended with; from the first if null.</param>
    /// <param name="limit">Decisions at most, from 1.</param>
    /// <param name="catchUp">Brings the tables up to what is recorded first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<DecisionPage>> DecisionsAsync(
        DecisionFilter filter, DecisionPosition? after, int limit, bool catchUp, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ReadAsync(
            catchUp,
            async snapshot =>
            {
                await snapshot.PlanForValuesAsync(cancellation);
                await using var command = CommandOf(snapshot, filter, after, limit + 1);
                var rows = await RowDocument.ReadAsync(command, cancellation);
                var page = rows.Take(limit).ToArray();
                return new DecisionPage(page, rows.Count > limit ? PositionOf(page[^1]) : null);
            },
            cancellation);
    }

    /// <summary>
    /// Every execution of a run, however it went, in the order in which the ledger heard of them last, each with its artifacts by path;
    /// empty where there is none.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="catchUp">Brings the tables up to what is recorded first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AsOf<IReadOnlyList<JsonObject>>> ExecutionsOfAsync(string runId, bool catchUp, CancellationToken cancellation = default) =>
        ReadAsync<IReadOnlyList<JsonObject>>(
            catchUp,
            async snapshot =>
            {
                await using var command = snapshot.Command(
                    $"""
                    select {LaneRunColumns} from {ComplianceTables.Schema}.lane_runs
                    where run_id = $1 order by last_sequence, lane_run_id
                    """);
                command.Parameters.Add(Text(runId));
                var executions = new List<JsonObject>();
                foreach (var execution in await RowDocument.ReadAsync(command, cancellation))
                    executions.Add(execution.With("artifacts", await ArtifactsOfAsync(snapshot, execution, cancellation)));
                return executions;
            },
            cancellation);

    private static NpgsqlCommand CommandOf(LedgerSnapshot snapshot, DecisionFilter filter, DecisionPosition? after, int limit)
    {
        var command = snapshot.Command("");
        var where = new StringBuilder("decided_at is not null and action is not null");
        void And(string condition, NpgsqlParameter? value)
        {
            if (value is null) return;
            command.Parameters.Add(value);
            where.Append(" and ").Append(condition.Replace("?", $"${command.Parameters.Count}", StringComparison.Ordinal));
        }

        And("candidate_id = ?", filter.CandidateId is { } candidate ? Text(candidate) : null);
        And("target = ?", filter.Target is { } target ? Text(target.Name()) : null);
        And("action = ?", filter.Action is { } action ? Text(action.Name()) : null);
        And("reasons @> array[?]", filter.Reason is { } reason ? Text(reason) : null);
        And("decided_at >= ?", filter.Since is { } since ? Moment(since) : null);
        And("decided_at < ?", filter.Until is { } until ? Moment(until) : null);
        if (after is not null)
        {
            var first = command.Parameters.Count + 1;
            where.Append(
                System.Globalization.CultureInfo.InvariantCulture, $" and ({OrderOfDecisions}) > (${first}, ${first + 1}, ${first + 2})");
            command.Parameters.Add(Moment(after.DecidedAt));
            command.Parameters.Add(Text(after.CandidateId));
            command.Parameters.Add(Text(after.DecisionId));
        }

        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.CommandText =
            $"""
            select {DecisionColumns} from {ComplianceTables.Schema}.decisions
            where {where} order by {OrderOfDecisions} limit ${command.Parameters.Count}
            """;
        return command;
    }

    private static DecisionPosition PositionOf(JsonObject row) =>
        new(Instant.Parse(TextOf(row, "decided_at")!), TextOf(row, "candidate_id")!, TextOf(row, "decision_id")!);

    private static async Task<JsonArray> ArtifactsOfAsync(LedgerSnapshot snapshot, JsonObject execution, CancellationToken cancellation)
    {
        if (TextOf(execution, "evaluation_id") is not { } evaluationId) return new JsonArray([]);
        await using var command = snapshot.Command(
            $"""
            select path, sha256, size, media_type, schema_version, manifest_hash from {ComplianceTables.Schema}.artifacts
            where candidate_id = $1 and evaluation_id = $2 order by path collate "C"
            """);
        command.Parameters.Add(Text(TextOf(execution, "candidate_id")!));
        command.Parameters.Add(Text(evaluationId));
        return new JsonArray(await RowDocument.ReadAsync(command, cancellation));
    }

    private static string? TextOf(JsonObject row, string member) => (row[member] as JsonText)?.Value;

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<DateTimeOffset> Moment(Instant value) => new() { TypedValue = value.ToDateTimeOffset() };

    private async Task<AsOf<T>> ReadAsync<T>(bool catchUp, Func<LedgerSnapshot, Task<T>> read, CancellationToken cancellation)
    {
        if (catchUp) await projections.CatchUpAsync(cancellation);
        await using var snapshot = await LedgerSnapshot.OpenAsync(store, database, settled: null, cancellation);
        var sequence = await snapshot.ProgressOfAsync(LedgerProjections.ShardOf(ComplianceProjection.Name), cancellation);
        return new AsOf<T>(await read(snapshot), sequence);
    }
}
