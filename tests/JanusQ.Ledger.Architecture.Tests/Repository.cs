using System.Reflection;

namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>The sources and the compiled assemblies that the rules are checked on.</summary>
internal static class Repository
{
    public static readonly string[] Assemblies =
        ["JanusQ.Ledger.Core", "JanusQ.Ledger", "janusq", "JanusQ.Ledger.Server", "JanusQ.Ledger.Client"];

    public static string Root { get; } = FindRoot();

    /// <summary>The file of an assembly, beside this one.</summary>
    public static string FileOf(string assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        return File.Exists(file) ? file
            : throw new FileNotFoundException($"{assembly} is not beside the tests: its rules would go unchecked.", file);
    }

    public static Assembly Load(string assembly) => Assembly.LoadFrom(FileOf(assembly));

    /// <summary>Source files of the product, relative to the root; neither built nor generated ones.</summary>
    public static IEnumerable<string> Sources() => SourcesIn("src");

    /// <summary>Source files below a folder, relative to the root; neither built nor generated ones.</summary>
    public static IEnumerable<string> SourcesIn(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "Generated"))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("JanusQ.Ledger.sln is not above the test assembly.");
    }
}
