using System.Collections.Immutable;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Ingest;

/// <summary>Where a document that entered a lane run stands.</summary>
/// <param name="Name">The name that lane.md section 2 gives it.</param>
/// <param name="Ref">The ref under which the run knew it.</param>
/// <param name="Path">The file.</param>
public sealed record LaneInputPlace(string Name, string Ref, string Path);

/// <summary>
/// Where what a finished lane left behind stands among its files, in one of two forms: emitted files at their paths with the documents that
/// entered under <c>inputs/NAME/REF</c>; or <c>args.json</c> that names the documents in <c>input/</c>, and the emitted files in
/// <c>expected/</c> or <c>output/</c>. All paths are relative, with <c>/</c>.
/// </summary>
/// <param name="Emitted">The files by the paths under which they were emitted.</param>
/// <param name="Inputs">The documents that entered, as far as they are there.</param>
public sealed record LaneLayout(ImmutableSortedDictionary<string, string> Emitted, ImmutableArray<LaneInputPlace> Inputs)
{
    /// <summary>The file that tells the second form from the first.</summary>
    public const string Arguments = "args.json";

    /// <summary>The code of every refusal.</summary>
    public const string Invalid = "lane_layout_invalid";

    private const string InputsFolder = "inputs/";
    private const string InputFolder = "input/";

    private static readonly ImmutableArray<string> FoldersOfEmitted = ["expected/", "output/"];

    /// <summary>Finds everything.</summary>
    /// <param name="paths">All files.</param>
    /// <param name="arguments">The bytes of <see cref="Arguments"/>, where that is one of them.</param>
    /// <param name="given">Names of documents that are not looked for.</param>
    /// <exception cref="RefusedException"><c>lane_layout_invalid</c> with the path at fault.</exception>
    public static LaneLayout Of(IReadOnlyCollection<string> paths, byte[]? arguments, IReadOnlyCollection<string> given)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(given);
        var wanted = FinishedLane.InputNames.Where(name => !given.Contains(name, StringComparer.Ordinal));
        return arguments is null ? OfPlain(paths, wanted) : OfNamed(paths, arguments, wanted);
    }

    private static LaneLayout OfPlain(IReadOnlyCollection<string> paths, IEnumerable<string> wanted)
    {
        var inputs = ImmutableArray.CreateBuilder<LaneInputPlace>();
        foreach (var name in wanted)
        {
            var folder = $"{InputsFolder}{name}/";
            var files = paths.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).ToArray();
            if (files.Length > 1) throw Refuse(folder, $"one file is expected, {files.Length} are there");
            if (files is [var file]) inputs.Add(new LaneInputPlace(name, file[folder.Length..], file));
        }

        return new LaneLayout(
            paths.Where(path => !path.StartsWith(InputsFolder, StringComparison.Ordinal)).ToImmutableSortedDictionary(
                path => path, path => path, StringComparer.Ordinal),
            inputs.ToImmutable());
    }

    private static LaneLayout OfNamed(IReadOnlyCollection<string> paths, byte[] arguments, IEnumerable<string> wanted)
    {
        if (!JsonValue.TryRead(arguments, out var value, out var rejection) || value is not JsonObject named)
            throw Refuse(Arguments, rejection?.Message ?? "it is no JSON object");
        var folder = FoldersOfEmitted.FirstOrDefault(name => paths.Any(path => path.StartsWith(name, StringComparison.Ordinal)))
            ?? throw Refuse(Arguments, "beside it there is no folder 'expected' or 'output' with emitted files");
        var inputs = ImmutableArray.CreateBuilder<LaneInputPlace>();
        foreach (var name in wanted)
        {
            if (named[name] is null or JsonNull) continue;
            var reference = (named[name] as JsonText)?.Value;
            if (string.IsNullOrEmpty(reference) || reference.Contains('/', StringComparison.Ordinal) || reference is "." or "..")
                throw Refuse(Arguments, $"{name} is no file name");
            var file = InputFolder + reference;
            if (!paths.Contains(file, StringComparer.Ordinal)) throw Refuse(file, $"{Arguments} names it as {name}, and it is not there");
            inputs.Add(new LaneInputPlace(name, reference, file));
        }

        return new LaneLayout(
            paths.Where(path => path.StartsWith(folder, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(path => path[folder.Length..], path => path, StringComparer.Ordinal),
            inputs.ToImmutable());
    }

    private static RefusedException Refuse(string path, string why) =>
        new(new Refusal(Invalid, $"'{path}' cannot be read: {why}.").With("path", path));
}
