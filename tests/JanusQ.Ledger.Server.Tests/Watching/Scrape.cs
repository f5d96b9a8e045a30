using System.Globalization;
using System.Net;

namespace JanusQ.Ledger.Server.Tests.Watching;

/// <summary>The samples of one answer of <c>/metrics</c>, by name and labels as they stand there.</summary>
internal sealed class Scrape
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    public static async Task<Scrape> OfAsync(HttpClient client, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var scrape = new Scrape();
        foreach (var line in (await answer.Content.ReadAsStringAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var parts = Parts(line);
            scrape._samples[parts.Name] = parts.Value;
        }

        return scrape;
    }

    /// <summary>The value of a sample whose name is this and which carries all these labels; 0 where it was never told.</summary>
    public double this[string name, params string[] labels] => Find(name, labels) ?? 0;

    public double? Find(string name, params string[] labels)
    {
        var found = _samples.Where(
            sample => sample.Key.Split('{')[0] == name && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
            .Select(sample => (double?)sample.Value).ToArray();
        return found.Length == 0 ? null : Assert.Single(found);
    }

    public double SumOf(string name) => _samples.Where(sample => sample.Key.Split('{')[0] == name).Sum(sample => sample.Value);

    public override string ToString() => string.Join('\n', _samples.Select(sample => $"{sample.Key} {sample.Value}"));

    private static (string Name, double Value) Parts(string line)
    {
        var end = line.LastIndexOf('}');
        var name = end < 0 ? line[..line.IndexOf(' ', StringComparison.Ordinal)] : line[..(end + 1)];
        var value = line[(name.Length + 1)..].Split(' ')[0];
        return (name, value == "+Inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture));
    }
}
