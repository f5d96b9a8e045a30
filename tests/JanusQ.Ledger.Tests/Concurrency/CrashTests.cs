using System.Diagnostics;
using System.Globalization;
using System.Text;
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
            await one.BeginAsync();
            await Task.Delay(random.Next(500, 3000), Cancellation);
            one.Kill();
            await Task.Delay(random.Next(0, 500), Cancellation);
            other.Kill();
            acknowledged.AddRange([.. await one.EndAsync(), .. await other.EndAsync()]);
        }

        Assert.True(
            acknowledged.Count > 20, $"Only {acknowledged.Count} commands were acknowledged: the load is too thin to say anything.");
        var invariants = new LedgerInvariants(ledger.Host, ledger.ConnectionString);
        Assert.True(await invariants.CheckAsync(interrupted: true) > 0);
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
            await load.BeginAsync();
            await Task.Delay(random.Next(500, 4000), Cancellation);

            // What pg_ctl stop -m immediate does: every process of the server ends without a checkpoint, as when the power goes.
            using (var quit = Process.Start("kill", ["-QUIT", lease.Facts.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]))
                await quit.WaitForExitAsync(Cancellation);
            await Processes.WaitForEndAsync(lease.Facts.ProcessId!.Value);
            load.Kill();
            acknowledged.AddRange(await load.EndAsync());
        }

        Assert.True(
            acknowledged.Count > 10, $"Only {acknowledged.Count} commands were acknowledged: the load is too thin to say anything.");
        await using var recovered = await folder.AcquireAsync();
        await using var host = await OpenAsync(recovered);
        var invariants = new LedgerInvariants(host, recovered.ConnectionString);
        Assert.True(await invariants.CheckAsync(interrupted: true) > 0);
        await invariants.CheckAsync(acknowledged);
    }

    private static Task<LedgerHost> OpenAsync(PostgreSqlLease lease) => LedgerHost.OpenAsync(
        new LedgerOptions
        {
            ConnectionString = lease.ConnectionString,
            CreateSchema = true,
            Accept = AcceptedRisks.OwnerConnection,
            Clock = new RunningClock(),
        },
        cancellation: Cancellation);

    private static async Task PrepareAsync(PostgreSqlLease lease)
    {
        await using var host = await OpenAsync(lease);
        await PromotableRun.PrepareAsync(host, Cancellation);
    }

    private static Load Start(string connectionString, string name, int seed)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Testing.RunRecorder.dll");
        string[] arguments = ["exec", program, connectionString, "load", name, seed.ToString(CultureInfo.InvariantCulture)];
        return new Load(
            Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>A running load, and what it said it had recorded.</summary>
    private sealed class Load : IDisposable
    {
        private readonly Process _process;
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Acknowledged> _said = [];
        private readonly Task _reading;
        private readonly Task<string> _errors;

        public Load(Process process)
        {
            _process = process;
            _errors = process.StandardError.ReadToEndAsync(Cancellation);
            _reading = ReadAsync();
        }

        /// <summary>Waits until the first command was acknowledged; fails with what the program says if it ends before.</summary>
        public async Task BeginAsync()
        {
            await Task.WhenAny(_begun.Task, _reading);
            if (!_begun.Task.IsCompleted) Assert.Fail($"The load ended before it recorded anything: {await _errors}");
        }

        public void Kill() => _process.Kill();

        /// <summary>Everything that the program said it had recorded, until it ended.</summary>
        public async Task<IReadOnlyList<Acknowledged>> EndAsync()
        {
            await _reading;
            return _said;
        }

        public void Dispose() => _process.Dispose();

        /// <summary>A line that was cut off by the end of the program is not said.</summary>
        private async Task ReadAsync()
        {
            var (buffer, line) = (new char[4096], new StringBuilder());
            int read;
            while ((read = await _process.StandardOutput.ReadAsync(buffer, Cancellation)) > 0)
                foreach (var letter in buffer.AsMemory(0, read).ToArray())
                    if (letter != '\n')
                    {
                        line.Append(letter);
                    }
                    else
                    {
                        Note(line.ToString());
                        line.Clear();
                    }
        }

        private void Note(string line)
        {
            if (!line.StartsWith(EndlessLoad.Said, StringComparison.Ordinal)) return;
            var parts = line[EndlessLoad.Said.Length..].Split(' ');
            _said.Add(new Acknowledged(Enum.Parse<LoadAction>(parts[0]), parts[1]));
            _begun.TrySetResult();
        }
    }
}
