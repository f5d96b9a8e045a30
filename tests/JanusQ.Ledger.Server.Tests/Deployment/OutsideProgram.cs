using System.ComponentModel;
using System.Diagnostics;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Deployment;

/// <summary>What a program said until it ended.</summary>
internal sealed record Ran(int Code, string Output, string Error);

/// <summary>Programs of the machine, run in the repository's root.</summary>
internal static class OutsideProgram
{
    /// <summary>Runs a program to its end; null where there is none of that name.</summary>
    public static async Task<Ran?> TryRunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryFiles.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = TryStart(start);
        if (process is null) return null;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            return new Ran(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
