using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JanusQ.Ledger.Server.Tests.Deployment;

/// <summary>
/// The composed system under a name, an image, a port and secrets of its own. It is made of the images that the environment names as the
/// composition reads them (<c>SDK_IMAGE</c>, <c>RUNTIME_IMAGE</c>, <c>POSTGRES_IMAGE</c>), and goes with its data.
/// </summary>
internal sealed class Composition : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ComposeProgram _program;
    private readonly Secrets _secrets;
    private readonly string _image;
    private readonly ImmutableDictionary<string, string> _environment;

    private Composition(ComposeProgram program, Secrets secrets)
    {
        var (name, port) = ($"janusq-test-{Guid.NewGuid():n}", FreePort());
        _program = program;
        _secrets = secrets;
        _image = $"{name}:built";
        Address = new Uri($"http://127.0.0.1:{port}");
        _environment = ImmutableDictionary.CreateRange(new Dictionary<string, string>
        {
            ["COMPOSE_FILE"] = "docker-compose.yml",
            ["COMPOSE_PROJECT_NAME"] = name,
            ["JANUSQ_IMAGE"] = _image,
            ["JANUSQ_PORT"] = port,
            ["JANUSQ_DEPLOY_SECRETS"] = secrets.Folder,
        });
    }

    /// <summary>Where the server answers.</summary>
    public Uri Address { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Builds the image; nothing runs yet.</summary>
    public static async Task<Composition> BuildAsync(Secrets secrets)
    {
        var composition = new Composition((await ComposeProgram.AllAsync(Cancellation))[0], secrets);
        try
        {
            await composition.ComposeAsync("build", "migrate");
            return composition;
        }
        catch
        {
            await composition.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings everything up and waits until the engine finds the server healthy.</summary>
    public async Task UpAsync()
    {
        await ComposeAsync("up", "--detach");
        var clock = Stopwatch.StartNew();
        while (await InspectAsync("server", "{{.State.Health.Status}}") is var health && health != "healthy")
        {
            Assert.True(health == "starting" && clock.Elapsed < Patience, $"The server is {health}: {await LogsAsync()}");
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        }
    }

    /// <summary>Stops everything and removes the containers; the data stay.</summary>
    public Task DownAsync() => ComposeAsync("down");

    /// <summary>What the engine says of a service's container.</summary>
    /// <param name="service">The service.</param>
    /// <param name="format">What is asked, as a template of the engine's.</param>
    public async Task<string> InspectAsync(string service, string format)
    {
        var container = await ComposeAsync("ps", "--all", "--quiet", service);
        return Done(await EngineAsync(["inspect", "--format", format, container], Cancellation), $"inspect {service}");
    }

    /// <summary>Runs a program in the server's container as the user of its image, and gives what it says.</summary>
    public Task<string> InServerAsync(params string[] command) => ComposeAsync(["exec", "-T", "server", .. command]);

    /// <summary>Runs a program in the server's container as root, to see what even root is kept from.</summary>
    public async Task<int> AsRootAsync(params string[] command) =>
        (await RunAsync(["exec", "-T", "--user", "0", "server", .. command], Cancellation)).Code;

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var down = await RunAsync(["down", "--volumes", "--remove-orphans"], patience.Token);
        await EngineAsync(["image", "rm", "--force", _image], patience.Token);
        Done(down, "down");
    }

    private async Task<string> ComposeAsync(params string[] arguments)
    {
        var ran = await RunAsync(arguments, Cancellation);
        return Done(ran, ran.Code == 0 ? "" : $"{string.Join(' ', arguments)} ({await LogsAsync()})");
    }

    private async Task<string> LogsAsync()
    {
        var logs = await RunAsync(["logs", "--no-color", "--tail", "40"], Cancellation);
        return logs.Output + logs.Error;
    }

    private async Task<Ran> RunAsync(string[] arguments, CancellationToken cancellation) =>
        (await _program.TryRunAsync(arguments, _environment, cancellation))!;

    private static async Task<Ran> EngineAsync(string[] arguments, CancellationToken cancellation) =>
        await OutsideProgram.TryRunAsync("docker", arguments, ComposeProgram.NoSettings, cancellation)
        ?? throw new InvalidOperationException("There is no docker to ask.");

    private static string Done(Ran ran, string what)
    {
        Assert.True(ran.Code == 0, $"{what}: {ran.Error}{ran.Output}");
        return ran.Output.Trim();
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
