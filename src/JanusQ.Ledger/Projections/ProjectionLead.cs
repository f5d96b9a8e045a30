using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Projections;

/// <summary>
/// The right to keep the asynchronous projections: a lock of a session of its own, which ends with the connection. Behind it stands the
/// event store: progress is only written from where it was read, so a program that lost the lock and has not noticed writes nothing.
/// </summary>
internal sealed class ProjectionLead : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private ProjectionLead(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Takes it; none if somebody else has it.</summary>
    public static async Task<ProjectionLead?> TryTakeAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        var lead = new ProjectionLead(connection);
        try
        {
            if (await LedgerLocks.TryProjectAloneAsync(connection, cancellation)) return lead;
        }
        catch
        {
            // The server may have given the lock all the same, and the session lives on in its pool.
            await lead.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Passes some time, and notices at once where the server ends the session, and at its end where nobody answers any more.
    /// </summary>
    /// <exception cref="NpgsqlException">The lead is lost.</exception>
    public async Task HoldAsync(TimeSpan time, CancellationToken cancellation)
    {
        await _connection.WaitAsync(time, cancellation);
        await using var command = new NpgsqlCommand("select 1", _connection) { CommandTimeout = 5 };
        await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Lets somebody else have it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_connection.FullState == System.Data.ConnectionState.Open) await LedgerLocks.LetOthersProjectAsync(_connection);
        }
        catch (NpgsqlException)
        {
            // The session is gone, and its lock with it.
        }

        await _connection.DisposeAsync();
    }
}
