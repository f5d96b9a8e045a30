using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>The program as a server, and what the README says about it.</summary>
public sealed class ServeTests
{
    private const string Section = "## Serve it to others";
    private const string PrintedAddress = "127.0.0.1:8380";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_lines_of_the_readme_do_what_it_says_and_an_interrupt_stops_the_server_and_its_database()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("The lines are for a POSIX shell.");
        var blocks = await BlocksAsync();
        Assert.Equal(3, blocks.Length);
        Assert.Equal("janusq serve", blocks[0].Split('#')[0].Trim());
        Assert.Contains($"# at http://{PrintedAddress};", blocks[0], StringComparison.Ordinal);

        using var data = new DataFolder();
        var address = FreeAddress();
        var environment = new Dictionary<string, string?> { ["JANUSQ_DATA"] = data.Path, ["JANUSQ_URLS"] = $"http://{address}" };
        using var server = JanusqProgram.Start(environment, "serve", "--output", "json");
        var said = await SaidUntilAsync(server, "is served at");
        Assert.Contains($"the ledger is served at http://{address};", said, StringComparison.Ordinal);
        Assert.Contains("janusq key create --name", said, StringComparison.Ordinal);
        var output = server.StandardOutput.ReadToEndAsync(Cancellation);
        var error = server.StandardError.ReadToEndAsync(Cancellation);

        var lines = $"{blocks[1]}\necho '--- the command line'\n{blocks[2]}";
        var all = await RunScriptAsync(lines.Replace(PrintedAddress, address, StringComparison.Ordinal), environment);
        var (answered, shown) = (all.Split("--- the command line")[0], all.Split("--- the command line")[1]);
        Assert.Contains("cand-b466740d9ca3", shown, StringComparison.Ordinal);
        Assert.Contains("evaluating", shown, StringComparison.Ordinal);
        var recorded = answered.Replace("\":\"", "\": \"", StringComparison.Ordinal).Split("\"outcome\": \"recorded\"").Length - 1;
        Assert.True(recorded == 4, $"Three documents and the start of a run are recorded: {answered}");
        Assert.Contains("\"candidate_id\": \"cand-b466740d9ca3\"", answered, StringComparison.Ordinal);
        Assert.Contains("8c9abc73abd921695ff33067ed8c2dbd20aec97eb0094b3006eede49a374b893", answered, StringComparison.Ordinal);

        // The events that came in are signed in the background.
        var log = new JsonObject([]);
        for (var i = 0; i < 50 && log["checkpoint"] is not JsonObject; i++)
            log = (JsonObject)(await JanusqProgram.RunAsync(environment, ["db", "status", "--output", "json"])).Document["log"]!;
        Assert.Equal("1", ((JsonObject)log["checkpoint"]!)["size"]!.ToString());

        // Whatever the events name is stored: nothing is left for an auditor to find.
        var audit = await JanusqProgram.RunAsync(environment, ["audit", "verify", "--output", "json"]);
        Assert.True(audit.ExitCode == 0, $"{audit.Output}\n{audit.Error}");
        Assert.Equal("verified", audit.Text("status"));

        await InterruptAsync(server);
        using var patience = new CancellationTokenSource(Patience);
        await server.WaitForExitAsync(patience.Token);
        Assert.True(server.ExitCode == 0, await error);
        Assert.Equal("stopped", new ProgramAnswer(0, await output, "").Text("status"));
        Assert.Contains("PostgreSQL stopped", await error, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task what_cannot_be_served_is_said()
    {
        Assert.Equal(2, (await JanusqProgram.RunAsync("serve", "--urls", "here")).ExitCode);
        Assert.Equal(2, (await JanusqProgram.RunAsync("serve", "--urls", "ftp://127.0.0.1:1")).ExitCode);
        using var data = new DataFolder();
        string[] serve = ["serve", "--output", "json", "--data", data.Path, "--urls", $"http://{FreeAddress()}"];
        var wrong = await JanusqProgram.RunAsync(new Dictionary<string, string?> { ["JANUSQ_LIMITS_HEADERS"] = "many" }, serve);
        Assert.Equal((1, "settings_invalid"), (wrong.ExitCode, wrong.Text("error", "code")));
        Assert.Contains("JANUSQ_LIMITS_HEADERS", wrong.Text("error", "message"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.Path));

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var refused = await JanusqProgram.RunAsync([.. serve[..^1], $"http://{taken.LocalEndpoint}"]);
        Assert.Equal((1, "input_output_error"), (refused.ExitCode, refused.Text("error", "code")));
    }

    /// <summary>The shell blocks of the section.</summary>
    private static async Task<string[]> BlocksAsync()
    {
        var readme = await File.ReadAllTextAsync(JanusqProgram.InRepository("README.md"), Cancellation);
        var section = readme[readme.IndexOf(Section, StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", 1, StringComparison.Ordinal)];
        return [.. section.Split("```sh\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];
    }

    private static async Task<string> RunScriptAsync(string script, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = JanusqProgram.Repository,
        };
        start.ArgumentList.Add("-euo");
        start.ArgumentList.Add("pipefail");
        start.Environment.Remove("JANUSQ_CONNECTION");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var shell = Process.Start(start) ?? throw new InvalidOperationException("There is no bash.");
        var program = Path.Combine(AppContext.BaseDirectory, "janusq.dll");
        await shell.StandardInput.WriteAsync($"janusq() {{ dotnet '{program}' \"$@\"; }}\n{script}");
        shell.StandardInput.Close();
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(Cancellation), shell.StandardError.ReadToEndAsync(Cancellation));
        using var patience = new CancellationTokenSource(Patience);
        await shell.WaitForExitAsync(patience.Token);
        Assert.True(shell.ExitCode == 0, $"{await output}\n{await error}");
        return await output;
    }

    private static async Task<string> SaidUntilAsync(Process server, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        var said = "";
        while (!said.Contains(what, StringComparison.Ordinal))
        {
            var line = await server.StandardError.ReadLineAsync(patience.Token);
            said += (line ?? throw new InvalidOperationException($"The server ended: {said}")) + "\n";
        }

        return said;
    }

    private static async Task InterruptAsync(Process server)
    {
        using var kill = Process.Start("kill", ["-INT", server.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancellation);
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }
}
