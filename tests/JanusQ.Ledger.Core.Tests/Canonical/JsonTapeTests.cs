using System.Globalization;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

public class JsonTapeTests
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"\\u", "d83d", "\\ude00", "0", "1", "-", ".", "e", "E", "+", "9", "true",
            "fals", "e", "null",
        " ", "\n", "\t", "\u00a0", "é", "\u0000", "//", "NaN", "Infinity", "'",
    ];

    [Fact]
    public void random_bytes_are_read_or_rejected_and_nothing_else() => Gen.Byte.Array[0, 60].Sample(ReadOrRejected, iter: 20_000);

    [Fact]
    public void random_tokens_are_read_or_rejected_and_nothing_else() => Gen.OneOf(Tokens.Select(Gen.Const).ToArray()).Array[0, 20]
        .Sample(tokens => ReadOrRejected(Encoding.UTF8.GetBytes(string.Concat(tokens))), iter: 30_000);

    [Fact]
    public void a_document_with_one_byte_changed_is_read_or_rejected_and_nothing_else() =>
        Gen.Select(JsonGenerators.Value, Gen.Int, Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
            (value, seed, at, b) =>
            {
                var bytes = Encoding.UTF8.GetBytes(JsonGenerators.Spell(value, seed));
                bytes[at % bytes.Length] = b;
                ReadOrRejected(bytes);
            },
            iter: 10_000);

    [Fact]
    public void a_document_cut_off_is_rejected_unless_what_is_left_is_a_document() => Gen.Select(JsonGenerators.Value, Gen.Int).Sample(
        (value, seed) =>
        {
            if (value is not (JsonObject or JsonArray or JsonText)) return;
            var bytes = Encoding.UTF8.GetBytes(JsonGenerators.Spell(value, seed).TrimEnd(' ', '\t', '\r', '\n'));
            for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 50))
                Assert.Throws<JsonRejectedException>(() => JsonValue.Read(bytes[..length]));
        },
        iter: 500);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("[1]]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,}")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("{1:1}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{\"a\":}")]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("00")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("nul")]
    [InlineData("nulll")]
    [InlineData("True")]
    [InlineData("// c\n1")]
    [InlineData("/* c */1")]
    [InlineData("1//")]
    [InlineData("'a'")]
    [InlineData("\"a")]
    [InlineData("\"a\\\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\u12G4\"")]
    [InlineData("\"\\U0041\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"a\tb\"")]
    [InlineData("\"a\0b\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\"")]
    [InlineData("\"\\ud800\\ud800\\udc00\"")]
    [InlineData("\"\\ud800x\"")]
    [InlineData("\"\\ud800\\n\"")]
    [InlineData("\"\\ud800\\u0041\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("\ufeff1")]
    [InlineData("1\ufeff")]
    [InlineData("\u00a01")]
    [InlineData("\u000b1")]
    [InlineData("\f1")]
    [InlineData("1\0")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"\\u00e9\":1,\"é\":2}")]
    [InlineData("{\"\\ud83d\\ude00\":1,\"\U0001F600\":2}")]
    [InlineData("{\"/\":1,\"\\/\":2}")]
    [InlineData("[[{\"x\":{\"b\":0,\"a\":1,\"\\u0061\":2}}]]")]
    public void what_section_1_does_not_accept_is_refused(string text) =>
        Assert.Throws<JsonRejectedException>(() => JsonValue.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("{\"e\\u0301\":1,\"\\u00e9\":2}")]
    [InlineData("{\"a\":{\"a\":{\"a\":1}}}")]
    [InlineData("\"\\u0000\\uffff\\ud83d\\ude00\\uD83D\\uDE00\"")]
    [InlineData(" \t\r\n1 \t\r\n")]
    [InlineData("\"\u007f\u0080\u2028\uffff\U0010FFFF\"")]
    [InlineData("{\"\":1}")]
    public void what_section_1_accepts_is_read(string text) => Assert.NotNull(JsonValue.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAF }, "overlong slash")]
    [InlineData(new byte[] { 0xC1, 0xBF }, "overlong")]
    [InlineData(new byte[] { 0xE0, 0x80, 0xAF }, "overlong in three")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "encoded high surrogate")]
    [InlineData(new byte[] { 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80 }, "encoded surrogate pair")]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "above U+10FFFF")]
    [InlineData(new byte[] { 0xF8, 0x88, 0x80, 0x80, 0x80 }, "five bytes")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "truncated")]
    [InlineData(new byte[] { 0x80 }, "continuation alone")]
    [InlineData(new byte[] { 0xFF }, "no UTF-8 byte at all")]
    public void bytes_that_are_not_utf8_are_refused_wherever_they_stand(byte[] bad, string what)
    {
        foreach (var (before, after) in new[] { ("\"", "\""), ("{\"", "\":1}"), ("{\"a\":\"x", "\"}"), ("[1,", "2]"), ("", "1"),
            ("1", "") })
        {
            byte[] document = [.. Encoding.ASCII.GetBytes(before), .. bad, .. Encoding.ASCII.GetBytes(after)];
            var refused = Assert.Throws<JsonRejectedException>(() => JsonValue.Read(document));
            Assert.True(refused.Offset == before.Length, $"{what} after '{before}': byte {refused.Offset}");
        }
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void arrays_and_objects_nest_256_deep_and_no_deeper(int depth, bool accepted)
    {
        var mixes = new (string Open, string Close)[][]
        {
            [("[", "]")], [("{\"a\":", "}")], [("[", "]"), ("{\"a\":", "}")], [("{\"a\":", "}"), ("[", "]"), ("[", "]")],
        };
        foreach (var mix in mixes)
        {
            foreach (var core in new[] { "1", "\"x\"", "" })
            {
                // The innermost container may be empty only where it is an array.
                if (core.Length == 0 && mix[(depth - 1) % mix.Length].Open != "[") continue;
                var open = string.Concat(Enumerable.Range(0, depth).Select(i => mix[i % mix.Length].Open));
                var close = string.Concat(Enumerable.Range(0, depth).Reverse().Select(i => mix[i % mix.Length].Close));
                var document = Encoding.ASCII.GetBytes($"{open}{core}{close}");
                Assert.Equal(accepted, JsonValue.TryRead(document, out _, out var rejection));
                if (!accepted) Assert.Contains("256", rejection!.Reason, StringComparison.Ordinal);
            }
        }

        var siblings = Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Repeat("[[1],{\"a\":[2]}]", 300)) + "]");
        Assert.NotNull(JsonValue.Read(siblings));
    }

    [Fact]
    public void integers_have_up_to_4300_digits_and_reals_any_number()
    {
        foreach (var sign in new[] { "", "-" })
        {
            var longest = sign + new string('7', 4300);
            Assert.Equal(longest, CanonicalJson.Text(JsonValue.Read(Encoding.ASCII.GetBytes(longest))));
            Assert.Throws<JsonRejectedException>(() => JsonValue.Read(Encoding.ASCII.GetBytes(longest + "7")));
            Assert.Throws<JsonRejectedException>(() => JsonValue.Read(Encoding.ASCII.GetBytes($"{{\"a\":[{longest}7]}}")));
        }

        Assert.IsType<JsonReal>(JsonValue.Read(Encoding.ASCII.GetBytes("0." + new string('7', 10_000))));
    }

    [Fact]
    public void a_duplicate_is_found_among_a_hundred_thousand_members()
    {
        var names = Enumerable.Range(0, 100_000)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"\"{(i % 3 == 0 ? "\\u006b" : "k")}{i}\":{i}"));
        var text = "{" + string.Join(',', names);
        var value = (JsonObject)JsonValue.Read(Encoding.ASCII.GetBytes(text + "}"));
        Assert.Equal(100_000, value.Count);
        Assert.Equal("99999", value["k99999"]!.ToString());
        Assert.Equal(value.Count, ((JsonObject)JsonValue.Read(CanonicalJson.Bytes(value))).Count);
        var refused = Assert.Throws<JsonRejectedException>(() =>
            JsonValue.Read(Encoding.ASCII.GetBytes(text + ",\"\\u006b00000\":1,\"k5\\u0030000\":1}")));
        Assert.Contains("k50000", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ten_megabytes_of_brackets_are_refused()
    {
        foreach (var filler in new[] { "[", "{\"a\":", "[[],", "{", "-", "\"", "[\"\\" })
        {
            var document = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(filler, 10_000_000 / filler.Length)));
            Assert.Throws<JsonRejectedException>(() => JsonValue.Read(document));
        }
    }

    [Fact]
    public void a_refusal_names_line_column_and_byte()
    {
        var refused = Assert.Throws<JsonRejectedException>(() => JsonValue.Read("{\n  \"a\": 1,\n  \"b\" 2\n}"u8.ToArray()));
        Assert.Equal((3, 7, 18), (refused.Line, refused.Column, refused.Offset));
        var duplicate = Assert.Throws<JsonRejectedException>(() => JsonValue.Read("{\"a\":1,\n\"a\":2}"u8.ToArray()));
        Assert.Equal((2, 1), (duplicate.Line, duplicate.Column));
    }

    [Fact]
    public void a_tape_forgets_the_document_before() => Gen.Select(JsonGenerators.Value, JsonGenerators.Value).Sample(
        (first, second) =>
        {
            var tape = new JsonTape();
            tape.ReadDocument(CanonicalJson.Bytes(first));
            Assert.Throws<JsonRejectedException>(() => tape.ReadDocument("[[[1,2"u8.ToArray()));
            tape.ReadDocument(CanonicalJson.Bytes(second));
            Assert.Equal(CanonicalJson.Text(second), CanonicalJson.Text(tape.Root.ToValue()));
        },
        iter: 500);

    [Fact]
    public void a_member_is_found_however_its_name_is_spelled_and_at_its_own_level_only()
    {
        var tape = new JsonTape();
        tape.ReadDocument("""{"x":{"macd":1},"\u006dacd":{"macd":2},"é":3}"""u8.ToArray());
        Assert.Equal("2", tape.Root["macd"u8]["macd"u8].ToValue().ToString());
        Assert.False(tape.Root["mac"u8].IsPresent);
        Assert.False(tape.Root["macd"u8]["x"u8].IsPresent);
        Assert.False(tape.Root["x"u8]["macd"u8]["macd"u8].IsPresent);
    }

    private static void ReadOrRejected(byte[] document)
    {
        if (!JsonValue.TryRead(document, out var value, out var rejection))
        {
            Assert.InRange(rejection.Offset, 0, document.Length);
            return;
        }

        var canonical = CanonicalJson.Bytes(value);
        Assert.Equal(canonical, CanonicalJson.Bytes(JsonValue.Read(canonical)));
    }
}
