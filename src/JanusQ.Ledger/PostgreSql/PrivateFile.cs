using System.Text;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>Files and folders that only their owner can read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode PassThrough = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Writes the whole file or nothing: another name first, made durable, then renamed.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        var unfinished = path + ".new";
        var stream = new FileStream(unfinished, options);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Makes a folder, with its parents, when it is absent; an existing one keeps its mode.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="passThrough">Others may go through it, and the parents made, to what is theirs in it, but not list it.</param>
    public static void MakeFolder(string path, bool passThrough = false)
    {
        if (Directory.Exists(path))
            return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
            MakeFolder(parent, passThrough);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerFolder);
        // Said again, because a strict umask takes from what is asked for at the making.
        if (passThrough)
            File.SetUnixFileMode(path, OwnerFolder | PassThrough);
    }
}
