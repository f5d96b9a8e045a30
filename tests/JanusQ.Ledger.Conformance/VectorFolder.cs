namespace JanusQ.Ledger.Conformance;

/// <summary>The folder that the vectors are read from: JANUSQ_VECTORS, else the copy in tests/vectors.</summary>
internal static class VectorFolder
{
    public const string Variable = "JANUSQ_VECTORS";

    public static string Root { get; } = Locate();

    public static string Repository => LocateRepository();

    private static string Locate()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(named)) return Path.Combine(Repository, "tests", "vectors");
        if (Path.IsPathRooted(named)) return Existing(named);

        // A test host runs in the folder of its assembly; the name was written for the folder of the command or the repository.
        string?[] bases = [Environment.GetEnvironmentVariable("PWD"), Repository, Environment.CurrentDirectory];
        var found = bases.OfType<string>().Select(folder => Path.GetFullPath(Path.Combine(folder, named))).FirstOrDefault(Directory.Exists);
        return found ?? throw new DirectoryNotFoundException($"{Variable} names the folder '{named}', which does not exist.");
    }

    private static string Existing(string folder) =>
        Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"{Variable} names the folder '{folder}', which does not exist.");

    private static string LocateRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The repository's root (JanusQ.Ledger.sln) is not above the test assembly.");
    }
}
