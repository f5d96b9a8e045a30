using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>The server as a program of its own.</summary>
public sealed class ServerProgramTests(PostgreSqlFixture postgreSql)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task it_serves_the_database_that_a_secret_file_names_until_it_is_told_to_end()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no signal to end it with.");
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var (key, _) = await new ApiKeys(source, TimeProvider.System).CreateAsync("lane-1", "worker", null, "anna", Cancellation);
        var secrets = Directory.CreateTempSubdirectory("janusq-secrets-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(secrets.FullName, "JANUSQ_CONNECTION"), database.ConnectionString, Cancellation);
            var address = FreeAddress();
            using var server = Start(
                new() { ["JANUSQ_SECRETS"] = secrets.FullName, ["JANUSQ_ACCEPT"] = "owner-connection,volatile-server" }, "--urls", address);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, server));
            client.DefaultRequestHeaders.Authorization = null;
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, server));
            using (var kill = Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync(Cancellation);
            Assert.Equal(0, await ExitOfAsync(server));
            Assert.Equal("credentials_missing", Assert.Single(await new SecurityLog(source).LatestAsync(10, Cancellation)).Code);
        }
        finally
        {
            secrets.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("JANUSQ_LIMITS_HEADERS", "many", "settings_invalid")]
    [InlineData("JANUSQ_CONNECTION", "Host=127.0.0.1;Port=1", "database_unavailable")]
    [InlineData("JANUSQ_ACCEPT", "owner-connection", "server_not_durable")]
    public async Task it_does_not_start_on_what_is_wrong_and_says_so(string variable, string value, string code)
    {
        await using var database = await postgreSql.NewLedgerDatabaseAsync();
        var environment = new Dictionary<string, string?>
        {
            ["JANUSQ_CONNECTION"] = $"{database.ConnectionString};Options=-c synchronous_commit=off",
            ["JANUSQ_ACCEPT"] = "owner-connection,volatile-server",
            [variable] = value,
        };
        using var server = Start(environment, "--urls", FreeAddress());
        var said = server.StandardOutput.ReadToEndAsync(Cancellation);
        Assert.Equal(1, await ExitOfAsync(server));
        Assert.Contains(code, await said, StringComparison.Ordinal);
    }

    private static Process Start(Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "JanusQ.Ledger.Server.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("JANUSQ_CONNECTION");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The server does not start.");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Process server)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/v1/candidates/cand-0123456789ab", Cancellation);
                return answer.StatusCode;
            }
            catch (HttpRequestException) when (!server.HasExited && clock.Elapsed < Patience)
            {
                await Task.Delay(100, Cancellation);
            }
        }
    }

    private static async Task<int> ExitOfAsync(Process server)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await server.WaitForExitAsync(patience.Token);
            return server.ExitCode;
        }
        finally
        {
            if (!server.HasExited) server.Kill();
        }
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
