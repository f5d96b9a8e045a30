using System.Diagnostics;
using System.Net;
using System.Text;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Tests.LaneRuns;

namespace JanusQ.Ledger.Server.Tests.Deployment;

/// <summary>The system that the composition describes, on the engine that this machine has.</summary>
public sealed class ComposedSystemTests
{
    private const string Origin = "janusq.test/composed";
    private const string Memory = "/var/lib/janusq/log_key.signed";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Explicit: it takes an engine, the images that ours is made of, and minutes.
    [Fact(Explicit = true)]
    public async Task it_is_healthy_and_confined_signs_what_is_recorded_over_http_and_has_all_of_it_when_its_containers_are_made_anew()
    {
        using var secrets = new Secrets();
        Assert.Equal(0, (await secrets.MakeAsync(Origin, Cancellation)).Code);
        await using var system = await Composition.BuildAsync(secrets);
        await system.UpAsync();
        await AssertUpAsync(system);
        await AssertConfinedAsync(system);

        var key = await system.InServerAsync("dotnet", "/app/cli/janusq.dll", "key", "create", "--name", "lane-1", "--role", "worker");
        using var http = new HttpClient { BaseAddress = system.Address };
        var worker = new LedgerClient(http, key);
        await ARun.StartAsync(worker);
        var history = (await worker.ShowHistoryAsync(ARun.CandidateId, cancellation: Cancellation)).GetRawText();
        var signed = await CheckpointOfAsync(worker, secrets, 1);
        Assert.StartsWith($"{Origin}\n", await system.InServerAsync("cat", Memory), StringComparison.Ordinal);

        await system.DownAsync();
        await system.UpAsync();
        await AssertUpAsync(system);
        Assert.Equal(history, (await worker.ShowHistoryAsync(ARun.CandidateId, cancellation: Cancellation)).GetRawText());
        await worker.StartLaneRunAsync(ARun.CandidateId, ARun.Start with { EvaluatedAt = "2026-02-26T06:00:00Z" }, Cancellation);
        var continued = await CheckpointOfAsync(worker, secrets, signed.Size + 1);
        Assert.Equal(continued.ToText(), SignedIn(await system.InServerAsync("cat", Memory) + "\n").Checkpoint.ToText());
    }

    private static async Task AssertUpAsync(Composition system)
    {
        foreach (var once in new[] { "migrate", "role" })
            Assert.Equal("exited 0", await system.InspectAsync(once, "{{.State.Status}} {{.State.ExitCode}}"));
        using var http = new HttpClient { BaseAddress = system.Address };
        using var ready = await http.GetAsync("/health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task AssertConfinedAsync(Composition system)
    {
        foreach (var service in new[] { "migrate", "role", "server" })
        {
            Assert.Equal("true [ALL]", await system.InspectAsync(service, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}"));
            Assert.Matches("^[1-9][0-9]+:[1-9][0-9]+$", await system.InspectAsync(service, "{{.Config.User}}"));
        }

        Assert.Equal("1654", await system.InServerAsync("id", "-u"));
        Assert.Equal(0, await system.AsRootAsync("touch", "/tmp/written"));
        foreach (var place in new[] { "/written", "/app/written", "/app/server/JanusQ.Ledger.Server.dll", "/run/secrets/log_key" })
            Assert.NotEqual(0, await system.AsRootAsync("touch", place));
    }

    /// <summary>The first checkpoint that speaks for so many events, verified with the keys that an auditor would be given.</summary>
    private static async Task<Checkpoint> CheckpointOfAsync(LedgerClient reader, Secrets secrets, long size)
    {
        var keys = await LogKeyFile.ReadVerifiersAsync(secrets["log_key.verifiers"], Cancellation);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var last = await LastAsync(reader);
            if (last is not null && last.Checkpoint.Size >= size)
            {
                Assert.True(last.TryVerify(keys, out var refusal), refusal?.Explanation);
                return last.Checkpoint;
            }

            Assert.True(clock.Elapsed < Patience, $"The last checkpoint is {last?.ToString() ?? "none"}.");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        }
    }

    private static async Task<SignedCheckpoint?> LastAsync(LedgerClient reader)
    {
        try
        {
            return SignedIn(await reader.GetCheckpointAsync(Cancellation));
        }
        catch (LedgerProblemException problem) when (problem.Code == LogRefusals.NotSignedYet)
        {
            return null;
        }
    }

    private static SignedCheckpoint SignedIn(string text)
    {
        Assert.True(SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(text), out var signed, out var refusal), refusal?.Explanation);
        return signed;
    }
}
