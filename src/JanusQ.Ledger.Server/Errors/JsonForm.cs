using System.Globalization;
using System.Text.Json;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>Whether bytes are JSON (RFC 8259) at all, and not too deep.</summary>
internal static class JsonForm
{
    /// <summary>What keeps them from it, and where; none where they are JSON.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="depth">Levels of objects and arrays at most.</param>
    public static ContractFault? Find(ReadOnlySpan<byte> utf8, int depth)
    {
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0) return Fault("JSON, and there is nothing");
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = depth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth == depth)
                    return Fault(string.Create(CultureInfo.InvariantCulture, $"at most {depth} levels of objects and arrays"));
            }

            return null;
        }
        catch (JsonException broken)
        {
            return Fault(string.Create(CultureInfo.InvariantCulture, $"JSON; it breaks at byte {PlaceOf(broken, utf8)}"));
        }
    }

    // The parser counts in lines and from their beginnings.
    private static long PlaceOf(JsonException broken, ReadOnlySpan<byte> utf8)
    {
        var start = 0;
        for (var line = 0L; line < broken.LineNumber; line++) start += utf8[start..].IndexOf((byte)'\n') + 1;
        return start + (broken.BytePositionInLine ?? 0);
    }

    private static ContractFault Fault(string expectation) => new(ContractFault.WholeBody, expectation);
}
