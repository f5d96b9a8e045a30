using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Locate();

    public static byte[] Bytes(params string[] path) => File.ReadAllBytes(Path.Combine([Root, .. path]));

    public static JsonObject Json(params string[] path) => (JsonObject)JsonValue.Read(Bytes(path));

    public static IEnumerable<JsonObject> Vectors(string family) =>
        File.ReadLines(Path.Combine(Root, "tests", "vectors", family + ".jsonl"))
            .Where(line => line.Length > 0)
            .Select(line => (JsonObject)JsonValue.Read(Encoding.UTF8.GetBytes(line)));

    private static string Locate()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The repository's root (JanusQ.Ledger.sln) is not above the test assembly.");
    }
}
