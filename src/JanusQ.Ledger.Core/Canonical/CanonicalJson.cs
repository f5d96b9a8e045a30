using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>The canonical form of JSON: no blanks, members sorted by code point, pure ASCII (artifacts.md section 2).</summary>
public static class CanonicalJson
{
    /// <summary>The SHA-256 of the canonical form: the <i>hash</i> of a value.</summary>
    public static Sha256Hash Hash(JsonValue value) => Sha256Hash.Of(Bytes(value));

    /// <summary>The first 24 hex digits of the hash of a value: its <i>id</i>.</summary>
    public static string Id(JsonValue value) => Hash(value).Id;

    /// <summary>The canonical form as bytes.</summary>
    public static byte[] Bytes(JsonValue value)
    {
        var buffer = new ByteBuffer(1024);
        Append(buffer, value);
        return buffer.ToArray();
    }

    /// <summary>The canonical form as text.</summary>
    public static string Text(JsonValue value) => Encoding.ASCII.GetString(Bytes(value));

    /// <summary>Appends the canonical form of a value.</summary>
    public static void Append(ByteBuffer target, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(target);
        switch (value)
        {
            case JsonObject members:
                AppendObject(target, members);
                break;
            case JsonArray elements:
                target.Append((byte)'[');
                for (var i = 0; i < elements.Count; i++)
                {
                    if (i > 0) target.Append((byte)',');
                    Append(target, elements[i]);
                }

                target.Append((byte)']');
                break;
            default:
                AppendScalar(target, value);
                break;
        }
    }

    /// <summary>Appends a value that is no array and no object; both forms of JSON write it the same way.</summary>
    internal static void AppendScalar(ByteBuffer target, JsonValue value)
    {
        switch (value)
        {
            case JsonNull:
                target.Append("null"u8);
                break;
            case JsonBoolean truth:
                target.Append(truth.Value ? "true"u8 : "false"u8);
                break;
            case JsonInteger integer:
                AppendInteger(target, integer.Value);
                break;
            case JsonReal real:
                RealText.Append(target, real.Value);
                break;
            case JsonText text:
                AppendText(target, text.Value);
                break;
            default:
                throw new ArgumentException($"A {value?.Kind} is no scalar.", nameof(value));
        }
    }

    /// <summary>Appends a text in quotes (artifacts.md section 2, "Strings").</summary>
    /// <exception cref="ArgumentException">The text holds an unpaired surrogate.</exception>
    public static void AppendText(ByteBuffer target, ReadOnlySpan<char> text)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.Append((byte)'"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and <= '~' and not ('"' or '\\'))
            {
                target.Append((byte)c);
                continue;
            }

            if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                    throw new ArgumentException("The text holds an unpaired surrogate, which JSON cannot carry.", nameof(text));
                AppendEscape(target, c);
                AppendEscape(target, text[++i]);
                continue;
            }

            AppendEscape(target, c);
        }

        target.Append((byte)'"');
    }

    /// <summary>Appends an integer.</summary>
    public static void AppendInteger(ByteBuffer target, long value)
    {
        ArgumentNullException.ThrowIfNull(target);
        value.TryFormat(target.Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        target.Advance(written);
    }

    internal static void Append(ByteBuffer target, JsonTape tape, int node)
    {
        var token = tape.TokenOf(node);
        switch (tape.KindOf(node))
        {
            case JsonKind.Integer:
                target.Append(token is [(byte)'-', (byte)'0'] ? "0"u8 : token);
                break;
            case JsonKind.Real:
                RealText.AppendToken(target, token);
                break;
            case JsonKind.Text:
                AppendTextNode(target, tape, node);
                break;
            case JsonKind.Array:
                target.Append((byte)'[');
                var elements = tape.CountOf(node);
                for (int i = 0, child = node + 1; i < elements; i++, child = tape.AfterOf(child))
                {
                    if (i > 0) target.Append((byte)',');
                    Append(target, tape, child);
                }

                target.Append((byte)']');
                break;
            case JsonKind.Object:
                AppendObject(target, tape, node);
                break;
            default:
                target.Append(token);
                break;
        }
    }

    private static void AppendTextNode(ByteBuffer target, JsonTape tape, int node)
    {
        if (!tape.FlagOf(node))
        {
            AppendText(target, new JsonNode(tape, node).Text);
            return;
        }

        target.Append((byte)'"');
        target.Append(tape.TokenOf(node));
        target.Append((byte)'"');
    }

    private static void AppendObject(ByteBuffer target, JsonTape tape, int node)
    {
        const int OnStack = 32;
        var members = tape.CountOf(node);
        if (members > OnStack)
        {
            var sorted = tape.SortedNames(node, ArrayPool<int>.Shared, out var rented);
            AppendMembers(target, tape, sorted);
            ArrayPool<int>.Shared.Return(rented);
            return;
        }

        Span<int> names = stackalloc int[OnStack];
        names = names[..members];
        for (int i = 0, name = node + 1; i < members; i++, name = tape.AfterOf(name + 1)) names[i] = name;
        tape.SortNames(names);
        AppendMembers(target, tape, names);
    }

    private static void AppendMembers(ByteBuffer target, JsonTape tape, ReadOnlySpan<int> names)
    {
        target.Append((byte)'{');
        for (var i = 0; i < names.Length; i++)
        {
            if (i > 0) target.Append((byte)',');
            AppendTextNode(target, tape, names[i]);
            target.Append((byte)':');
            Append(target, tape, names[i] + 1);
        }

        target.Append((byte)'}');
    }

    private static void AppendObject(ByteBuffer target, JsonObject value)
    {
        var members = value.Members.ToArray();
        Array.Sort(members, static (left, right) => CodePoints.Compare(left.Key, right.Key));
        target.Append((byte)'{');
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0) target.Append((byte)',');
            AppendText(target, members[i].Key);
            target.Append((byte)':');
            Append(target, members[i].Value);
        }

        target.Append((byte)'}');
    }

    private static void AppendInteger(ByteBuffer target, BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) AppendInteger(target, (long)value);
        else target.Append(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }

    private static void AppendEscape(ByteBuffer target, char c)
    {
        var letter = c switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\f' => 'f',
            '\r' => 'r',
            _ => '\0',
        };
        target.Append((byte)'\\');
        if (letter != '\0')
        {
            target.Append((byte)letter);
            return;
        }

        target.Append((byte)'u');
        Sha256Hash.AppendHex([(byte)(c >> 8), (byte)c], target);
    }
}
