using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Conformance;

/// <summary>One case of a family, a line of its file.</summary>
internal sealed record VectorCase(string Id, string Note, JsonObject Input, JsonValue Expected);

/// <summary>A family of vectors: all cases of one file are checked, and the failing ones are reported together.</summary>
internal static class VectorFamily
{
    private const int MostShown = 20;
    private const int MostCharacters = 1500;

    /// <summary>Checks every case; <paramref name="actual"/> answers what the product says, as a JSON value.</summary>
    /// <param name="family">The file's name without its ending.</param>
    /// <param name="actual">What the product answers.</param>
    /// <param name="inOrder">Whether the order of members counts.</param>
    public static void Check(string family, Func<VectorCase, JsonValue> actual, bool inOrder = true) =>
        Check(family, vector =>
        {
            var found = actual(vector);
            return Spell(found, inOrder) == Spell(vector.Expected, inOrder) ? null : Difference(vector.Expected, found, inOrder);
        });

    /// <summary>Checks every case; <paramref name="complaint"/> answers null, or expected against actual.</summary>
    public static void Check(string family, Func<VectorCase, string?> complaint)
    {
        var cases = Read(family);
        var failures = new ConcurrentDictionary<int, string>();
        Parallel.For(0, cases.Count, i =>
        {
            string? found;
            try
            {
                found = complaint(cases[i]);
            }
            catch (Exception unexpected)
            {
                found = $"threw {unexpected}";
            }

            if (found is not null) failures[i] = $"{cases[i].Id} ({cases[i].Note}): {found}";
        });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{family}: {cases.Count} cases checked, {failures.Count} failed ({VectorFolder.Root})");
        if (failures.IsEmpty) return;
        var report = new StringBuilder().AppendLine(
            CultureInfo.InvariantCulture, $"{family}: {failures.Count} of {cases.Count} cases fail");
        foreach (var failure in failures.OrderBy(entry => entry.Key).Take(MostShown))
            report.AppendLine(failure.Value.Length > MostCharacters ? failure.Value[..MostCharacters] + "…" : failure.Value);
        report.AppendLine(
            "All failing ids: " + string.Join(' ', failures.OrderBy(entry => entry.Key).Select(entry => cases[entry.Key].Id)));
        Assert.Fail(report.ToString());
    }

    /// <summary>The cases of a family. An absent or empty family fails the run.</summary>
    public static IReadOnlyList<VectorCase> Read(string family)
    {
        var file = Path.Combine(VectorFolder.Root, family + ".jsonl");
        Assert.True(File.Exists(file), $"The family '{family}' is implemented, but {file} is absent.");
        var cases = File.ReadLines(file)
            .Where(line => line.Length > 0)
            .Select(line => (JsonObject)JsonValue.Read(Encoding.UTF8.GetBytes(line)))
            .Select(line => new VectorCase(
                Text(line["id"]), line["note"] is JsonText note ? note.Value : "", (JsonObject)line["input"]!, line["expected"]!))
            .ToList();
        Assert.True(cases.Count > 0, $"The family '{family}' is implemented, but {file} is empty.");
        return cases;
    }

    /// <summary>The text of a member that must be one.</summary>
    public static string Text(JsonValue? value) => ((JsonText)value!).Value;

    /// <summary>The bytes of a document that a case carries as text or as base64.</summary>
    public static byte[] Bytes(JsonObject input, string name) =>
        input[name + "_base64"] is JsonText encoded
            ? Convert.FromBase64String(encoded.Value)
            : Encoding.UTF8.GetBytes(Text(input[name + "_text"]));

    private static string Spell(JsonValue value, bool inOrder) => inOrder ? FileJson.Text(value) : CanonicalJson.Text(value);

    private static string Difference(JsonValue expected, JsonValue actual, bool inOrder)
    {
        var wanted = Spell(expected, inOrder);
        var found = Spell(actual, inOrder);
        var at = wanted.AsSpan().CommonPrefixLength(found);
        return $"differs at character {at}: expected …{Around(wanted, at)}… actual …{Around(found, at)}…";
    }

    private static string Around(string text, int at) =>
        text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 120)].ReplaceLineEndings(" ");
}
