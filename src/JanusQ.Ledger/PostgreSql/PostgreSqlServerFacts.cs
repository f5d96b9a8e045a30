using System.Text;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>What is known about the server behind a lease. Holds no password.</summary>
/// <param name="Origin">Which of the three it is.</param>
/// <param name="Version">The server's version as it says it, for instance <c>15.18</c>.</param>
/// <param name="Host">Host name, address or socket folder.</param>
/// <param name="Port">TCP port, or the number in the socket's name.</param>
/// <param name="User">The role that connects.</param>
/// <param name="Database">The database of the lease's connection string.</param>
public sealed record PostgreSqlServerFacts(PostgreSqlOrigin Origin, string Version, string Host, int Port, string User, string Database)
{
    /// <summary>Embedded: the cluster's data directory.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Embedded: the folder of the ledger's own server, where what else belongs to the ledger can be kept.</summary>
    public string? LedgerFolder { get; init; }

    /// <summary>Embedded: the folder of the programs that run it.</summary>
    public string? Programs { get; init; }

    /// <summary>Embedded: the process id of the postmaster.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Embedded: the operating system's user that it runs as, when that is not the user of this program.</summary>
    public string? RunsAs { get; init; }

    /// <summary>Container: its name.</summary>
    public string? Container { get; init; }

    /// <summary>Container: the image it was made from.</summary>
    public string? Image { get; init; }

    /// <summary>A line for each fact, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Origin switch
        {
            PostgreSqlOrigin.Explicit => "PostgreSQL by connection string",
            PostgreSqlOrigin.Embedded => "embedded PostgreSQL",
            _ => "PostgreSQL in a container",
        });
        Line("version", Version);
        Line("address", $"{Host}:{Port}");
        Line("database", Database);
        Line("user", User);
        Line("data folder", DataFolder);
        Line("programs", Programs);
        Line("process", ProcessId?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Line("runs as", RunsAs);
        Line("container", Container);
        Line("image", Image);
        return text.ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
                text.Append('\n').Append("  ").Append(name.PadRight(12)).Append(value);
        }
    }
}
