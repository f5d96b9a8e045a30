using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Hosting;

/// <summary>One thing that the ledger's promises rest on and that the database does not have.</summary>
/// <param name="Refusal">What, by its code.</param>
/// <param name="AcceptedAs">The risk that whoever opens the ledger may take; none where there is nothing to take.</param>
public sealed record StartUpFinding(Refusal Refusal, AcceptedRisks AcceptedAs)
{
    /// <summary>Whether opening is refused for it.</summary>
    public bool Refuses(AcceptedRisks accepted) => AcceptedAs == AcceptedRisks.None || !accepted.HasFlag(AcceptedAs);
}

/// <summary>
/// What is asked of a database before a ledger is opened on it (audit.md section 1). Each is refused by a name of its own:
/// <list type="bullet">
/// <item><c>server_is_standby</c>: the connection is to no primary, so what is read may be old and nothing can be written.</item>
/// <item><c>server_not_durable</c>: <c>fsync</c>, <c>full_page_writes</c> or <c>synchronous_commit</c> is off; what was answered as
/// recorded could be gone after a crash. Opened all the same with <see cref="AcceptedRisks.VolatileServer"/>.</item>
/// <item><c>schema_missing</c>, <c>schema_outdated</c>: migrations are missing, all of them or some.</item>
/// <item><c>migration_gap</c>, <c>migration_unknown</c>, <c>migration_changed</c>: the database has other migrations than the program
/// (<see cref="MigrationState.Refusal"/>).</item>
/// <item><c>role_can_change_events</c>: the connection's role could change or remove events or documents, or make itself able to. Opened
/// all the same with <see cref="AcceptedRisks.OwnerConnection"/>, as on the embedded cluster, where one role does everything.</item>
/// </list>
/// The schema is checked by number and hash, which is quick; <c>janusq db assert</c> compares all of it.
/// </summary>
public static class StartUpChecks
{
    private const string ServerSql =
        "select pg_is_in_recovery(), current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";

    // A role that may make roles could make itself a member of the owner, before PostgreSQL 16. Members of the two roles at the end can do
    // whatever the server's own user can.
    private const string RoleSql =
        $"""
        with recorded as (
            select oid, relname, relowner from pg_class
            where oid in ('{LedgerStore.Schema}.mt_events'::regclass, '{LedgerStore.Schema}.content'::regclass))
        select 'is a superuser' from pg_roles where rolname in (current_user, session_user) and rolsuper
        union all
        select 'may make roles' from pg_roles
        where rolname = current_user and rolcreaterole and current_setting('server_version_num')::int < 160000
        union all
        select 'owns ' || relname from recorded where pg_has_role(relowner, 'MEMBER')
        union all
        select 'may ' || privilege || ' ' || relname from recorded, unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) as privilege
        where has_table_privilege(oid, privilege) or (privilege = 'UPDATE' and has_any_column_privilege(oid, 'UPDATE'))
        union all
        select 'is a member of ' || rolname from pg_roles
        where rolname in ('pg_execute_server_program', 'pg_write_server_files') and pg_has_role(oid, 'MEMBER')
        """;

    /// <summary>Finds everything that a database does not have.</summary>
    public static async Task<ImmutableArray<StartUpFinding>> FindAsync(NpgsqlDataSource database, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var findings = ImmutableArray.CreateBuilder<StartUpFinding>();
        findings.AddRange(await FindInServerAsync(connection, cancellation));
        var schema = await FindInSchemaAsync(connection, cancellation);
        if (schema is not null) findings.Add(new StartUpFinding(schema, AcceptedRisks.None));
        else findings.AddRange(await FindInRoleAsync(connection, cancellation));
        return findings.ToImmutable();
    }

    /// <summary>Applies the migrations that are missing, where the options say so, and refuses what they do not accept.</summary>
    /// <exception cref="RefusedException">
    /// By one of the names above, or as <see cref="LedgerSchema.MigrateAsync(string, CancellationToken)"/> refuses.
    /// </exception>
    internal static async Task PassAsync(NpgsqlDataSource database, LedgerOptions options, CancellationToken cancellation)
    {
        var found = await FindAsync(database, cancellation);
        var refuses = found.Any(finding => !IsForWantOfMigrations(finding) && finding.Refuses(options.Accept));
        if (options.CreateSchema && !refuses && found.Any(IsForWantOfMigrations))
        {
            await LedgerSchema.MigrateAsync(options.ConnectionString, cancellation);
            found = await FindAsync(database, cancellation);
        }

        if (found.FirstOrDefault(finding => finding.Refuses(options.Accept)) is { } refused) throw new RefusedException(refused.Refusal);
    }

    private static bool IsForWantOfMigrations(StartUpFinding finding) => finding.Refusal.Code is "schema_missing" or "schema_outdated";

    private static async Task<IReadOnlyList<StartUpFinding>> FindInServerAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ServerSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var findings = new List<StartUpFinding>();
        if (reader.GetBoolean(0))
        {
            findings.Add(new StartUpFinding(
                new Refusal("server_is_standby", "The connection is to a server in recovery; the ledger needs the primary."),
                AcceptedRisks.None));
        }

        var off = new List<string>();
        foreach (var (column, setting) in new[] { (1, "fsync"), (2, "full_page_writes"), (3, "synchronous_commit") })
        {
            var value = reader.GetString(column);
            var counts = value is "on" || (setting == "synchronous_commit" && value is "remote_apply");
            if (!counts) off.Add($"{setting} is {value}");
        }

        if (off.Count > 0)
        {
            findings.Add(new StartUpFinding(
                new Refusal(
                    "server_not_durable",
                    $"The server could forget after a crash what it said was committed: {string.Join(", ", off)}; each must be on."),
                AcceptedRisks.VolatileServer));
        }

        return findings;
    }

    private static async Task<Refusal?> FindInSchemaAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var state = await LedgerSchema.ReadAsync(connection, Migration.Shipped, cancellation);
        if (state.Refusal is { } refusal) return refusal;
        if (state.Pending.IsEmpty) return null;
        const string Remedy = "Run janusq db migrate as the role that owns the tables.";
        return state.Number == 0
            ? new Refusal("schema_missing", $"The database has no ledger yet. {Remedy}")
            : new Refusal(
                "schema_outdated", $"The database is migrated up to {state.Number}, this program needs {state.Shipped.Length}. {Remedy}");
    }

    private static async Task<IReadOnlyList<StartUpFinding>> FindInRoleAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var able = new List<string>();
        await using (var command = new NpgsqlCommand(RoleSql, connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) able.Add(reader.GetString(0));
        }

        if (able.Count == 0) return [];

        // Then all the others follow.
        if (able.Contains("is a superuser", StringComparer.Ordinal)) able = ["is a superuser"];
        return
        [
            new StartUpFinding(
                new Refusal(
                    "role_can_change_events",
                    $"The connection's role could change recorded events: it {string.Join(", ", able)}. "
                    + "Connect as a member of janusq_app alone."),
                AcceptedRisks.OwnerConnection),
        ];
    }
}
