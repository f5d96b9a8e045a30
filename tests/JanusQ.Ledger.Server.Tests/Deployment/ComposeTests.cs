using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Deployment;

public sealed class ComposeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Explicit: whether a program for compositions is there, and what it says of itself when it is not, differs from machine to machine.
    [Fact(Explicit = true)]
    public async Task the_composition_is_valid()
    {
        foreach (var program in await ComposeProgram.AllAsync(Cancellation))
        {
            var answer = await program.TryRunAsync(["config", "--quiet"], ComposeProgram.NoSettings, Cancellation);
            Assert.True(answer is { Code: 0 }, answer?.Error);
        }
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
        Assert.Contains("JANUSQ_LOG_KEY_FILE: /run/secrets/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("JANUSQ_LOG_KEY:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("POSTGRES_PASSWORD:", text, StringComparison.Ordinal);
    }
}
