using System.Text.RegularExpressions;

namespace JanusQ.Ledger.Tests.Compliance;

/// <summary>The questions of docs/queries.md with their SQL.</summary>
internal static partial class QueriesDocument
{
    /// <summary>Number, question and SQL of each, in order.</summary>
    public static IReadOnlyList<(int Number, string Question, string Sql)> Read()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "docs", "queries.md"))) folder = Path.GetDirectoryName(folder);
        Assert.NotNull(folder);
        var text = File.ReadAllText(Path.Combine(folder, "docs", "queries.md")).Replace("\r\n", "\n", StringComparison.Ordinal);
        var found = Questions().Matches(text)
            .Select(match => (int.Parse(match.Groups[1].Value, null), match.Groups[2].Value, match.Groups[3].Value)).ToArray();
        Assert.Equal(Fences().Count(text), found.Length);
        return found;
    }

    [GeneratedRegex(@"^## (\d+)\. (.+)\n\n```sql\n((?:(?!```).*\n)+)```$", RegexOptions.Multiline)]
    private static partial Regex Questions();

    [GeneratedRegex(@"^```sql$", RegexOptions.Multiline)]
    private static partial Regex Fences();
}
