using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JanusQ.Ledger.Benchmarks.Serving;

/// <summary>Memory of a process in bytes.</summary>
/// <param name="WorkingSet">Resident pages.</param>
/// <param name="Heap">Managed objects after a full collection.</param>
internal readonly record struct ServerMemory(long WorkingSet, long Heap);

/// <summary>The server in a process of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it on a database, and waits until it answers.</summary>
    public static async Task<ServerProcess> StartAsync(string connection)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.LoneServer.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, connection, address, "tells-memory"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // As the server's own program has it, which is a web program.
        start.Environment["DOTNET_gcServer"] = "1";
        var server = new ServerProcess(Process.Start(start)!, new Uri(address));
        if (await server._process.StandardOutput.ReadLineAsync() == "ready") return server;
        server.Dispose();
        throw new InvalidOperationException("The server did not start.");
    }

    /// <summary>Its memory now; it collects garbage for that.</summary>
    public async Task<ServerMemory> MemoryAsync()
    {
        await _process.StandardInput.WriteLineAsync("memory");
        await _process.StandardInput.FlushAsync();
        var told = await _process.StandardOutput.ReadLineAsync();
        _process.Refresh();
        return new ServerMemory(_process.WorkingSet64, long.Parse(told!, CultureInfo.InvariantCulture));
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Busy()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
