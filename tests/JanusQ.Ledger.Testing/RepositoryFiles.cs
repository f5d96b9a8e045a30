namespace JanusQ.Ledger.Testing;

/// <summary>Where the repository is.</summary>
public static class RepositoryFiles
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("JanusQ.Ledger.sln is in no folder above the tests.");
    }
}
