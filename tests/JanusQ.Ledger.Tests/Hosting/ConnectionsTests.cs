using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Tests.Hosting;

/// <summary>How many connections to the database a ledger keeps.</summary>
public sealed class ConnectionsTests
{
    private const string Somewhere = "Host=127.0.0.1;Port=1;Database=nowhere";

    [Theory]
    [InlineData(Somewhere, 100, 100)]
    [InlineData(Somewhere + ";Maximum Pool Size=5", 5, 5)]
    [InlineData(Somewhere + ";Minimum Pool Size=3", 3, 100)]
    public async Task connections_that_were_opened_stay_open_unless_the_connection_string_says_otherwise(
        string connection, int kept, int most)
    {
        await using var ledger = LedgerHost.OpenUnchecked(new LedgerOptions { ConnectionString = connection });
        var settings = new NpgsqlConnectionStringBuilder(ledger.Database.ConnectionString);
        Assert.Equal((kept, most), (settings.MinPoolSize, settings.MaxPoolSize));
    }
}
