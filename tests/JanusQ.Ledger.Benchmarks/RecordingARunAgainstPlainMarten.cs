using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Store;
using Marten;
using Weasel.Core;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>
/// Recording a run of 15 artifacts that nobody stored before through the ledger's command, against the same 17 events appended by Marten
/// alone: a new stream, the same metadata columns filled, one SaveChanges; no snapshot, no content, no command handling. Both in one
/// process, on one server with fsync on, in turns, so that the ratio means something on any machine.
/// </summary>
public static class RecordingARunAgainstPlainMarten
{
    // The rows of both sides are equally large; that the ledger takes the hash of every event is its own cost.
    private static readonly string SomeHash = Sha256Hash.OfText("the data of an event").ToString();

    /// <summary>Measures and prints; 0 if the ledger reaches the share that is asked for.</summary>
    /// <param name="rounds">How many turns each side gets.</param>
    /// <param name="runsARound">Runs recorded in a turn.</param>
    /// <param name="writers">Runs recorded at the same time.</param>
    /// <param name="scale">Factor on the sizes of the artifacts; 2 is about the larger half of the lane vectors.</param>
    /// <param name="target">The smallest acceptable rate of the ledger as a share of Marten's.</param>
    public static async Task<int> RunAsync(int rounds = 25, int runsARound = 60, int writers = 1, int scale = 1, double target = 0.70)
    {
        await using var database = await BenchmarkDatabase.CreateAsync("recording", isDurable: true);
        return await CompareAsync(database, rounds, runsARound, writers, scale, target);
    }

    private static async Task<int> CompareAsync(
        BenchmarkDatabase database, int rounds, int runsARound, int writers, int scale, double target)
    {
        await using var ledger = await LedgerHost.StartAsync(database.Options);
        using var marten = DocumentStore.For(options =>
        {
            options.Connection(database.Connection);
            options.DisableNpgsqlLogging = true;
            LedgerStore.ConfigureEvents(options, new LedgerOptions { ConnectionString = database.Connection });
            options.DatabaseSchemaName = "plain";
            options.Events.DatabaseSchemaName = "plain";
            options.Serializer(new Marten.Services.SystemTextJsonSerializer(LedgerJson.Create()) { Casing = Casing.SnakeCase });
        });

        var number = 0;
        var martenTimes = new List<double>();
        var ledgerTimes = new List<double>();
        for (var round = -5; round < rounds; round++)
        {
            var runs = Enumerable.Range(0, runsARound).Select(_ => ARun(number++, scale)).ToArray();
            var events = runs.Select(run => (run.Start.Stream, EventsOf(run))).ToArray();
            var plain = await TimeAsync(events, writers, run => AppendAsync(marten, run.Stream, run.Item2));
            var whole = await TimeAsync(runs, writers, run => RecordAsync(ledger, run));

            // The first rounds compile code and create tables.
            if (round < 0) continue;
            martenTimes.Add(plain / runsARound);
            ledgerTimes.Add(whole / runsARound);
        }

        // Round by round, because other work on the machine slows both sides of a round alike.
        var ratio = Rounds.Median(martenTimes.Zip(ledgerTimes, (plain, whole) => plain / whole));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"recording a run of {scale * LaneSizedRun.ArtifactBytes.Sum() / 1000} KB, {writers} writer(s), median of {rounds} rounds of "
            + $"{runsARound}: plain Marten {Rounds.Median(martenTimes):F2} ms, "
            + $"ledger {Rounds.Median(ledgerTimes):F2} ms a run (fastest {martenTimes.Min():F2} and {ledgerTimes.Min():F2}): "
            + $"{ratio:P0} of its rate (at least {target:P0} is asked for)"));
        return ratio >= target ? 0 : 1;
    }

    private static async Task<double> TimeAsync<T>(T[] runs, int writers, Func<T, Task> record)
    {
        var clock = Stopwatch.GetTimestamp();
        if (writers == 1)
        {
            foreach (var run in runs) await record(run);
        }
        else
        {
            await Parallel.ForEachAsync(
                runs, new ParallelOptions { MaxDegreeOfParallelism = writers }, async (run, _) => await record(run));
        }

        return Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
    }

    private static async Task RecordAsync(LedgerHost ledger, SubmitLaneRun run)
    {
        // As a worker hands it over: bytes that nobody hashed yet.
        var handedOver = run with
        {
            Artifacts = [.. run.Artifacts.Select(artifact => artifact with { Content = new DocumentContent(artifact.Content.Bytes) })],
        };
        var recording = await ledger.SendAsync(handedOver);
        if (recording.Appended != run.Artifacts.Length + 2) throw new InvalidOperationException($"The run was not recorded: {recording}.");
    }

    private static async Task AppendAsync(DocumentStore marten, string stream, CandidateEvent[] events)
    {
        await using var session = marten.LightweightSession();
        session.LastModifiedBy = events[0].Actor;
        session.SetHeader(LedgerStore.RoleHeader, events[0].Role);
        session.SetHeader(LedgerStore.DataHashHeader, SomeHash);
        session.CorrelationId = stream;
        session.Events.StartStream<Candidate>(stream, events.AsEnumerable<object>());
        await session.SaveChangesAsync();
    }

    private static CandidateEvent[] EventsOf(SubmitLaneRun run)
    {
        var command = new RecordLaneRun
        {
            CandidateId = run.Start.CandidateId,
            By = run.Start.By,
            Start = run.Start,
            Artifacts = ArtifactSet.Of(run.Artifacts.Select(artifact => artifact.ToArtifact())),
        };
        return [.. CandidateDecider.Decide(null, command, run.Start.EvaluatedAt).Events];
    }

    private static SubmitLaneRun ARun(int number, int scale)
    {
        var start = LaneSizedRun.Start(number, "benchmark");
        return new SubmitLaneRun(start, [.. LaneSizedRun.ArtifactBytes.Select((bytes, i) => AnArtifact(number, i, bytes * scale))]);
    }

    private static SubmittedArtifact AnArtifact(int run, int artifact, int size) => new(
        LaneSizedRun.PathOf(artifact), new DocumentContent(LaneSizedRun.Artifact((run * 31) + artifact, size)), "application/json");
}
