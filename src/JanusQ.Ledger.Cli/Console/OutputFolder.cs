using JanusQ.Ledger.Core.Artifacts;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>
/// Writes emitted files into a folder. Each path is written aside and then moved into place, so a file that stands there is whole; what a
/// killed run left aside is removed by the next.
/// </summary>
internal sealed class OutputFolder
{
    private const string Aside = ".janusq-part";

    private readonly string _root;

    private OutputFolder(string root) => _root = root;

    /// <summary>Opens a folder, made if it is not there, and checks that files can be written into it.</summary>
    /// <exception cref="CliFailure">It cannot be written.</exception>
    public static OutputFolder Open(string option, string path)
    {
        try
        {
            var root = Path.GetFullPath(path);
            Directory.CreateDirectory(root);
            foreach (var left in Directory.EnumerateFiles(root, "*" + Aside, SearchOption.AllDirectories)) File.Delete(left);
            var probe = Path.Combine(root, "probe" + Aside);
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new OutputFolder(root);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliFailure(ExitCode.Failed, "output_unwritable", $"{option} '{path}' cannot be written: {failure.Message}");
        }
    }

    /// <summary>Where a relative path stands.</summary>
    public string PathOf(string relative) => Path.Combine(_root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Writes one file.</summary>
    public void Write(string relative, IArtifactFile content)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = path + Aside;
        try
        {
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
                content.WriteTo(stream.Write);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Removes a file of an earlier run that this one does not emit.</summary>
    public void Remove(string relative)
    {
        if (File.Exists(PathOf(relative))) File.Delete(PathOf(relative));
    }
}
