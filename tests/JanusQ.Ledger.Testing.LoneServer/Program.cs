using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing.LoneServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Arguments: connection string, address to listen on. It says "ready" once it answers. With a third argument it says to every line that it
// is given how many bytes its objects take after a collection of everything else.
await using var ledger = await LedgerHost.StartAsync(new LedgerOptions
{
    ConnectionString = args[0],
    Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
});
var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls(args[1]);
builder.AddLedgerServer(ledger, new OneWorker());
builder.Logging.ClearProviders();
var app = builder.Build();
app.UseLedgerServer();
await app.StartAsync();
Console.WriteLine("ready");
if (args.Length > 2) await TellMemoryAsync();
await app.WaitForShutdownAsync();

static async Task TellMemoryAsync()
{
    while (await Console.In.ReadLineAsync() is not null)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true));
    }
}
