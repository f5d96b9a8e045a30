using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary>Texts of documents in tables. A document may come from anyone, so no control character of it reaches the terminal.</summary>
internal static class Printable
{
    /// <summary>A text as table markup: plain, or as a JSON string where it holds control characters.</summary>
    public static string Text(string text) => Markup.Escape(text.Any(char.IsControl) ? CanonicalJson.Text(new JsonText(text)) : text);

    /// <summary>A value as table markup: its canonical form; nothing for none.</summary>
    public static string Value(JsonValue? value) => value is null or JsonNull ? "" : Markup.Escape(CanonicalJson.Text(value));
}
