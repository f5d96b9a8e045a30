using System.Diagnostics;
using System.Globalization;

namespace JanusQ.Ledger.Tests.PostgreSql;

/// <summary>Another program that uses a data folder's server.</summary>
internal sealed class LeaseHolder : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private LeaseHolder(Process process) => this.process = process;

    public int ProcessId => process.Id;

    public int Port { get; private set; }

    public int Postmaster { get; private set; }

    /// <summary>The data directory, or the name of the container.</summary>
    public string Data { get; private set; } = "";

    public static LeaseHolder Begin(string folder, string kind = "lasting", bool ownSession = false, params string[] source)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.LeaseHolder.dll");
        string[] arguments = [dotnet, program, folder, kind, .. source];
        var start = new ProcessStartInfo(ownSession ? "setsid" : dotnet, ownSession ? arguments : arguments[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new LeaseHolder(Process.Start(start)!);
    }

    public static async Task<LeaseHolder> StartAsync(
        string folder, string kind = "lasting", bool ownSession = false, params string[] source)
    {
        var holder = Begin(folder, kind, ownSession, source);
        await holder.ReadyAsync();
        return holder;
    }

    public async Task ReadyAsync()
    {
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        if (line is null || !line.StartsWith("ready ", StringComparison.Ordinal))
        {
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Fail($"the lease holder said: {line} {error}");
        }

        var words = line.Split(' ', 4);
        Port = int.Parse(words[1], CultureInfo.InvariantCulture);
        Postmaster = int.Parse(words[2], CultureInfo.InvariantCulture);
        Data = words[3];
    }

    public async Task ReleaseAsync()
    {
        process.StandardInput.Close();
        await ReleasedAsync();
    }

    /// <summary>Waits until it has given its lease back and ended.</summary>
    public async Task ReleasedAsync()
    {
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
        Assert.Equal("released", line);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>kill -9, at once.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
    }

    /// <summary>Sends a signal to the process, or with a minus to its group, as a terminal does.</summary>
    public async Task SignalAsync(string signal, bool group = false)
    {
        var target = (group ? "-" : "") + process.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", ["-s", signal, "--", target]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
        }

        process.Dispose();
    }
}
