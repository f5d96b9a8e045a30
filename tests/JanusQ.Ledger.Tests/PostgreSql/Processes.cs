using System.Diagnostics;

namespace JanusQ.Ledger.Tests.PostgreSql;

internal static class Processes
{
    /// <summary>Whether a process of that id runs; a dead one that nobody has waited for yet does not.</summary>
    public static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !OperatingSystem.IsLinux() || !File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return false;
        }
    }

    public static async Task WaitForEndAsync(int id)
    {
        for (var attempt = 0; IsRunning(id) && attempt < 100; attempt++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(IsRunning(id), $"process {id} still runs");
    }

    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }
}
