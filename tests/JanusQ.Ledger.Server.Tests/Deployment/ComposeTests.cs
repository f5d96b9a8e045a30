using System.ComponentModel;
using System.Diagnostics;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Deployment;

public sealed class ComposeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_composition_is_valid_where_there_is_a_program_to_say_so()
    {
        var said = new List<string>();
        foreach (var (program, arguments) in new[] { ("docker", "compose config --quiet"), ("docker-compose", "config --quiet") })
        {
            if (await RunAsync(program, arguments) is not { } answer) continue;
            if (answer.Code == 0) return;
            said.Add(answer.Error);
        }

        // A docker without its plugin for compositions says that it does not know the command.
        var refused = said.Where(one => !one.Contains("unknown", StringComparison.Ordinal) && !one.Contains("is not a docker command", StringComparison.Ordinal)).ToArray();
        Assert.True(refused.Length == 0, string.Join('\n', refused));
        Assert.Skip("No program for compositions is there.");
    }

    [Fact]
    public async Task nothing_in_the_composition_runs_as_root_writes_to_its_image_or_holds_a_secret_in_its_text()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "docker-compose.yml"), Cancellation);
        var image = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "Dockerfile"), Cancellation);
        Assert.Contains("\nUSER 1654:1654\n", image, StringComparison.Ordinal);
        Assert.Contains("read_only: true", text, StringComparison.Ordinal);
        Assert.Contains("cap_drop: [ALL]", text, StringComparison.Ordinal);
        Assert.Contains("Username=janusq_server;Passfile=/run/secrets/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("POSTGRES_PASSWORD:", text, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)?> RunAsync(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = RepositoryFiles.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
            await process.WaitForExitAsync(Cancellation);
            await output;
            return (process.ExitCode, await error);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
