using System.Xml.Linq;

namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>
/// Dependencies point one way: command line to server, server to ledger and client, ledger to core, core and client to nothing of ours.
/// </summary>
public class DependencyDirectionTests
{
    [Theory]
    [InlineData("JanusQ.Ledger.Core", "")]
    [InlineData("JanusQ.Ledger", "JanusQ.Ledger.Core")]
    [InlineData("janusq", "JanusQ.Ledger|JanusQ.Ledger.Core|JanusQ.Ledger.Server|JanusQ.Ledger.Client")]
    [InlineData("JanusQ.Ledger.Client", "")]
    [InlineData("JanusQ.Ledger.Server", "JanusQ.Ledger|JanusQ.Ledger.Core|JanusQ.Ledger.Client")]
    public void an_assembly_refers_only_to_those_below_it(string assembly, string below)
    {
        var ours = MemberUses.AssemblyReferences(assembly)
            .Where(name => Repository.Assemblies.Contains(name, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(ours.Except(below.Split('|')));
    }

    [Theory]
    [InlineData("JanusQ.Ledger.Core", "")]
    [InlineData("JanusQ.Ledger", "JanusQ.Ledger.Core")]
    [InlineData("JanusQ.Ledger.Cli", "JanusQ.Ledger.Client|JanusQ.Ledger.Server|JanusQ.Ledger")]
    [InlineData("JanusQ.Ledger.Client", "")]
    [InlineData("JanusQ.Ledger.Server", "JanusQ.Ledger.Client|JanusQ.Ledger")]
    public void a_project_refers_only_to_those_below_it(string project, string below)
    {
        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Equal(below.Split('|', StringSplitOptions.RemoveEmptyEntries), references);
    }

    /// <summary>
    /// YAML is how policies are written. Ed25519 is not in the base library: NSec is arithmetic over bytes and does no I/O, and where it
    /// would draw at random the core must not call it (<see cref="PureCoreTests"/>).
    /// </summary>
    [Fact]
    public void the_core_knows_the_base_library_yaml_and_signatures_and_nothing_else()
    {
        Assert.Equal(["YamlDotNet", "NSec.Cryptography"], Items("JanusQ.Ledger.Core", "PackageReference"));
        Assert.All(
            MemberUses.AssemblyReferences("JanusQ.Ledger.Core"),
            name => Assert.True(name is "YamlDotNet" or "NSec.Cryptography" || name.StartsWith("System.", StringComparison.Ordinal),
                $"The core refers to {name}."));
    }

    private static IEnumerable<string> Items(string project, string kind) => XDocument
        .Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"))
        .Descendants(kind)
        .Select(item => item.Attribute("Include")!.Value);
}
