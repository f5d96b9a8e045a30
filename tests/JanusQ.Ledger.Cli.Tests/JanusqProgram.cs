using System.Diagnostics;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>What the program answered.</summary>
internal sealed record ProgramAnswer(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonObject Document => (JsonObject)JsonValue.Read(Encoding.UTF8.GetBytes(Output));

    /// <summary>A text of the document by the names that lead to it.</summary>
    public string Text(params string[] path)
    {
        JsonValue value = Document;
        foreach (var name in path) value = ((JsonObject)value)[name] ?? throw new KeyNotFoundException($"There is no '{name}' in {Output}");
        return ((JsonText)value).Value;
    }
}

/// <summary>The real program in a process of its own.</summary>
internal static class JanusqProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Path of a file of the repository.</summary>
    public static string InRepository(params string[] parts) => Path.Combine([Repository, .. parts]);

    /// <summary>Starts the program; the caller waits for it or kills it.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "janusq.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("JANUSQ_CONNECTION");
        start.Environment.Remove("JANUSQ_DATA");

        // One role does everything on the tests' server, and nothing on it need survive a crash.
        start.Environment["JANUSQ_ACCEPT"] = "owner-connection,volatile-server";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("The program does not start.");
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<ProgramAnswer> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs the program to its end with more environment variables.</summary>
    public static async Task<ProgramAnswer> RunAsync(IReadOnlyDictionary<string, string?>? environment, string[] arguments)
    {
        using var process = Start(environment, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"janusq {string.Join(' ', arguments)} did not end.");
        }

        return new ProgramAnswer(process.ExitCode, await output, await error);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The repository's root is not above the test assembly.");
    }
}
