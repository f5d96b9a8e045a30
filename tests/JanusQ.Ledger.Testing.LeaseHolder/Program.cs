using System.Runtime.InteropServices;
using JanusQ.Ledger.PostgreSql;

// Arguments: data folder, "lasting" or "ephemeral", and optionally the source, for instance "Container", and the image.
using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
var options = new PostgreSqlOptions
{
    Order = [args.Length > 2 ? Enum.Parse<PostgreSqlOrigin>(args[2]) : PostgreSqlOrigin.Embedded],
    DataFolder = args[0],
    Ephemeral = args[1] == "ephemeral",
    ContainerImage = args.Length > 3 ? args[3] : new PostgreSqlOptions().ContainerImage,
};
await using (var lease = await PostgreSqlSource.AcquireAsync(options, stop.Token))
{
    Console.WriteLine($"ready {lease.Facts.Port} {lease.Facts.ProcessId ?? 0} {lease.Facts.DataFolder ?? lease.Facts.Container}");
    var inputEnded = Task.Run(Console.In.ReadToEnd);
    await Task.WhenAny(inputEnded, Task.Delay(Timeout.Infinite, stop.Token));
}

Console.WriteLine("released");

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
