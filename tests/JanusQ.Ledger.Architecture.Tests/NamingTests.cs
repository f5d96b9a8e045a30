namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>Folders are named after what they do for the domain, and a use case is a file.</summary>
public class NamingTests
{
    private static readonly string[] Empty = ["Service", "Helper", "Util", "Utility", "Utilitie", "Manager", "Common", "Misc", "Shared",
        "Tool", "Extension"];

    [Fact]
    public void no_folder_is_named_after_nothing() => Assert.Empty(
        Repository.Sources().SelectMany(file => file.Split('/')[..^1]).Distinct().Where(IsEmpty).ToArray());

    [Fact]
    public void no_namespace_and_no_type_is_named_after_nothing()
    {
        foreach (var assembly in Repository.Assemblies)
        {
            var all = Repository.Load(assembly).GetTypes();
            Assert.NotEmpty(all);
            var types = all.Where(type => type.Namespace?.StartsWith("JanusQ", StringComparison.Ordinal) == true).ToArray();
            Assert.Empty(types.SelectMany(type => type.Namespace!.Split('.')).Distinct().Where(IsEmpty).ToArray());
            Assert.Empty(types.Select(type => type.Name).Where(name =>
                name.EndsWith("Helper", StringComparison.Ordinal) || name.EndsWith("Helpers", StringComparison.Ordinal)
                || name.EndsWith("Manager", StringComparison.Ordinal) || name.EndsWith("Utils", StringComparison.Ordinal)).ToArray());
        }
    }

    [Fact]
    public void the_namespace_of_a_file_is_its_folder() => Assert.Empty(Repository.Sources()
        .Select(file => (File: file, Namespace: DeclaredNamespace(file)))
        .Where(found => found.Namespace is not null && found.Namespace != ExpectedNamespace(found.File))
        .Select(found => $"{found.File}: {found.Namespace}"));

    [Fact]
    public void a_handler_stands_in_the_file_of_its_use_case_alone()
    {
        var handlers = Repository.Sources()
            .SelectMany(file => File.ReadLines(Path.Combine(Repository.Root, file))
                .Select(line => System.Text.RegularExpressions.Regex.Match(line,
                    @"^public (?:static |sealed )*(?:partial )?class (\w+)Handler\b"))
                .Where(match => match.Success)
                .Select(match => (File: file, UseCase: match.Groups[1].Value)))
            .ToArray();
        Assert.NotEmpty(handlers);
        Assert.Empty(handlers.Where(handler => Path.GetFileNameWithoutExtension(handler.File) != handler.UseCase).ToArray());
        Assert.Empty(handlers.GroupBy(handler => handler.File).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    private static bool IsEmpty(string name) => Empty.Any(word =>
        string.Equals(name, word, StringComparison.OrdinalIgnoreCase)
            || string.Equals(name, word + "s", StringComparison.OrdinalIgnoreCase));

    private static string? DeclaredNamespace(string file) => File.ReadLines(Path.Combine(Repository.Root, file))
        .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';', ' ');

    private static string ExpectedNamespace(string file) => string.Join('.', file.Split('/')[1..^1]);
}
