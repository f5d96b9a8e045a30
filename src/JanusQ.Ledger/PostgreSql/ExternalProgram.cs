using System.ComponentModel;
using System.Diagnostics;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>How a program ended. <see cref="ExitCode"/> is null when it was stopped because its time was over.</summary>
internal sealed record ProgramResult(int? ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it said, for an error message.</summary>
    public string Said
    {
        get
        {
            var said = $"{Error.Trim()}\n{Output.Trim()}".Trim();
            return ExitCode is null ? $"(no end in time) {said}" : $"(exit code {ExitCode}) {said}";
        }
    }
}

/// <summary>Runs another program to its end, never longer than it may take.</summary>
internal static class ExternalProgram
{
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static async Task<ProgramResult> RunAsync(
        string file, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellation, string? input = null)
    {
        using var process = new Process { StartInfo = Describe(file, arguments, input is not null) };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            if (input is not null)
                await WriteInputAsync(process, input, limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            cancellation.ThrowIfCancellationRequested();
            return new ProgramResult(null, await SaidAsync(output).ConfigureAwait(false), await SaidAsync(error).ConfigureAwait(false));
        }

        return new ProgramResult(
            process.ExitCode, await SaidAsync(output).ConfigureAwait(false), await SaidAsync(error).ConfigureAwait(false));
    }

    private static ProcessStartInfo Describe(string file, IEnumerable<string> arguments, bool withInput)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = withInput,
            UseShellExecute = false,
            CreateNoWindow = true,
            // The folder we stand in may be closed to the user that the program runs as.
            WorkingDirectory = OperatingSystem.IsWindows() ? "" : "/",
        };
        if (OperatingSystem.IsWindows())
            start.CreateNewProcessGroup = true;

        // The cluster's settings are its own; messages are read by programs.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task WriteInputAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code tells more than a broken pipe.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            // Not its children: one of them may be the server, which is stopped in another way.
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }

    // A daemon that inherited the pipe keeps it open beyond the end of the program that started it.
    private static async Task<string> SaidAsync(Task<string> text) =>
        await Task.WhenAny(text, Task.Delay(OutputGrace)).ConfigureAwait(false) == text ? await text.ConfigureAwait(false) : "";
}
