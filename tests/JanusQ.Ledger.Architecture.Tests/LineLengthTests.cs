using System.Globalization;
using System.Text.RegularExpressions;

namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>The formatter does not look at what .editorconfig says of the length of lines.</summary>
public class LineLengthTests
{
    private static readonly int Longest = int.Parse(
        Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")), "max_line_length = ([0-9]+)").Groups[1].Value,
        CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void no_line_is_longer_than_editorconfig_says(string folder)
    {
        var sources = Repository.SourcesIn(folder).ToArray();
        Assert.NotEmpty(sources);
        Assert.Empty(sources.SelectMany(file => File.ReadLines(Path.Combine(Repository.Root, file))
            .Select((line, index) => (Place: $"{file}:{index + 1}", line.Length))
            .Where(line => line.Length > Longest)));
    }
}
