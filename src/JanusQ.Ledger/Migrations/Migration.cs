using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Migrations;

/// <summary>One numbered step of the database's schema, as <c>migrations/</c> has it. A file that was released never changes.</summary>
/// <param name="Number">Its number, from 1 and without a gap.</param>
/// <param name="Name">Its file's name, for instance <c>0002_content.sql</c>.</param>
/// <param name="Sql">Its statements.</param>
public sealed partial record Migration(int Number, string Name, string Sql)
{
    private const string ResourceFolder = "migrations/";

    /// <summary>All steps that this program carries, in order.</summary>
    public static ImmutableArray<Migration> Shipped { get; } = ReadShipped();

    /// <summary>SHA-256 of the file's bytes.</summary>
    public Sha256Hash Sha256 { get; } = Sha256Hash.OfText(Sql);

    private static ImmutableArray<Migration> ReadShipped()
    {
        var assembly = typeof(Migration).Assembly;
        var shipped = assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourceFolder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(resource =>
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
                return Of(resource[ResourceFolder.Length..], reader.ReadToEnd());
            }).ToImmutableArray();
        for (var i = 0; i < shipped.Length; i++)
        {
            if (shipped[i].Number != i + 1)
                throw new InvalidOperationException($"migrations/{shipped[i].Name}: number {i + 1} was expected.");
        }

        return shipped;
    }

    private static Migration Of(string name, string sql) => FileName().Match(name) is { Success: true } match
        ? new Migration(int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), name, sql)
        : throw new InvalidOperationException($"migrations/{name}: a name such as 0002_content.sql was expected.");

    [GeneratedRegex(@"\A([0-9]{4})_[a-z0-9_]+\.sql\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
