using System.Net.Sockets;
using Npgsql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>A server that somebody gave a connection string for. What is given is used or refused, never passed over.</summary>
internal static class ExplicitServer
{
    /// <param name="text">The connection string.</param>
    /// <param name="source">Where it stood, for the error.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="PostgreSqlUnavailableException">It is malformed, does not connect, or leads to too old a server.</exception>
    public static async Task<PostgreSqlLease> ConnectAsync(string text, string source, CancellationToken cancellation)
    {
        var given = Parse(text, source);
        var admin = new NpgsqlConnectionStringBuilder(given.ConnectionString) { Pooling = false };
        ServerProbe probe;
        try
        {
            probe = await ServerProbe.AskAsync(admin, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException or IOException or NotSupportedException)
        {
            throw new PostgreSqlUnavailableException($"The connection string of {source} ({Name(given)}) does not work: {Why(e)}.", e);
        }
        catch (ArgumentException e)
        {
            // Npgsql repeats what it was given; the password may be among that.
            throw new PostgreSqlUnavailableException($"The connection string of {source} ({Name(given)}) is not usable as it stands.", e);
        }

        if (probe.Major < PostgreSqlPrograms.OldestMajor)
        {
            throw new PostgreSqlUnavailableException(
                $"The connection string of {source} ({Name(given)}) leads to PostgreSQL {probe.Version}; " +
                $"{PostgreSqlPrograms.OldestMajor} or newer is needed.");
        }

        var facts = new PostgreSqlServerFacts(
            PostgreSqlOrigin.Explicit, probe.Version, given.Host!, given.Port, given.Username ?? Environment.UserName, Database(given));
        return new PostgreSqlLease(admin, facts, text, use: null);
    }

    private static NpgsqlConnectionStringBuilder Parse(string text, string source)
    {
        const string Form = "expected for instance Host=localhost;Port=5432;Database=janusq;Username=janusq;Password=...";
        NpgsqlConnectionStringBuilder given;
        try
        {
            given = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (
            e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            throw new PostgreSqlUnavailableException($"The connection string of {source} is malformed; {Form}.", e);
        }

        return string.IsNullOrWhiteSpace(given.Host)
            ? throw new PostgreSqlUnavailableException($"The connection string of {source} names no Host; {Form}.")
            : given;
    }

    private static string Name(NpgsqlConnectionStringBuilder given) =>
        $"host {given.Host}, port {given.Port}, database {Database(given)}, user {given.Username ?? Environment.UserName}";

    private static string Database(NpgsqlConnectionStringBuilder given) => given.Database ?? given.Username ?? Environment.UserName;

    private static string Why(Exception e) => e switch
    {
        PostgresException refused => $"{refused.MessageText} ({refused.SqlState})",
        { InnerException: { } inner } => inner.Message.Split('\n', 2)[0].TrimEnd('.', ' '),
        _ => e.Message.Split('\n', 2)[0].TrimEnd('.', ' '),
    };
}
