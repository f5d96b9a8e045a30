using System.Collections.Immutable;
using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Migrations;

/// <summary>
/// The schema of a ledger's database (audit.md section 1): which migrations it has, and how it gets those that are missing. Each file is
/// applied in a transaction of its own and recorded in it with its hash, one program at a time.
/// </summary>
public static class LedgerSchema
{
    private const string Table = LedgerStore.Schema + ".migration";

    private const string CreateTableSql =
        $"""
        create schema if not exists {LedgerStore.Schema};
        create table if not exists {Table} (
            number     integer primary key,
            name       text not null,
            sha256     text not null,
            applied_at timestamptz not null default now()
        );
        comment on table {Table} is 'The numbered files of SQL that made this schema. Written by janusq db migrate alone.';
        comment on column {Table}.number is 'The number of the file, from 1 and without a gap.';
        comment on column {Table}.name is 'Its name.';
        comment on column {Table}.sha256 is 'SHA-256 of its bytes, in hex digits.';
        comment on column {Table}.applied_at is 'When it was applied.';
        """;

    /// <summary>Reads which migrations a database has.</summary>
    /// <exception cref="IntegrityException">What is recorded is no list of migrations.</exception>
    public static async Task<MigrationState> ReadAsync(string connectionString, CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(connectionString, cancellation);
        return await ReadAsync(connection, Migration.Shipped, cancellation);
    }

    /// <summary>Applies what is missing. Several programs may do so at once: each file is applied once.</summary>
    /// <returns>What was applied, in order.</returns>
    /// <exception cref="RefusedException">
    /// <c>migration_gap</c>, <c>migration_unknown</c>, <c>migration_changed</c>: nothing was applied. <c>migration_failed</c>: a file
    /// failed; those before it are applied, and nothing of it is.
    /// </exception>
    public static Task<ImmutableArray<Migration>> MigrateAsync(string connectionString, CancellationToken cancellation = default) =>
        MigrateAsync(connectionString, Migration.Shipped, cancellation);

    internal static async Task<ImmutableArray<Migration>> MigrateAsync(
        string connectionString, ImmutableArray<Migration> shipped, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(connectionString, cancellation);
        var state = await ReadAsync(connection, shipped, cancellation);
        if (state.Refusal is null && state.Pending.IsEmpty) return [];

        // Given back when the connection closes, whatever happens before.
        await LedgerLocks.MigrateAloneAsync(connection, cancellation);
        state = await ReadAsync(connection, shipped, cancellation);
        if (state.Refusal is { } refusal) throw new RefusedException(refusal);
        foreach (var step in state.Pending) await ApplyAsync(connection, step, cancellation);
        return state.Pending;
    }

    internal static async Task<MigrationState> ReadAsync(
        NpgsqlConnection connection, ImmutableArray<Migration> shipped, CancellationToken cancellation)
    {
        await using (var exists = new NpgsqlCommand($"select to_regclass('{Table}') is not null", connection))
            if (await exists.ExecuteScalarAsync(cancellation) is not true) return new MigrationState([], shipped);
        await using var command = new NpgsqlCommand($"select number, name, sha256, applied_at from {Table} order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var applied = ImmutableArray.CreateBuilder<AppliedMigration>();
        while (await reader.ReadAsync(cancellation))
        {
            if (!Sha256Hash.TryParse(reader.GetString(2), out var sha256))
                throw new IntegrityException(
                    $"{Table}: the hash of migration {reader.GetInt32(0)} is no SHA-256 but '{reader.GetString(2)}'.");
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1), sha256, reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return new MigrationState(applied.ToImmutable(), shipped);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration step, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            if (step.Number == 1) await RunAsync(connection, transaction, CreateTableSql, cancellation);
            await RunAsync(connection, transaction, step.Sql, cancellation);
        }
        catch (PostgresException failure)
        {
            throw new RefusedException(new Refusal(
                "migration_failed",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{step.Name} failed and nothing of it is applied: {failure.MessageText} (SQLSTATE {failure.SqlState}).")));
        }

        await using var record = new NpgsqlCommand(
            $"insert into {Table} (number, name, sha256) values ($1, $2, $3)", connection, transaction);
        record.Parameters.Add(new NpgsqlParameter { Value = step.Number });
        record.Parameters.Add(new NpgsqlParameter { Value = step.Name });
        record.Parameters.Add(new NpgsqlParameter { Value = step.Sha256.ToString() });
        await record.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, CancellationToken cancellation)
    {
        // Creating an index on a large table takes the time that it takes.
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
