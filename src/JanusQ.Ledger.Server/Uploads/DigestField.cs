using System.Text.RegularExpressions;

namespace JanusQ.Ledger.Server.Uploads;

/// <summary>A header field of digests: a dictionary of byte sequences, each perhaps with parameters (RFC 9530, 2; RFC 9651, 3.2).</summary>
internal static partial class DigestField
{
    private const string Key = "[a-z*][a-z0-9_.*-]*";
    private const string Bytes = ":[A-Za-z0-9+/=]*:";

    // Numbers, dates, booleans, strings and tokens: what a parameter may be, beside bytes.
    private const string Item =
        $"""(?:{Bytes}|@?-?[0-9]{"{1,15}"}(?:\.[0-9]{"{1,3}"})?|\?[01]|"(?:[ !#-\[\]-~]|\\["\\])*"|[A-Za-z*][!#-'*+.^_`|~0-9A-Za-z:/-]*)""";

    private const string Member = $"(?<key>{Key})=(?<bytes>{Bytes})(?:; *{Key}(?:={Item})?)*";

    /// <summary>Every digest in base64 by its algorithm, of two for the same the last one; none where it is no such field.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string field)
    {
        if (field.Trim(' ').Length == 0) return new Dictionary<string, string>(StringComparer.Ordinal);
        var match = Form().Match(field);
        if (!match.Success) return null;
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, bytes) in match.Groups["key"].Captures.Zip(match.Groups["bytes"].Captures))
            digests[key.Value] = bytes.Value[1..^1];
        return digests;
    }

    [GeneratedRegex($"^ *{Member}(?:[ \\t]*,[ \\t]*{Member})* *\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
