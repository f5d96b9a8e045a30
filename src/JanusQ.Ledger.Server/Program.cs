using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Server;
using JanusQ.Ledger.Store;

var builder = WebApplication.CreateBuilder(args);

// A server never starts a database of its own behind the operator's back: it serves the one that it is told.
var lease = await PostgreSqlSource.AcquireAsync(new PostgreSqlOptions
{
    Order = [PostgreSqlOrigin.Explicit],
    ConnectionString = builder.Configuration["Ledger:ConnectionString"],
});
var ledger = await LedgerHost.OpenAsync(new LedgerOptions
{
    ConnectionString = lease.ConnectionString,
    Accept = builder.Configuration.GetValue("Ledger:Accept", AcceptedRisks.None),
});
builder.Services.AddLedgerServer(ledger);
var app = builder.Build();
app.MapLedger();
await app.RunAsync();
