using System.Collections.Immutable;

namespace JanusQ.Ledger.Server.Tests.Deployment;

/// <summary>A program for compositions: the newer one that docker brings, or the older one beside it.</summary>
internal sealed record ComposeProgram(string Program, ImmutableArray<string> First)
{
    /// <summary>The environment as it is.</summary>
    public static readonly ImmutableDictionary<string, string> NoSettings = ImmutableDictionary<string, string>.Empty;

    private static readonly ComposeProgram[] Known = [new("docker", ["compose"]), new("docker-compose", [])];

    /// <summary>All that answer on this machine, at least one.</summary>
    public static async Task<ImmutableArray<ComposeProgram>> AllAsync(CancellationToken cancellation)
    {
        var there = ImmutableArray.CreateBuilder<ComposeProgram>();
        foreach (var program in Known)
            if (await program.TryRunAsync(["version"], NoSettings, cancellation) is { Code: 0 }) there.Add(program);
        Assert.True(there.Count > 0, "Install docker compose or docker-compose: no program for compositions is there.");
        return there.ToImmutable();
    }

    /// <summary>Runs it to its end; null where it is not there.</summary>
    public Task<Ran?> TryRunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation) =>
        OutsideProgram.TryRunAsync(Program, [.. First, .. arguments], environment, cancellation);
}
