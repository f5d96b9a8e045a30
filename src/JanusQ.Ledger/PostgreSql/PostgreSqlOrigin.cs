namespace JanusQ.Ledger.PostgreSql;

/// <summary>Where a connection to PostgreSQL comes from.</summary>
public enum PostgreSqlOrigin
{
    /// <summary>A connection string that somebody gave: as an argument, or in an environment variable.</summary>
    Explicit,

    /// <summary>A private cluster, started from the PostgreSQL programs on this machine.</summary>
    Embedded,

    /// <summary>A container, started by Testcontainers on the Docker engine that answers.</summary>
    Container,
}
