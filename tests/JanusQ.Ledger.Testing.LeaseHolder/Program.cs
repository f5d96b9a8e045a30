using System.Runtime.InteropServices;
using JanusQ.Ledger.PostgreSql;

// Arguments: data folder, then "lasting" or "ephemeral".
using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
var options = new PostgreSqlOptions
{
    Order = [PostgreSqlOrigin.Embedded],
    DataFolder = args[0],
    Ephemeral = args[1] == "ephemeral",
};
await using (var lease = await PostgreSqlSource.AcquireAsync(options, stop.Token))
{
    Console.WriteLine($"ready {lease.Facts.Port} {lease.Facts.ProcessId} {lease.Facts.DataFolder}");
    var inputEnded = Task.Run(Console.In.ReadToEnd);
    await Task.WhenAny(inputEnded, Task.Delay(Timeout.Infinite, stop.Token));
}

Console.WriteLine("released");

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
