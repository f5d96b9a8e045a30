using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.LoneServer;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.LaneRuns;

/// <summary>A server is killed without warning while workers append; clients that try again see no difference.</summary>
public sealed class KilledServerTests(PostgreSqlFixture postgreSql)
{
    private const int Workers = 4;
    private const int Kills = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly LedgerRetries Stubborn = new() { Attempts = 10_000, LongestPause = TimeSpan.FromMilliseconds(200) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_acknowledged_append_is_there_exactly_once()
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var address = $"http://127.0.0.1:{FreePort()}";
        var server = await StartAsync(database, address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var progress = new Progress();
        var workers = Enumerable.Range(0, Workers).Select(number => WorkAsync(address, number, progress, stop.Token)).ToArray();
        var random = new Random(20260225);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Under load each time: after some appends more were acknowledged, and then at any moment.
            await progress.UntilMoreAsync(30, Cancellation);
            await Task.Delay(random.Next(0, 100), Cancellation);
            Kill(server);
            server = await StartAsync(database, address);
        }

        await progress.UntilMoreAsync(30, Cancellation);
        await stop.CancelAsync();
        var acknowledged = (await Task.WhenAll(workers)).SelectMany(one => one).ToArray();
        Kill(server);
        server.Dispose();
        Assert.True(acknowledged.Length >= 30 * (Kills + 1), $"Only {acknowledged.Length} appends were acknowledged.");
        Assert.Equal(acknowledged.Length, acknowledged.Distinct().Count());
        await AssertRecordedOnceAsync(database, acknowledged);
    }

    /// <summary>Records run after run, by single artifacts and by batches, until it is told to stop; gives what was acknowledged.</summary>
    private static async Task<List<(string Evaluation, string Path)>> WorkAsync(
        string address, int worker, Progress progress, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var client = new LedgerClient(http, OneWorker.Key, Stubborn);
        var acknowledged = new List<(string, string)>();
        try
        {
            for (var number = 0; ; number++)
            {
                var runId = Sha256Hash.OfText($"{worker}-{number}").Id;
                var candidateId = CandidateIdentity.CandidateOf(runId);
                var evaluation = (await client.StartLaneRunAsync(candidateId, ARun.Start with { RunId = runId }, stop)).EvaluationId!;
                acknowledged.Add((evaluation, "start"));
                progress.Add();
                ArtifactUpload[] artifacts = [.. Enumerable.Range(0, 6).Select(
                    one => ARun.Artifact($"gates/{one}.json", $"{worker}-{number}-{one}"))];
                foreach (var artifact in artifacts[..3])
                {
                    await client.PutArtifactAsync(candidateId, evaluation, artifact, stop);
                    acknowledged.Add((evaluation, artifact.Path));
                    progress.Add();
                }

                await client.PostArtifactsAsync(candidateId, evaluation, artifacts[3..], stop);
                acknowledged.AddRange(artifacts[3..].Select(artifact => (evaluation, artifact.Path)));
                await client.CompleteLaneRunAsync(candidateId, evaluation, ARun.CompletionOf(artifacts), stop);
                acknowledged.Add((evaluation, "end"));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return acknowledged;
        }
    }

    private static async Task AssertRecordedOnceAsync(TestDatabase database, (string Evaluation, string Path)[] acknowledged)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            """
            select data ->> 'evaluation_id',
                   case type when 'lane_run_started' then 'start' when 'lane_run_completed' then 'end' else data ->> 'path' end,
                   count(*)
            from janusq.mt_events group by 1, 2
            """,
            connection);
        var recorded = new Dictionary<(string, string), long>();
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
            while (await reader.ReadAsync(Cancellation)) recorded.Add((reader.GetString(0), reader.GetString(1)), reader.GetInt64(2));
        Assert.All(recorded.Values, count => Assert.Equal(1, count));
        Assert.DoesNotContain(acknowledged, one => !recorded.ContainsKey(one));
        await using var ledger = await LedgerHost.OpenAsync(new LedgerOptions
        {
            ConnectionString = database.ConnectionString,
            Accept = AcceptedRisks.OwnerConnection | AcceptedRisks.VolatileServer,
        });
        var contents = await ledger.Content.FindStoredAsync(
            [.. Enumerable.Range(0, Workers).SelectMany(
                worker => Enumerable.Range(0, 3).Select(one => Sha256Hash.OfText($"{worker}-0-{one}")))],
            Cancellation);
        Assert.Equal(Workers * 3, contents.Count);
    }

    private sealed class Progress
    {
        private int _count;

        public void Add() => Interlocked.Increment(ref _count);

        public async Task UntilMoreAsync(int more, CancellationToken cancellation)
        {
            var (before, begun) = (Volatile.Read(ref _count), Stopwatch.GetTimestamp());
            while (Volatile.Read(ref _count) < before + more)
            {
                Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "The workers get no answers.");
                await Task.Delay(5, cancellation);
            }
        }
    }

    private static async Task<Process> StartAsync(TestDatabase database, string address)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.LoneServer.dll");
        var server = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", program, database.ConnectionString, address]) { RedirectStandardOutput = true })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync(patience.Token));
        return server;
    }

    private static void Kill(Process server)
    {
        server.Kill();
        server.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
