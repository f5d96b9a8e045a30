using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>
/// Writes the transparency log in the background until it is killed, in small batches and with a checkpoint as often as it can.
/// </summary>
public static class Sequencer
{
    public const string Origin = "ledger.example/log";

    /// <summary>A key that all programs of the tests have.</summary>
    public static SignerKey Key => SignerKey.FromSeed(Origin, [.. Enumerable.Repeat((byte)1, SignerKey.SeedSize)]);

    /// <summary>Runs for ever, or until the log stops.</summary>
    public static async Task RunAsync(string connection)
    {
        await using var ledger = await LedgerHost.StartAsync(new LedgerOptions
        {
            ConnectionString = connection,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
            RunLog = true,
            Log = new LogOptions
            {
                Keys = LogKeyRing.Of(Key),
                BatchEvents = 300,
                PollInterval = TimeSpan.FromMilliseconds(5),
                GapInterval = TimeSpan.FromMilliseconds(5),
                RetryInterval = TimeSpan.FromMilliseconds(20),
                CheckpointInterval = TimeSpan.FromMilliseconds(20),
            },
        });
        Console.WriteLine("ready");
        while (ledger.LogStopped is null) await Task.Delay(50);
        Console.WriteLine($"stopped {ledger.LogStopped.Code} {ledger.LogStopped.Explanation}");
        await Task.Delay(Timeout.Infinite);
    }
}
