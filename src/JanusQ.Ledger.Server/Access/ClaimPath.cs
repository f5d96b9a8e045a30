using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// Where in a token something stands, as a JSON Pointer (RFC 6901) through objects: <c>/realm_access/roles</c>. Names of claims hold dots
/// and slashes of their own, so a path is written as what can hold them (<c>~1</c> is a slash, <c>~0</c> a tilde).
/// </summary>
public sealed class ClaimPath
{
    private readonly ImmutableArray<string> _names;
    private readonly string _text;

    private ClaimPath(string text, ImmutableArray<string> names) => (_text, _names) = (text, names);

    /// <summary>Reads a path.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClaimPath? path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var names = text.Split('/');
        var isPath = names.Length > 1 && names[0].Length == 0 && names[1..].All(IsName);
        path = isPath ? new ClaimPath(text, [.. names[1..].Select(NameOf)]) : null;
        return isPath;
    }

    /// <summary>The texts that stand there: one, or those of a list. None where nothing does, or anything else than text.</summary>
    /// <param name="payload">What the token says: the bytes of a JSON object.</param>
    public IReadOnlyList<string> Find(byte[] payload)
    {
        var found = JsonValue.TryRead(payload, out var value, out _) ? value : null;
        foreach (var name in _names) found = (found as JsonObject)?[name];
        return found switch
        {
            JsonText one => [one.Value],
            JsonArray several when several.Elements.All(element => element is JsonText) =>
                [.. several.Elements.Cast<JsonText>().Select(element => element.Value)],
            _ => [],
        };
    }

    /// <inheritdoc />
    public override string ToString() => _text;

    // A tilde stands only before 0 or 1.
    private static bool IsName(string text) =>
        text.Length > 0 && !text.Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal).Contains(
            '~', StringComparison.Ordinal);

    private static string NameOf(string text) =>
        text.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
