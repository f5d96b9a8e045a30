using System.Globalization;
using Npgsql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>What a server says about itself.</summary>
internal sealed record ServerProbe(string Version, int Major, string? DataFolder)
{
    /// <exception cref="NpgsqlException">There is no answer, or a refusal.</exception>
    public static async Task<ServerProbe> AskAsync(NpgsqlConnectionStringBuilder target, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(target.ConnectionString);
        await using var closing = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = new NpgsqlCommand(
            "select current_setting('server_version_num'), current_setting('server_version'), " +
            "case when pg_has_role('pg_read_all_settings', 'usage') then current_setting('data_directory') end",
            connection);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return new ServerProbe(
            reader.GetString(1).Split(' ')[0],
            int.Parse(reader.GetString(0), CultureInfo.InvariantCulture) / 10_000,
            await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false) ? null : reader.GetString(2));
    }
}
