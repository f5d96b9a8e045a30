using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Ingest;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>The folder of a finished lane, in one of the forms of <see cref="LaneLayout"/>.</summary>
internal sealed class LaneFolder
{
    private readonly string _folder;

    private LaneFolder(string folder) => _folder = folder;

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="CliFailure">There is no such folder.</exception>
    public static LaneFolder Open(string path) =>
        Directory.Exists(path) ? new LaneFolder(Path.GetFullPath(path)) : throw Unreadable(path, "there is no such folder");

    /// <summary>Reads everything and checks it.</summary>
    /// <param name="given">Documents given by options, by name; they stand before those in the folder.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CliFailure">A file cannot be read or is too large.</exception>
    /// <exception cref="RefusedException">What <see cref="FinishedLane.Read"/> refuses.</exception>
    public async Task<FinishedLane> ReadAsync(IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        var layout = Lay([.. given.Keys]);
        var places = layout.Inputs.ToDictionary(input => input.Name, input => At(input.Path), StringComparer.Ordinal);
        foreach (var (name, path) in given) places[name] = path;
        var inputs = new List<LaneInputDocument>();
        foreach (var (name, path) in places)
        {
            var read = await InputFile.ReadAsync($"the document {name}", path, cancellation).ConfigureAwait(false);
            inputs.Add(new LaneInputDocument(name, read.Reference, new DocumentContent(read.Bytes)));
        }

        var files = new Dictionary<string, DocumentContent>(StringComparer.Ordinal);
        foreach (var (path, place) in layout.Emitted)
        {
            var file = new FileInfo(At(place));
            if (file.LinkTarget is not null) throw Unreadable(file.FullName, "it is a symbolic link");
            if (file.Length > InputFile.Limit) throw Unreadable(file.FullName, "it is too large");
            files[path] = new DocumentContent(await File.ReadAllBytesAsync(file.FullName, cancellation).ConfigureAwait(false));
        }

        return FinishedLane.Read(files, inputs);
    }

    private LaneLayout Lay(IReadOnlyCollection<string> given)
    {
        var paths = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .ToArray();
        var arguments = At(LaneLayout.Arguments);
        try
        {
            return LaneLayout.Of(paths, File.Exists(arguments) ? File.ReadAllBytes(arguments) : null, given);
        }
        catch (RefusedException refused) when (refused.Refusal.Code == LaneLayout.Invalid)
        {
            throw new CliFailure(ExitCode.Failed, "input_unreadable", $"{_folder}: {refused.Refusal.Explanation}");
        }
    }

    private string At(string path) => Path.Combine(_folder, path);

    private static CliFailure Unreadable(string path, string why) =>
        new(ExitCode.Failed, "input_unreadable", $"'{path}' cannot be read: {why}.");
}
