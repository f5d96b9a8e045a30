using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Cli.Tests.Bundles;

/// <summary>The verifier in another language: Node with its built-in modules.</summary>
internal static class SecondVerifier
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true });
            process!.WaitForExit();
            return process.ExitCode == 0 ? null : "node does not run";
        }
        catch (Win32Exception)
        {
            return "node is not installed";
        }
    });

    /// <summary>Skips the test where there is no Node.</summary>
    public static void SkipIfMissing() => Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");

    public static async Task<(int ExitCode, JsonObject Answer)> RunAsync(string path, params VerifierKey[] keys)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(JanusqProgram.InRepository("tests", "verifier", "verify.mjs"));
        start.ArgumentList.Add(path);
        foreach (var key in keys) start.ArgumentList.Add(key.ToString());
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode is 0 or 5, $"node ended with {process.ExitCode}: {await error}");
        return (process.ExitCode, (JsonObject)JsonValue.Read(Encoding.UTF8.GetBytes(output)));
    }
}
