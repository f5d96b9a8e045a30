using System.Collections.Immutable;
using System.Globalization;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Migrations;

/// <summary>A step that a database records as applied.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Sha256">SHA-256 of the file that was applied.</param>
/// <param name="AppliedAt">When, by the database's clock.</param>
public sealed record AppliedMigration(int Number, string Name, Sha256Hash Sha256, DateTimeOffset AppliedAt);

/// <summary>What a database has and what a program carries.</summary>
/// <param name="Applied">What the database records, by number.</param>
/// <param name="Shipped">What the program carries, by number.</param>
public sealed record MigrationState(ImmutableArray<AppliedMigration> Applied, ImmutableArray<Migration> Shipped)
{
    /// <summary>The number up to which the database is migrated; 0 if it has no ledger.</summary>
    public int Number => Applied.IsEmpty ? 0 : Applied[^1].Number;

    /// <summary>What is still to be applied, in order.</summary>
    public ImmutableArray<Migration> Pending => [.. Shipped.Where(step => step.Number > Number)];

    /// <summary>
    /// Why nothing may be applied on top of what is recorded: <c>migration_gap</c>, a number is missing; <c>migration_unknown</c>, the
    /// database is newer than the program; <c>migration_changed</c>, a file is not the one that was applied. Null: nothing is in the way.
    /// </summary>
    public Refusal? Refusal
    {
        get
        {
            for (var i = 0; i < Applied.Length; i++)
            {
                var applied = Applied[i];
                if (applied.Number != i + 1)
                {
                    return new Refusal(
                        "migration_gap",
                        Text($"The database records migration {applied.Number} ({applied.Name}), and none with the number {i + 1}."));
                }

                if (i >= Shipped.Length)
                {
                    return new Refusal(
                        "migration_unknown",
                        Text($"The database records migration {applied.Number} ({applied.Name}); this program knows {Shipped.Length}. ")
                        + "Use a newer one.");
                }

                if (applied.Sha256 != Shipped[i].Sha256 || !string.Equals(applied.Name, Shipped[i].Name, StringComparison.Ordinal))
                {
                    return new Refusal(
                        "migration_changed",
                        Text($"Migration {applied.Number} was applied as {applied.Name} with the SHA-256 {applied.Sha256}; ")
                        + $"this program carries {Shipped[i].Name} with {Shipped[i].Sha256}.");
                }
            }

            return null;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
