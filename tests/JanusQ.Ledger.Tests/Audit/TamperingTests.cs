using System.Text;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Audit;

/// <summary>
/// Every attack on a real database, by who owns it, is found by its name. The table of docs/audit.md is made from these; set
/// JANUSQ_WRITE_ATTACK_TABLE=1 to write it anew after an attack was added.
/// </summary>
[Collection(nameof(ASeededLedger))]
public sealed class TamperingTests(ASeededLedger seeded)
{
    private const string Begin = "<!-- attacks:begin -->\n";
    private const string End = "<!-- attacks:end -->";

    public static TheoryData<string> Attacks => [.. Attack.All.Select(attack => attack.Text)];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task an_attack_by_the_owner_of_the_database_is_found(string text)
    {
        var attack = Attack.All.Single(one => one.Text == text);
        await using var ledger = await seeded.CopyAsync();
        if (attack.Sql.Length > 0) await ledger.RunAsync(attack.Sql);
        if (attack.Then is not null) await attack.Then(ledger);

        var report = await ledger.VerifyAsync(options => options with
        {
            Kept = attack.NeedsKeptCheckpoint ? ATamperedLedger.Kept(seeded.Early, seeded.Latest) : [],
            Policy = attack.NeedsPolicy ? seeded.Policy : null,
            Deep = attack.NeedsDeep ? ASeededLedger.Deep : null,
        });

        Assert.True(
            report.FindingCounts.ContainsKey(attack.Code), $"Expected {attack.Code}, found:\n{ATamperedLedger.Of(report.Findings)}");
        if (attack.Needs.Length == 0) return;
        var without = await ledger.VerifyAsync();
        Assert.False(without.FindingCounts.ContainsKey(attack.Code));
    }

    [Fact]
    public async Task nothing_is_found_where_nothing_was_tampered_with()
    {
        await using var ledger = await seeded.CopyAsync();

        var report = await ledger.VerifyAsync(options => options with
        {
            Kept = ATamperedLedger.Kept(seeded.Early, seeded.Latest),
            Policy = seeded.Policy,
        });

        Assert.True(report.IsClean, ATamperedLedger.Of(report.Findings));
        Assert.Equal(seeded.Latest.ToString(), report.Signed!.ToString());
        var size = seeded.Latest.Checkpoint.Size;
        var counts = report.Counts;
        Assert.Equal(
            (size, size, 0L, 0L, 4L), (counts.Events, counts.Leaves, counts.EventsBehind, counts.LeavesUnsigned, counts.Checkpoints));
        Assert.Equal((1L, 4L, 5L, 1L), (counts.Tiles, counts.Decisions, counts.PlaceChanges, counts.Cosignatures));
        Assert.Equal("witness.example", Assert.Single(report.CosignedBy).Name);
        Assert.True(counts is { References: > 200, Contents: > 100, Artifacts: >= 24, Projections: >= 8 }, counts.ToString());
    }

    [Fact]
    public async Task the_table_in_the_documentation_is_what_these_tests_show()
    {
        var file = Path.Combine(RepositoryFiles.Root, "docs", "audit.md");
        var table = new StringBuilder("| attack | finding |\n| --- | --- |\n");
        foreach (var attack in Attack.All)
        {
            table.Append("| ").Append(attack.Text).Append(attack.Needs)
                .Append(" | `").Append(attack.Code).Append("` |\n");
        }

        var text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, "docs/audit.md has no marks for the table of attacks.");
        var expected = text[..(begin + Begin.Length)] + table + text[end..];
        if (Environment.GetEnvironmentVariable("JANUSQ_WRITE_ATTACK_TABLE") == "1")
            await File.WriteAllTextAsync(file, text = expected, TestContext.Current.CancellationToken);
        Assert.True(expected == text, "docs/audit.md does not list these attacks: run this test with JANUSQ_WRITE_ATTACK_TABLE=1.");
    }
}
