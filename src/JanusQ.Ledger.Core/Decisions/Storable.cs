using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>
/// Makes words of documents fit for events: a database takes no NUL, and an event must not grow with what a worker sends. What is cut
/// stands whole in the stored document.
/// </summary>
internal static class Storable
{
    private const int MostCharacters = 1000;
    private const int MostElements = 256;

    /// <summary>The text without NUL, cut where it is long.</summary>
    public static string Text(string text)
    {
        var clean = text.Replace('\0', '\uFFFD');
        if (clean.Length <= MostCharacters) return clean;
        var end = char.IsHighSurrogate(clean[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return clean[..end] + "…";
    }

    /// <summary>The value with every text so, and every array cut where it is long.</summary>
    public static JsonValue Value(JsonValue value) => value switch
    {
        JsonText text => Text(text.Value),
        JsonArray array => new JsonArray(array.Elements.Take(MostElements).Select(Value)),
        JsonObject members => Members(members),
        _ => value,
    };

    private static JsonObject Members(JsonObject members)
    {
        var fit = JsonObject.Empty;

        // Two names can become one; then the last stands.
        foreach (var (name, value) in members.Members.Take(MostElements)) fit = fit.With(Text(name), Value(value));
        return fit;
    }
}
