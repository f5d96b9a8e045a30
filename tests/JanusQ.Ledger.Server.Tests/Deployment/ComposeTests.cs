using System.ComponentModel;
using System.Diagnostics;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Deployment;

public sealed class ComposeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Explicit: whether a program for compositions is there, and what it says of itself when it is not, differs from machine to machine.
    [Fact(Explicit = true)]
    public async Task the_composition_is_valid()
    {
        var valid = 0;
        foreach (var (program, command) in new[] { ("docker", "compose "), ("docker-compose", "") })
        {
            if (await RunAsync(program, $"{command}version") is not { Code: 0 }) continue;
            var answer = await RunAsync(program, $"{command}config --quiet");
            Assert.True(answer is { Code: 0 }, answer?.Error);
            valid++;
        }

        Assert.True(valid > 0, "Install docker compose or docker-compose: no program for compositions is there.");
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
