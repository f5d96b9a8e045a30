using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Promotion;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary>
/// The artifacts of a run as files of a folder, at their paths with <c>/</c>. Only files that stand in the folder itself are artifacts:
/// a path that could leave it, or that leads over a symbolic link, holds none.
/// </summary>
internal sealed class FolderArtifacts : IRunArtifacts
{
    private readonly string _root;

    private FolderArtifacts(string root) => _root = root;

    /// <summary>Takes a folder.</summary>
    /// <exception cref="CliFailure"><c>input_unreadable</c>: there is no such folder.</exception>
    public static FolderArtifacts Open(string option, string path) =>
        Directory.Exists(path)
            ? new FolderArtifacts(Path.GetFullPath(path))
            : throw new CliFailure(ExitCode.Failed, "input_unreadable", $"{option} '{path}' is not a folder.");

    /// <summary>The folder that holds the folder <c>gates</c> with a gate report; no artifacts where the report stands elsewhere.</summary>
    public static IRunArtifacts Around(string gateReport)
    {
        var gates = Directory.GetParent(Path.GetFullPath(gateReport));
        return gates is { Name: "gates", Parent: { } root } ? new FolderArtifacts(root.FullName) : RunArtifacts.None;
    }

    /// <inheritdoc />
    public bool Contains(string path) => Locate(path) is not null;

    /// <inheritdoc />
    /// <exception cref="CliFailure"><c>input_unreadable</c> or <c>input_too_large</c>: such a file is not a missing one.</exception>
    public byte[]? Find(string path)
    {
        if (Locate(path) is not { } file) return null;
        if (file.Length > InputFile.Limit)
        {
            var limit = InputFile.Limit.ToString(CultureInfo.InvariantCulture);
            throw new CliFailure(
                ExitCode.Failed,
                "input_too_large",
                $"The artifact '{path}' holds {file.Length.ToString(CultureInfo.InvariantCulture)} bytes; at most {limit} are accepted.");
        }

        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Failed, "input_unreadable", $"The artifact '{path}' cannot be read: {failure.Message}");
        }
    }

    private FileInfo? Locate(string path)
    {
        var segments = path.Split('/');
        if (!segments.All(IsName)) return null;
        var at = _root;
        foreach (var segment in segments[..^1])
        {
            at = Path.Combine(at, segment);
            var folder = new DirectoryInfo(at);
            if (!folder.Exists || folder.LinkTarget is not null) return null;
        }

        var file = new FileInfo(Path.Combine(at, segments[^1]));
        return file.Exists && file.LinkTarget is null ? file : null;
    }

    private static bool IsName(string segment) =>
        segment is not ("" or "." or "..") && !segment.Any(character => character is '\\' or ':' || char.IsControl(character));
}
