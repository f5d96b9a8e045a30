using System.Text;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Core.Canonical;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace JanusQ.Ledger.Core.Lane.Strategies;

/// <summary>
/// Reads the part of YAML that every parser reads the same way (lane.md section 5.1, C20). The library tokenizes; what a plain scalar
/// means is decided here, and everything ambiguous is refused.
/// </summary>
public static partial class StrictYaml
{
    private static readonly HashSet<string> AmbiguousWords = new(
        [
            "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "True", "TRUE", "False",
            "FALSE", "Null", "NULL", "<<", "=",
        ],
        StringComparer.Ordinal);

    /// <summary>Reads one document. An empty one is null.</summary>
    /// <exception cref="YamlRejectedException">The document is refused.</exception>
    public static JsonValue Read(byte[] utf8)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        string text;
        try
        {
            text = new UTF8Encoding(false, true).GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new YamlRejectedException("The bytes are not UTF-8", 1, 1);
        }

        RefuseCharacters(text);
        RefuseDirectives(text);
        try
        {
            return ReadStream(new Parser(new Scanner(new StringReader(text), skipComments: true)), text);
        }
        catch (YamlException syntax)
        {
            throw new YamlRejectedException("Not acceptable YAML: " + syntax.Message, syntax.Start.Line, syntax.Start.Column);
        }
        catch (Exception scanner) when (scanner is ArgumentException or InvalidOperationException or OverflowException or FormatException
            or IndexOutOfRangeException)
        {
            // The library answers some malformed texts with exceptions of the runtime.
            throw new YamlRejectedException("Not acceptable YAML: " + scanner.Message, 1, 1);
        }
    }

    /// <summary>
    /// Characters that YAML does not allow raw, among them U+0000, at which the library ends the document in silence, and those that YAML
    /// 1.1 takes for line breaks and YAML 1.2 for text.
    /// </summary>
    private static void RefuseCharacters(string text)
    {
        var number = 0L;
        var lineStart = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                number++;
                lineStart = i + 1;
            }
            else if (c is (< ' ' and not ('\t' or '\r')) or (>= '\u007F' and <= '\u009F') or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE'
                or '\uFFFF')
            {
                throw new YamlRejectedException($"The raw character U+{(int)c:X4} is not accepted", number + 1, i - lineStart + 1);
            }
        }
    }

    /// <summary>
    /// No line may begin with a percent sign: the library's events do not tell its own tags from given ones, and it drops a directive that
    /// stands between a document and its end. Content at the very margin is only possible in a flow or a text that is the whole document.
    /// </summary>
    private static void RefuseDirectives(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.StartsWith('%')) throw new YamlRejectedException("Directives are not accepted", number, 1);
        }
    }

    private static JsonValue ReadStream(Parser parser, string text)
    {
        parser.Consume<StreamStart>();
        JsonValue value = JsonValue.Null;
        if (parser.Accept<DocumentStart>(out _))
        {
            parser.Consume<DocumentStart>();
            value = ReadNode(parser, text, 1);
            parser.Consume<DocumentEnd>();
        }

        if (parser.Accept<DocumentStart>(out var second)) throw Refuse("A second document is not accepted", second);
        parser.Consume<StreamEnd>();
        return value;
    }

    private static JsonValue ReadNode(Parser parser, string text, int depth)
    {
        if (parser.Accept<AnchorAlias>(out var alias)) throw Refuse("Aliases are not accepted", alias);
        var node = parser.Consume<NodeEvent>();
        if (!node.Anchor.IsEmpty) throw Refuse("Anchors are not accepted", node);
        if (!node.Tag.IsEmpty) throw Refuse("Tags are not accepted", node);
        if (IsIndentedByTab(text, node)) throw Refuse("Tabs do not indent", node);
        if (node is not Scalar && depth > JsonTape.MaxDepth) throw Refuse($"Nested deeper than {JsonTape.MaxDepth}", node);
        switch (node)
        {
            // Its text may stand at the margin, where it looks like comments and document marks, and parsers differ.
            case Scalar { Style: ScalarStyle.Literal or ScalarStyle.Folded } when depth == 1:
                throw Refuse("A block scalar as the whole document is not accepted", node);
            case Scalar scalar:
                return Meaning(scalar);
            case SequenceStart:
                var elements = new List<JsonValue>();
                while (!parser.TryConsume<SequenceEnd>(out _)) elements.Add(ReadNode(parser, text, depth + 1));
                return new JsonArray(elements);
            case MappingStart:
                return ReadMapping(parser, text, depth);
            default:
                throw Refuse("Expected a value", node);
        }
    }

    /// <summary>Whether a node is the first on its line and a tab stands before it, which the library lets pass on a first line.</summary>
    private static bool IsIndentedByTab(string text, NodeEvent node)
    {
        var tab = false;
        var at = (int)Math.Min(node.Start.Index, text.Length) - 1;
        for (; at >= 0 && text[at] is ' ' or '\t'; at--) tab |= text[at] == '\t';
        return tab && (at < 0 || text[at] is '\n' or '\r');
    }

    private static JsonObject ReadMapping(Parser parser, string text, int depth)
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Current!;
            if (ReadNode(parser, text, depth + 1) is not JsonText name) throw Refuse("A mapping key must be text", key);
            if (!names.Add(name.Value)) throw Refuse($"The key '{name.Value}' stands twice", key);
            var value = parser.Current!;
            var isLeftOut = value is Scalar { Style: ScalarStyle.Plain, Value.Length: 0 };
            if (!isLeftOut && !HasColon(text, key, value)) throw Refuse("Expected ':' between a key and its value", value);
            members.Add(new(name.Value, ReadNode(parser, text, depth + 1)));
        }

        return new JsonObject(members);
    }

    private static JsonValue Meaning(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style is ScalarStyle.Plain or ScalarStyle.Any)
        {
            RefuseMalformedPlain(text, scalar);
            if (text is "" or "~" or "null") return JsonValue.Null;
            if (text is "true") return true;
            if (text is "false") return false;
            if (IntegerPattern.IsMatch(text)) return ReadNumber(text, scalar);
            if (RealPattern.IsMatch(text)) return ReadNumber(text, scalar);
            if (AmbiguousWords.Contains(text) || AmbiguousPattern.IsMatch(text)) throw Refuse($"'{text}' is ambiguous: quote it", scalar);
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i]))
                throw Refuse("Unpaired surrogate", scalar);
        }

        return text;
    }

    /// <summary>
    /// Inside brackets the library takes indicators for the beginning of a plain scalar, and a colon before a bracket for its end; YAML 1.2
    /// (sections 5.3 and 7.3.3) does neither.
    /// </summary>
    private static void RefuseMalformedPlain(string text, Scalar scalar)
    {
        if (text.Length == 0) return;
        if (",[]{}#&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal))
            throw Refuse($"A plain scalar cannot begin with '{text[0]}'", scalar);
        if (text[^1] == ':') throw Refuse("A plain scalar cannot end with a colon", scalar);
    }

    /// <summary>Whether a colon stands between a key and its value; the library lets it be left out inside braces.</summary>
    private static bool HasColon(string text, ParsingEvent key, ParsingEvent value)
    {
        var at = (int)key.End.Index;
        var end = Math.Min((int)value.Start.Index, text.Length);
        while (at < end && text[at] != ':')
        {
            if (text[at] == '#') while (at < end && text[at] is not ('\n' or '\r')) at++;
            else at++;
        }

        return at < end;
    }

    private static JsonValue ReadNumber(string text, Scalar scalar) =>
        JsonValue.TryRead(Encoding.ASCII.GetBytes(text), out var number, out var rejection)
            ? number
            : throw Refuse(rejection.Reason, scalar);

    private static YamlRejectedException Refuse(string reason, ParsingEvent at) => new(reason, at.Start.Line, at.Start.Column);

    // The patterns need time in proportion to the text; a default that the process sets must not decide whether a document is read.
    [GeneratedRegex(@"\A-?(?:0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex IntegerPattern { get; }

    [GeneratedRegex(@"\A-?(?:0|[1-9][0-9]*)\.[0-9]+\z", RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex RealPattern { get; }

    [GeneratedRegex(
        @"\A(?:[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
        + @"|[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?"
        + "|[-+]?0[bBoOxX][0-9a-fA-F_]+"
        + @"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
        + @"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        + @"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?)\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline,
        Timeout.Infinite)]
    private static partial Regex AmbiguousPattern { get; }
}

/// <summary>A YAML document is refused as a whole.</summary>
public sealed class YamlRejectedException(string reason, long line, long column) : Exception($"{reason} (line {line}, column {column})");
