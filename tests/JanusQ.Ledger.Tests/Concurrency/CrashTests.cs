using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Tests.PostgreSql;

namespace JanusQ.Ledger.Tests.Concurrency;

/// <summary>
/// Programs and the server are killed under load. Afterwards every acknowledged command is there exactly once and nothing is half done.
/// </summary>
public sealed class CrashTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task programs_that_are_killed_at_random_moments_leave_nothing_half_done()
    {
        var random = new Random(20260225);
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres, options => options with { Clock = new RunningClock() });
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        var acknowledged = new List<Acknowledged>();
        for (var round = 0; round < 4; round++)
        {
            using var one = Start(ledger.ConnectionString, $"one-{round}", random.Next());
            using var other = Start(ledger.ConnectionString, $"other-{round}", random.Next());
            var (said, alsoSaid) = (ReadAsync(one), ReadAsync(other));
            await Task.Delay(random.Next(2500, 5000), Cancellation);
            one.Kill();
            await Task.Delay(random.Next(0, 500), Cancellation);
            other.Kill();
            acknowledged.AddRange([.. await said, .. await alsoSaid]);
        }

        Assert.True(acknowledged.Count > 20, $"Only {acknowledged.Count} commands were acknowledged: the load is too thin to say anything.");
        var invariants = new LedgerInvariants(ledger.Host, ledger.ConnectionString);
        Assert.True(await invariants.CheckAsync() > 0);
        await invariants.CheckAsync(acknowledged);
    }

    [Fact]
    public async Task a_server_that_is_stopped_at_once_at_random_moments_forgets_nothing_that_was_acknowledged()
    {
        var random = new Random(20260226);
        await using var folder = new DataFolder();
        var acknowledged = new List<Acknowledged>();
        for (var round = 0; round < 3; round++)
        {
            await using var lease = await folder.AcquireAsync();
            if (round == 0) await PrepareAsync(lease);
            using var load = Start(lease.ConnectionString, $"load-{round}", random.Next());
            var said = ReadAsync(load);
            await Task.Delay(random.Next(3000, 6000), Cancellation);

            // What pg_ctl stop -m immediate does: every process of the server ends without a checkpoint, as when the power goes.
            using (var quit = Process.Start("kill", ["-QUIT", lease.Facts.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]))
                await quit.WaitForExitAsync(Cancellation);
            await Processes.WaitForEndAsync(lease.Facts.ProcessId!.Value);
            load.Kill();
            acknowledged.AddRange(await said);
        }

        Assert.True(acknowledged.Count > 10, $"Only {acknowledged.Count} commands were acknowledged: the load is too thin to say anything.");
        await using var recovered = await folder.AcquireAsync();
        await using var host = Open(recovered);
        var invariants = new LedgerInvariants(host, recovered.ConnectionString);
        Assert.True(await invariants.CheckAsync() > 0);
        await invariants.CheckAsync(acknowledged);
    }

    private static LedgerHost Open(PostgreSqlLease lease) =>
        LedgerHost.Open(new LedgerOptions { ConnectionString = lease.ConnectionString, CreateSchema = true, Clock = new RunningClock() });

    private static async Task PrepareAsync(PostgreSqlLease lease)
    {
        await using var host = Open(lease);
        await PromotableRun.PrepareAsync(host, Cancellation);
    }

    private static Process Start(string connectionString, string name, int seed)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.RunRecorder.dll");
        string[] arguments = ["exec", program, connectionString, "load", name, seed.ToString(CultureInfo.InvariantCulture)];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Everything that a program said it had recorded, until it ended. A line that was cut off by its end is not said.</summary>
    private static async Task<List<Acknowledged>> ReadAsync(Process load)
    {
        _ = load.StandardError.ReadToEndAsync(Cancellation);
        var text = await load.StandardOutput.ReadToEndAsync(Cancellation);
        var acknowledged = new List<Acknowledged>();
        foreach (var line in text.Split('\n')[..^1])
        {
            if (!line.StartsWith(EndlessLoad.Said, StringComparison.Ordinal)) continue;
            var parts = line[EndlessLoad.Said.Length..].Split(' ');
            acknowledged.Add(new Acknowledged(Enum.Parse<LoadAction>(parts[0]), parts[1]));
        }

        return acknowledged;
    }
}
