using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>A cluster's <c>postmaster.pid</c>: who runs it, and where it listens. It outlives a server that was killed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">All of the file.</param>
/// <param name="ProcessId">Process id of the postmaster.</param>
/// <param name="Started">When it started.</param>
/// <param name="Port">TCP port; null as long as it is not known.</param>
internal sealed record PostmasterFile(string Path, string Text, int ProcessId, DateTimeOffset Started, int? Port)
{
    private const int NobodysProcessId = int.MaxValue;
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(10);

    /// <summary>Reads the file of a data directory; null: there is none, or nobody's id stands in it.</summary>
    public static PostmasterFile? TryRead(string dataFolder)
    {
        var path = System.IO.Path.Combine(dataFolder, "postmaster.pid");
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var lines = text.Split('\n');
        if (!int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId) || processId == NobodysProcessId)
            return null;
        var started = Line(2) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return new PostmasterFile(path, text, processId, started, Line(3) is { } port ? (int)port : null);

        long? Line(int index) =>
            index < lines.Length && long.TryParse(lines[index], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
    }

    /// <summary>Whether the process of that id is the postmaster of this very cluster, and not another one that got the id later.</summary>
    public bool IsAlive()
    {
        if (OperatingSystem.IsLinux())
        {
            // A postmaster stands in its data directory.
            try
            {
                var seen = File.ReadAllText($"/proc/{ProcessId}/cwd/postmaster.pid").Split('\n', 2)[0];
                return seen == Text.Split('\n', 2)[0];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal)
                && (process.StartTime.ToUniversalTime() - Started.UtcDateTime).Duration() < StartTolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// Makes the file of a dead postmaster say so. PostgreSQL refuses to start while a living process has the id. The file stays,
    /// because it also has the shared memory's key, by which PostgreSQL refuses to start beside children of the dead one.
    /// </summary>
    public void Disown()
    {
        var rest = Text.IndexOf('\n', StringComparison.Ordinal);
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Write);
        stream.SetLength(0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(
            NobodysProcessId.ToString(CultureInfo.InvariantCulture) + (rest < 0 ? "\n" : Text[rest..])));
    }

    public void Kill()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }
}
