using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Ingest;

namespace JanusQ.Ledger.Tests.Ingest;

/// <summary>A conformance case of the lane as a lane in another language would leave it behind.</summary>
internal sealed record VectorLane(string Name, Dictionary<string, DocumentContent> Files, List<LaneInputDocument> Inputs)
{
    private static readonly string Folder = Path.Combine(Repository(), "tests", "vectors", "lane");

    /// <summary>The names of the cases that end with a gate report.</summary>
    public static IEnumerable<string> Finished =>
        Directory.EnumerateDirectories(Folder).Where(
            folder => File.Exists(Path.Combine(folder, "expected", "gates", "gate-evaluation.json")))
            .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static VectorLane Open(string name)
    {
        var expected = Path.Combine(Folder, name, "expected");
        var files = Directory.EnumerateFiles(expected, "*", SearchOption.AllDirectories)
            .ToDictionary(
                path => Path.GetRelativePath(expected, path).Replace('\\', '/'), path => new DocumentContent(File.ReadAllBytes(path)));
        var arguments = (JsonObject)JsonValue.Read(File.ReadAllBytes(Path.Combine(Folder, name, "args.json")));
        var inputs = FinishedLane.InputNames.Where(input => arguments[input] is JsonText).Select(input =>
        {
            var reference = ((JsonText)arguments[input]!).Value;
            return new LaneInputDocument(
                input, reference, new DocumentContent(File.ReadAllBytes(Path.Combine(Folder, name, "input", reference))));
        });
        return new VectorLane(name, files, [.. inputs]);
    }

    public FinishedLane Read() => FinishedLane.Read(Files, Inputs);

    /// <summary>The last file of the lane, which names its run.</summary>
    public JsonObject Report => Document("gates/gate-evaluation.json");

    /// <summary>The verdict of the lane on its own run.</summary>
    public JsonObject Verdict => Document("gates/promotion-evidence-gate.json");

    private JsonObject Document(string path) => (JsonObject)JsonValue.Read(Files[path].Bytes.ToArray());

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) folder = folder.Parent;
        return folder!.FullName;
    }
}
