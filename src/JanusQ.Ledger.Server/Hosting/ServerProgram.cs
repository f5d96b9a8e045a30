using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>The server as a program of its own.</summary>
internal static class ServerProgram
{
    /// <summary>Runs until it is stopped.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        // A server never starts a database of its own behind the operator's back: it serves the one that it is told.
        var lease = await PostgreSqlSource.AcquireAsync(new PostgreSqlOptions
        {
            Order = [PostgreSqlOrigin.Explicit],
            ConnectionString = builder.Configuration["Ledger:ConnectionString"],
        }).ConfigureAwait(false);
        await using var held = lease.ConfigureAwait(false);
        var ledger = await LedgerHost.OpenAsync(new LedgerOptions
        {
            ConnectionString = lease.ConnectionString,
            Accept = builder.Configuration.GetValue("Ledger:Accept", AcceptedRisks.None),
            RunProjections = true,
        }).ConfigureAwait(false);
        await using var open = ledger.ConfigureAwait(false);
        builder.AddLedgerServer(ledger, new NobodyHoldsAKey());
        var app = builder.Build();
        app.UseLedgerServer();
        await app.RunAsync().ConfigureAwait(false);
        return 0;
    }
}
