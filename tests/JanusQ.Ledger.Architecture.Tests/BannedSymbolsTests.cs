using System.Reflection;
using System.Xml.Linq;

namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>
/// BannedSymbols.txt bites: a ban on a name that does not exist bans nothing, so every id must resolve, and the compiled product must not
/// refer to any of them.
/// </summary>
public class BannedSymbolsTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Ids =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "BannedSymbols.txt"))
            .Select(line => line.Split(';')[0].Trim())
            .Where(id => id.Length > 0 && !id.StartsWith('#')),
    ];

    [Theory]
    [InlineData("OverwriteEvent")]
    [InlineData("CompletelyReplaceEvent")]
    [InlineData("CompactStreamAsync")]
    [InlineData("ApplyEventDataMasking")]
    [InlineData("ArchiveStream")]
    [InlineData("TombstoneStream")]
    [InlineData("MarkEventsAsSkipped")]
    [InlineData("AdvanceHighWaterMarkToLatestAsync")]
    [InlineData("IDocumentCleaner")]
    [InlineData("ResetAllData")]
    [InlineData("DateTime.Now")]
    [InlineData("DateTime.UtcNow")]
    [InlineData("DateTimeOffset.UtcNow")]
    public void what_rewrites_hides_or_reads_a_clock_is_banned(string name) =>
        Assert.Contains(Ids, id => id.Contains(name, StringComparison.Ordinal));

    [Fact]
    public void every_overload_of_a_banned_method_of_the_store_is_banned()
    {
        var banned = Ids.Where(id => id.StartsWith("M:", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        foreach (var type in banned.Select(TypeNameOf).Distinct())
        {
            var names = banned.Where(id => TypeNameOf(id) == type).Select(MemberNameOf).ToHashSet(StringComparer.Ordinal);
            var overloads = Resolve(type).GetMethods(All).Where(method => names.Contains(method.Name) && !method.IsPrivate)
                .Select(DocumentationId.Of);
            Assert.Empty(overloads.Except(banned));
        }
    }

    [Fact]
    public void every_banned_id_names_something_that_exists()
    {
        Assert.NotEmpty(Ids);
        Assert.Equal(Ids.Length, Ids.Distinct().Count());
        Assert.Empty(Ids.Where(id => !Exists(id)).ToArray());
    }

    [Theory]
    [InlineData("JanusQ.Ledger.Core")]
    [InlineData("JanusQ.Ledger")]
    [InlineData("janusq")]
    [InlineData("JanusQ.Ledger.Server")]
    public void the_compiled_product_refers_to_nothing_banned(string assembly)
    {
        var banned = Ids.Select(id => id[0] switch
        {
            'T' => new MemberUse(id[2..], ""),
            'P' => new MemberUse(TypeNameOf(id), "get_" + MemberNameOf(id)),
            _ => new MemberUse(TypeNameOf(id), MemberNameOf(id)),
        }).ToHashSet();
        Assert.Empty(MemberUses.Of(assembly).Where(banned.Contains).ToArray());
    }

    [Theory]
    [InlineData("Marten.Events.IEventStoreOptions", "set_EnableEventSkippingInProjectionsOrSubscriptions")]
    [InlineData("Marten.Events.IEventStoreOptions", "set_UseArchivedStreamPartitioning")]
    public void what_would_hide_events_is_switched_off_and_never_on(string type, string setter)
    {
        Assert.NotNull(Resolve(type).GetProperty(setter["set_".Length..]));
        var calls = Repository.Assemblies.SelectMany(assembly => MemberUses.Callers(assembly, type, setter)).ToArray();
        Assert.NotEmpty(calls);

        // 0x16 loads the constant 0: the argument is a literal false.
        Assert.All(calls, call => Assert.Equal(0x16, call.Before));
    }

    [Theory]
    [InlineData("System.Guid", "NewGuid")]
    [InlineData("System.Random", ".ctor")]
    public void random_names_are_drawn_only_where_servers_are_started_and_on_the_command_line(string type, string member)
    {
        var callers = MemberUses.Callers("JanusQ.Ledger", type, member).Select(call => call.Caller);
        Assert.Empty(callers.Where(caller => !caller.StartsWith("JanusQ.Ledger.PostgreSql.", StringComparison.Ordinal)).ToArray());
    }

    [Fact]
    public void the_ban_is_an_error_in_the_product_and_only_there()
    {
        var severities = File.ReadLines(Path.Combine(Repository.Root, ".editorconfig"))
            .Where(line => line.Contains("RS0030", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["dotnet_diagnostic.RS0030.severity = error", "dotnet_diagnostic.RS0030.severity = none"], severities);
        var build = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Contains(build.Descendants("AdditionalFiles"), item =>
            item.Attribute("Include")!.Value.EndsWith("BannedSymbols.txt", StringComparison.Ordinal));
        Assert.Contains(build.Descendants("PackageReference"), item =>
            item.Attribute("Include")!.Value == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        Assert.Empty(Repository.Sources()
            .Where(file => File.ReadAllText(Path.Combine(Repository.Root, file)).Contains("RS0030", StringComparison.Ordinal)).ToArray());
    }

    private static bool Exists(string id)
    {
        var type = id[0] == 'T' ? Resolve(id[2..]) : Resolve(TypeNameOf(id));
        return id[0] switch
        {
            'T' => type is not null,
            'P' => type.GetProperty(MemberNameOf(id), All) is not null,
            'M' => type.GetMethods(All).Any(method => DocumentationId.Of(method) == id),
            _ => false,
        };
    }

    private static Type Resolve(string name) =>
        new[] { "Marten", "JasperFx.Events", "System.Private.CoreLib" }
            .Select(assembly => Assembly.Load(assembly).GetType(name))
            .FirstOrDefault(type => type is not null)
        ?? throw new TypeLoadException($"BannedSymbols.txt names the type {name}, which does not exist.");

    private static string TypeNameOf(string id) => WithoutParameters(id)[..WithoutParameters(id).LastIndexOf('.')];

    private static string MemberNameOf(string id) => WithoutParameters(id)[(WithoutParameters(id).LastIndexOf('.') + 1)..].Split('`')[0];

    private static string WithoutParameters(string id) => id[2..].Split('(')[0];
}
