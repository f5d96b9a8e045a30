using System.Collections.Frozen;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace JanusQ.Ledger.Server.Description;

/// <summary>The documentation of the endpoints' classes as it stands beside the program: the description says what the code says.</summary>
internal static partial class EndpointDocs
{
    private static readonly FrozenDictionary<string, string> Summaries = Read();

    /// <summary>What an endpoint does; none where the documentation was not shipped.</summary>
    public static string? SummaryOf(Type endpoint) => Summaries.GetValueOrDefault("T:" + endpoint.FullName);

    private static FrozenDictionary<string, string> Read()
    {
        var file = Path.ChangeExtension(typeof(EndpointDocs).Assembly.Location, ".xml");
        if (!File.Exists(file)) return FrozenDictionary<string, string>.Empty;
        return XDocument.Load(file).Descendants("member")
            .Where(member => member.Attribute("name") is not null && member.Element("summary") is not null)
            .ToFrozenDictionary(
                member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")!), StringComparer.Ordinal);
    }

    private static string TextOf(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
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
