namespace JanusQ.Ledger.Cli.Tests.Policies;

/// <summary>The files of a lane run of the shipped sample for paper.</summary>
public sealed class SampleRun : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The artifact root.</summary>
    public string Root => _folder.At("run");

    /// <summary>The gate report that the run emitted.</summary>
    public string GateReport => Path.Combine(Root, "gates", "gate-evaluation.json");

    public async ValueTask InitializeAsync()
    {
        var answer = await RunAsync(Root, "paper");
        Assert.True(answer.ExitCode == 0, answer.Error);
    }

    /// <summary>Runs the sample's lane into a folder, recording nothing.</summary>
    internal static Task<ProgramAnswer> RunAsync(string root, string target, params string[] more) => JanusqProgram.RunAsync(
    [
        "lane", "run", "--no-record", "--promotion-target", target, "--output-dir", root, "--output", "json",
        "--evaluated-at", "2026-02-25T06:00:00Z",
        "--signals", JanusqProgram.InRepository("config", "sample", "signals.json"),
        "--strategy-config", JanusqProgram.InRepository("config", "sample", "strategies.yaml"), .. more,
    ]);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
