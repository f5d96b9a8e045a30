using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Ingest;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>
/// The folder of a finished lane in one of two forms: emitted files at their paths with the documents that entered under
/// <c>inputs/NAME/REF</c>; or <c>args.json</c> that names the documents in <c>input/</c>, and the emitted files in <c>expected/</c> or
/// <c>output/</c>.
/// </summary>
internal sealed class LaneFolder
{
    private const string Arguments = "args.json";
    private static readonly string[] FoldersOfEmitted = ["expected", "output"];

    private readonly string _folder;
    private readonly string _emitted;
    private readonly JsonObject? _arguments;

    private LaneFolder(string folder, string emitted, JsonObject? arguments)
    {
        _folder = folder;
        _emitted = emitted;
        _arguments = arguments;
    }

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="CliFailure">There is no such folder, or its <c>args.json</c> cannot be read.</exception>
    public static LaneFolder Open(string path)
    {
        if (!Directory.Exists(path)) throw Unreadable(path, "there is no such folder");
        var folder = Path.GetFullPath(path);
        var arguments = Path.Combine(folder, Arguments);
        if (!File.Exists(arguments)) return new LaneFolder(folder, folder, null);
        if (!JsonValue.TryRead(File.ReadAllBytes(arguments), out var value, out var rejection) || value is not JsonObject named)
            throw Unreadable(arguments, rejection?.Message ?? "it is no JSON object");
        var emitted = FoldersOfEmitted.Select(name => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists)
            ?? throw Unreadable(path, "it has no folder 'expected' or 'output' with emitted files");
        return new LaneFolder(folder, emitted, named);
    }

    /// <summary>Reads everything and checks it.</summary>
    /// <param name="given">Documents given by options, by name; they stand before those in the folder.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CliFailure">A file cannot be read or is too large.</exception>
    /// <exception cref="Core.RefusedException">What <see cref="FinishedLane.Read"/> refuses.</exception>
    public async Task<FinishedLane> ReadAsync(IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        var inputs = new List<LaneInputDocument>();
        foreach (var name in FinishedLane.InputNames)
        {
            var file = given.TryGetValue(name, out var option) ? option : Find(name);
            if (file is null) continue;
            var read = await InputFile.ReadAsync($"the document {name}", file, cancellation).ConfigureAwait(false);
            inputs.Add(new LaneInputDocument(name, read.Reference, new DocumentContent(read.Bytes)));
        }

        var files = new Dictionary<string, DocumentContent>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_emitted, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(_emitted, file).Replace(Path.DirectorySeparatorChar, '/');
            if (_arguments is null && path.StartsWith("inputs/", StringComparison.Ordinal)) continue;
            if (new FileInfo(file).LinkTarget is not null) throw Unreadable(file, "it is a symbolic link");
            if (new FileInfo(file).Length > InputFile.Limit) throw Unreadable(file, "it is too large");
            files[path] = new DocumentContent(await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false));
        }

        return FinishedLane.Read(files, inputs);
    }

    private string? Find(string name)
    {
        if (_arguments is not null)
        {
            if (_arguments[name] is null or JsonNull) return null;
            var reference = (_arguments[name] as JsonText)?.Value;
            if (reference is null || reference != Path.GetFileName(reference)) throw Unreadable(Arguments, $"{name} is no file name");
            return Path.Combine(_folder, "input", reference);
        }

        var folder = Path.Combine(_folder, "inputs", name);
        if (!Directory.Exists(folder)) return null;
        var files = Directory.GetFiles(folder);
        return files.Length == 1 ? files[0] : throw Unreadable(folder, $"one file is expected, {files.Length} are there");
    }

    private static CliFailure Unreadable(string path, string why) =>
        new(ExitCode.Failed, "input_unreadable", $"'{path}' cannot be read: {why}.");
}
