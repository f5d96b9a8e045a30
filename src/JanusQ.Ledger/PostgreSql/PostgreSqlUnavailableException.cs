namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// There is no PostgreSQL to work with. The message is for the user's eyes: it says what was tried and what to do, and holds no password.
/// </summary>
public sealed class PostgreSqlUnavailableException : Exception
{
    /// <summary>Says what to install, one line for each system.</summary>
    public const string HowToInstall =
        "  Debian, Ubuntu:  sudo apt-get install postgresql\n" +
        "  macOS:           brew install postgresql@17\n" +
        "  Windows:         winget install PostgreSQL.PostgreSQL.17";

    public PostgreSqlUnavailableException(string message)
        : base(message)
    {
    }

    public PostgreSqlUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static PostgreSqlUnavailableException NothingFound(IReadOnlyList<string> reasons) => new(
        "No PostgreSQL to work with:\n" +
        string.Concat(reasons.Select(reason => $"  - {reason}\n")) +
        $"Install PostgreSQL {PostgreSqlPrograms.OldestMajor} or newer, start Docker, or give a connection string " +
        $"(--connection or {PostgreSqlOptions.ConnectionVariable}).\n" +
        HowToInstall);
}
