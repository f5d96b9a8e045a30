using System.Text;

namespace JanusQ.Ledger.Core.Canonical;

/// <summary>
/// The file form of JSON: members in the order given, indented by two spaces, pure ASCII, no line break at the end
/// (artifacts.md section 2).
/// </summary>
public static class FileJson
{
    /// <summary>The file form as bytes.</summary>
    public static byte[] Bytes(JsonValue value)
    {
        var buffer = new ByteBuffer(4096);
        Append(buffer, value, 0);
        return buffer.ToArray();
    }

    /// <summary>The file form as text.</summary>
    public static string Text(JsonValue value) => Encoding.ASCII.GetString(Bytes(value));

    /// <summary>Appends the file form of a value that stands <paramref name="level"/> levels deep.</summary>
    public static void Append(ByteBuffer target, JsonValue value, int level)
    {
        ArgumentNullException.ThrowIfNull(target);
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                target.Append((byte)'{');
                for (var i = 0; i < members.Count; i++)
                {
                    AppendBreak(target, level + 1, i > 0);
                    CanonicalJson.AppendText(target, members.Members[i].Key);
                    target.Append(": "u8);
                    Append(target, members.Members[i].Value, level + 1);
                }

                AppendBreak(target, level, false);
                target.Append((byte)'}');
                break;
            case JsonArray { Count: > 0 } elements:
                target.Append((byte)'[');
                for (var i = 0; i < elements.Count; i++)
                {
                    AppendBreak(target, level + 1, i > 0);
                    Append(target, elements[i], level + 1);
                }

                AppendBreak(target, level, false);
                target.Append((byte)']');
                break;
            case JsonObject:
                target.Append("{}"u8);
                break;
            case JsonArray:
                target.Append("[]"u8);
                break;
            default:
                CanonicalJson.AppendScalar(target, value);
                break;
        }
    }

    /// <summary>Appends a line break and the blanks of a level, after a comma where an earlier entry stands before.</summary>
    internal static void AppendBreak(ByteBuffer target, int level, bool comma)
    {
        if (comma) target.Append((byte)',');
        target.Append((byte)'\n');
        var indent = target.Reserve(level * 2);
        indent[..(level * 2)].Fill((byte)' ');
        target.Advance(level * 2);
    }
}
