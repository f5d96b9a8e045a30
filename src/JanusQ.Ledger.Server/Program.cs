using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Server;

var builder = WebApplication.CreateBuilder(args);

// A server never starts a database of its own behind the operator's back: it serves the one that it is told.
var lease = await PostgreSqlSource.AcquireAsync(new PostgreSqlOptions
{
    Order = [PostgreSqlOrigin.Explicit],
    ConnectionString = builder.Configuration["Ledger:ConnectionString"],
});
builder.Services.AddLedgerServer(lease.ConnectionString);
var app = builder.Build();
app.MapLedger();
await app.RunAsync();
