using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing.RunRecorder;

// Arguments: connection string, then "whole", or the number of artifacts after which it waits to be killed, or "load", a name and a seed,
// or "sequence" for one who writes the transparency log.
var options = new LedgerOptions
{
    ConnectionString = args[0],
    CreateSchema = true,
    Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
};
if (args[1] == "sequence") await Sequencer.RunAsync(args[0]);
if (args[1] == "load")
{
    await using var loaded = await LedgerHost.StartAsync(options with { Clock = new RunningClock() });
    Console.WriteLine("ready");
    await EndlessLoad.RunAsync(loaded, args[2], int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture));
}

await using var ledger = await LedgerHost.StartAsync(options);
var run = KnownRun.Finished;
Console.WriteLine("ready");
if (args[1] == "whole")
{
    await ledger.SendAsync(run);
}
else
{
    await ledger.SendAsync(run.Start);
    foreach (var artifact in run.Artifacts.Take(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)))
        await ledger.SendAsync(new SubmitArtifact(run.Start.CandidateId, run.Start.EvaluationId, artifact, run.Start.By));
}

Console.WriteLine("done");
await Task.Delay(Timeout.Infinite);
