using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JanusQ.Ledger.Server.Description;

/// <summary>The documentation of the code as it stands beside the program: the description says what the code says.</summary>
internal static partial class CodeDocs
{
    private const string Parameter = "?";

    private static readonly FrozenDictionary<string, string> Texts = Read();

    /// <summary>What a type is, or an endpoint does; none where the documentation was not shipped.</summary>
    public static string? SummaryOf(Type type) => Texts.GetValueOrDefault("T:" + type.FullName);

    /// <summary>What a property is; none where the documentation was not shipped.</summary>
    public static string? SummaryOf(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName;
        return Texts.GetValueOrDefault($"P:{type}.{property.Name}") ?? Texts.GetValueOrDefault($"T:{type}{Parameter}{property.Name}");
    }

    private static FrozenDictionary<string, string> Read()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in FilesBeside().SelectMany(file => XDocument.Load(file).Descendants("member")))
        {
            var name = member.Attribute("name")!.Value;
            if (member.Element("summary") is { } summary) texts[name] = TextOf(summary);

            // What is a property of a record by its constructor is documented there.
            foreach (var parameter in member.Elements("param"))
                texts[$"{name}{Parameter}{parameter.Attribute("name")!.Value}"] = TextOf(parameter);
        }

        return texts.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<string> FilesBeside() =>
        new[] { typeof(CodeDocs).Assembly, typeof(Core.Refusal).Assembly }
            .Select(assembly => Path.ChangeExtension(assembly.Location, ".xml")).Where(File.Exists);

    private static string TextOf(XElement documentation)
    {
        var text = string.Concat(documentation.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value.Split('.')[^1] ?? "",
            XElement element => element.Value,
            _ => node.ToString(),
        }));
        return Spaces().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
