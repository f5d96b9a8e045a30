using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Tests.Canonical;

namespace JanusQ.Ledger.Core.Tests.Lane.Strategies;

/// <summary>lane.md section 5.1, rule by rule.</summary>
public class StrictYamlTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData("", "null")]
    [InlineData("# only a comment\n", "null")]
    [InlineData("---\n", "null")]
    [InlineData("--- a\n...\n", "\"a\"")]
    [InlineData("a:", "{\"a\":null}")]
    [InlineData("a: ~", "{\"a\":null}")]
    [InlineData("a: null", "{\"a\":null}")]
    [InlineData("[true, false]", "[true,false]")]
    [InlineData("[0, -0, 7, -12, 4300]", "[0,0,7,-12,4300]")]
    [InlineData("[0.0, -0.0, 1.50, -3.25, 100.123456789012345678]", "[0.0,-0.0,1.5,-3.25,100.12345678901235]")]
    [InlineData("a: 1.0.0", "{\"a\":\"1.0.0\"}")]
    [InlineData("a: 1Min", "{\"a\":\"1Min\"}")]
    [InlineData("a: legacy_macd_rsi", "{\"a\":\"legacy_macd_rsi\"}")]
    [InlineData("a: +", "{\"a\":\"+\"}")]
    [InlineData("a: .5.5", "{\"a\":\".5.5\"}")]
    [InlineData("a: 12:60", "{\"a\":\"12:60\"}")]
    [InlineData("a: 0x1G", "{\"a\":\"0x1G\"}")]
    [InlineData("a: 0x", "{\"a\":\"0x\"}")]
    [InlineData("a: 1_000x", "{\"a\":\"1_000x\"}")]
    [InlineData("a: 1e", "{\"a\":\"1e\"}")]
    [InlineData("a: _1", "{\"a\":\"_1\"}")]
    [InlineData("a: tRUE", "{\"a\":\"tRUE\"}")]
    [InlineData("a: nULL", "{\"a\":\"nULL\"}")]
    [InlineData("a: yEs", "{\"a\":\"yEs\"}")]
    [InlineData("a: .Infinity", "{\"a\":\".Infinity\"}")]
    [InlineData("a: NaN", "{\"a\":\"NaN\"}")]
    [InlineData("a: 2026-01-05x", "{\"a\":\"2026-01-05x\"}")]
    [InlineData("a: 2026-01", "{\"a\":\"2026-01\"}")]
    [InlineData("a: yes\n  no", "{\"a\":\"yes no\"}")]
    [InlineData("a: '1'", "{\"a\":\"1\"}")]
    [InlineData("a: \"true\"", "{\"a\":\"true\"}")]
    [InlineData("a: 'null'", "{\"a\":\"null\"}")]
    [InlineData("a: ''", "{\"a\":\"\"}")]
    [InlineData("a: |\n  1\n", "{\"a\":\"1\\n\"}")]
    [InlineData("a: >-\n  yes\n  no\n", "{\"a\":\"yes no\"}")]
    [InlineData("\"1\": a", "{\"1\":\"a\"}")]
    [InlineData("'yes': a", "{\"yes\":\"a\"}")]
    [InlineData("a: # c\n  b # d\n", "{\"a\":\"b\"}")]
    [InlineData("a: b#c", "{\"a\":\"b#c\"}")]
    [InlineData("a:\n- b\n- - c\n  - {d: [e, ]}\n", "{\"a\":[\"b\",[\"c\",{\"d\":[\"e\"]}]]}")]
    [InlineData("a: [\n  b\n]\nc: {\n  d: e\n}", "{\"a\":[\"b\"],\"c\":{\"d\":\"e\"}}")]
    [InlineData("a: 1\r\nb: 2\r\n", "{\"a\":1,\"b\":2}")]
    [InlineData("a: \"\\u0000\\x41\\U0001F600\\n\"", "{\"a\":\"\\u0000A\\ud83d\\ude00\\n\"}")]
    [InlineData("{\"a\":1,\"b\" : 2, c:\n3, d : 4, ? e : 5}", "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}")]
    [InlineData("{a, b: , \"c\"}", "{\"a\":null,\"b\":null,\"c\":null}")]
    [InlineData(
        "\"é\U0001F600\": 1\r\n? |\r\n  b\r\n: [c]\r\nd:\r\n  e: {f: 'g'}\r\n",
        "{\"b\\n\":[\"c\"],\"d\":{\"e\":{\"f\":\"g\"}},\"\\u00e9\\ud83d\\ude00\":1}")]
    [InlineData("a: é\U0001F600", "{\"a\":\"\\u00e9\\ud83d\\ude00\"}")]
    [InlineData("a: |\n %a\n", "{\"a\":\"%a\\n\"}")]
    public void accepted(string yaml, string canonical) => Assert.Equal(canonical, CanonicalJson.Text(Read(yaml)));

    [Theory]
    [InlineData("y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|True|TRUE|False|FALSE|Null|NULL|<<|=")]
    [InlineData("010|+5|1_000|5.|1e3|1.5e-3|-007|+0|1_|1__0|0_1|1_000.5|1.5_0|1._|-1.|1E5|1e+05|-1.5E-3|1_0e5|00|0.|1.e5")]
    [InlineData(".5|+.5|-.5|.5e3|.0_1|-.5E-3")]
    [InlineData("0b1|0B1|0o17|0O17|0x1F|0XfF|+0x1|-0b1|0x_|0o8")]
    [InlineData("1:30|1:3|-1:30|+190:20:30|1_0:59|1:30.|1:30.5_0|0:0")]
    [InlineData(".inf|.Inf|.INF|+.inf|-.INF|.nan|.NaN|.NAN")]
    [InlineData("2026-01-05|2026-1-5|2026-01-05T10:00:00|2026-01-05t|2026-01-05 10:00|2026-01-05Tanything at all")]
    public void ambiguous_plain_scalars_are_refused_and_their_quoted_twins_are_texts(string texts)
    {
        foreach (var text in texts.Split('|'))
        {
            foreach (var form in new[] { $"a: {text}", $"[{text}]", $"- {text}", $"a:\n  {text} # c\n" }) Refused(form);
            Assert.Equal($"[{CanonicalJson.Text(text)}]", CanonicalJson.Text(Read($"- '{text}'")));
            Assert.Equal($"[{CanonicalJson.Text(text)}]", CanonicalJson.Text(Read($"[\"{text}\"]")));
        }
    }

    [Theory]
    [InlineData("%YAML 1.2\n---\na: b")]
    [InlineData("%YAML 1.1\n---\na: b")]
    [InlineData("# c\n\n%TAG ! tag:x,2000:\n---\na: b")]
    [InlineData("%FOO\n---\n")]
    [InlineData("---\n- ''\n%---\n...\r")]
    [InlineData("- a\n%YAML 1.1\n")]
    [InlineData("a: b\n...\n%YAML 1.2\n")]
    [InlineData("a: b\n...\n%YAML 1.2\n---\nc: d")]
    [InlineData("%")]
    public void directives(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("a\n---\nb")]
    [InlineData("a\n---\n")]
    [InlineData("---\n---\n")]
    [InlineData("a\n...\nb")]
    [InlineData("--- a\n--- b")]
    public void second_documents(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("|-\n# a comment or a text")]
    [InlineData("|-\n---\n")]
    [InlineData("--- |\n%a\n")]
    [InlineData(">\n'")]
    public void block_scalars_as_whole_documents(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("&x a")]
    [InlineData("a: &x")]
    [InlineData("a: &x b\nc: *x")]
    [InlineData("*x")]
    [InlineData("&x {a: b}")]
    [InlineData("&k a: b")]
    [InlineData("{*x : a}")]
    [InlineData("! a")]
    [InlineData("!!str a")]
    [InlineData("a: !!int 5")]
    [InlineData("a: !<tag:yaml.org,2002:str> b")]
    [InlineData("!x [a]")]
    [InlineData("!!map {a: b}")]
    [InlineData("!!str a: b")]
    [InlineData("- !")]
    public void anchors_aliases_and_tags(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("a: 1\na: 2")]
    [InlineData("{a: 1, a: 1}")]
    [InlineData("a: 1\n'a': 2")]
    [InlineData("a: 1\n\"\\x61\": 2")]
    [InlineData("x: {y: [{b: 1, \"b\": 2}]}")]
    public void a_name_twice(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("1: a")]
    [InlineData("1.5: a")]
    [InlineData("true: a")]
    [InlineData("~: a")]
    [InlineData("null: a")]
    [InlineData(": a")]
    [InlineData("yes: a")]
    [InlineData("<<: a")]
    [InlineData("2026-01-05: a")]
    [InlineData("[a]: b")]
    [InlineData("{a: b}: c")]
    [InlineData("? [a]\n: b")]
    [InlineData("? - a\n: b")]
    public void keys_that_are_not_text(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("a: [1, 2")]
    [InlineData("a: {b: c")]
    [InlineData("[a]]")]
    [InlineData("a: 'x")]
    [InlineData("a: \"x")]
    [InlineData("a: \"\\q\"")]
    [InlineData("a: b: c")]
    [InlineData("a: - b")]
    [InlineData("a: b\n  c: d")]
    [InlineData("a:\n    b: 1\n  c: 2")]
    [InlineData(" a: 1\nb: 2")]
    [InlineData("a: 1\n b: 2")]
    [InlineData("a: 'b' c")]
    [InlineData("[a,,b]")]
    [InlineData("[>]")]
    [InlineData("[|2]")]
    [InlineData("{>-: a}")]
    [InlineData("[%b]")]
    [InlineData("[a:]")]
    [InlineData("{a:}")]
    [InlineData("{\"b\" true}")]
    [InlineData("{\"b\"\n true}")]
    [InlineData("{\"b\" # :\n true}")]
    [InlineData("{b # c:\n true}")]
    [InlineData("{? b\n [a]}")]
    [InlineData("@a")]
    [InlineData("`a`")]
    [InlineData("a: %b")]
    [InlineData("a: |x\n  y")]
    [InlineData("- a\nb: c")]
    [InlineData("a:\n\tb: 1")]
    [InlineData("\ta: b")]
    [InlineData("\t- a")]
    [InlineData(" \ta: b")]
    [InlineData("a: \"\\ud83d\"")]
    public void syntax_errors(string yaml) => Refused(yaml);

    [Theory]
    [InlineData("\ufeffa: b")]
    [InlineData("a: \ufeffb")]
    [InlineData("a: b\n\ufeff")]
    [InlineData("\0")]
    [InlineData("- a\n\0")]
    [InlineData("a: 1\n\0garbage: [")]
    [InlineData("[a]\0]")]
    [InlineData("a: \u0001")]
    [InlineData("a: \"\u001b\"")]
    [InlineData("a: \u007f")]
    [InlineData("a: \u0080")]
    [InlineData("a: x\u0085b: 2")]
    [InlineData("a: x\u2028b: 2")]
    [InlineData("a: x\u2029b: 2")]
    [InlineData("a: \"x\u2028 y\"")]
    [InlineData("a: 1\u000cb: 2")]
    [InlineData("a: \ufffe")]
    [InlineData("a: \uffff")]
    public void characters_that_parsers_read_differently(string yaml) => Refused(yaml);

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFF })]
    [InlineData(new byte[] { (byte)'a', (byte)':', (byte)' ', 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 })]
    [InlineData(new byte[] { (byte)'#', 0xC0, 0xAF })]
    public void bytes_that_are_not_utf8(byte[] bytes) => Assert.Throws<YamlRejectedException>(() => StrictYaml.Read(bytes));

    [Fact]
    public void integers_have_the_limits_of_json()
    {
        Assert.IsType<JsonInteger>(Read(new string('7', 4300)));
        Refused(new string('7', 4301));
        Refused("a: -" + new string('7', 4301));
        Refused("a: " + new string('7', 400) + ".0");
    }

    [Fact]
    public void nesting_has_the_limit_of_json()
    {
        string Flow(int depth) => new string('[', depth) + new string(']', depth);
        string Block(int depth) => string.Concat(Enumerable.Repeat("- ", depth)) + "a";
        string Stairs(int depth) => string.Concat(Enumerable.Range(0, depth).Select(level => new string(' ', level) + "a:\n"));
        foreach (var nested in new Func<int, string>[] { Flow, Block, Stairs })
        {
            Assert.NotNull(Read(nested(256)));
            Refused(nested(257));
        }
    }

    [Fact]
    public void canonical_json_of_texts_integers_and_containers_reads_the_same_as_yaml() => JsonGenerators.Value.Sample(
        value =>
        {
            // Reals with an exponent are ambiguous in YAML, and a name of more than 1024 characters is no simple key.
            var canonical = CanonicalJson.Text(value);
            if (HasReal(value) || canonical.Contains("\\u2028", StringComparison.Ordinal)) return;
            Assert.Equal(canonical, CanonicalJson.Text(Read(canonical)));
            Assert.Equal(canonical, CanonicalJson.Text(Read(FileJson.Text(value))));
        },
        iter: 2_000);

    [Fact]
    public void random_texts_are_read_or_rejected_and_nothing_else() => Gen.OneOf(Pieces.Select(Gen.Const).ToArray()).Array[0, 16]
        .Sample(pieces => ReadOrRejected(Encoding.UTF8.GetBytes(string.Concat(pieces))), iter: 30_000);

    [Fact]
    public void random_bytes_are_read_or_rejected_and_nothing_else() => Gen.Byte.Array[0, 40].Sample(ReadOrRejected, iter: 10_000);

    [Fact]
    public void a_hostile_megabyte_is_read_or_rejected()
    {
        string[] fillers =
        [
            "[", "{", "]", "}", "- ", "? ", ": ", "{a: ", "[a: ", "[[],", "a", " ", "\n", "#", "\"", "'", "'a\n ", "[],", "a,", "- a\n",
                "1", "1_", "1:1", ":1", "|\n",
            "a: |\n\n", "# x\n", "!", "!!a ", "&", "&a ", "*a ", "%", "---\n", "...\n", "\\u0041", "a: ", "? a\n", "|", ">", "\t", "\r",
                "a\n", " a\n", "a:\n ", "{{a}:", "[?",
            "-\n", ",", "\"\\\n", "é", "\U0001F600",
        ];
        foreach (var prefix in new[] { "", "a: ", "[", "\"", "a: 1", "a: |\n " })
        {
            foreach (var filler in fillers)
            {
                var text = prefix + string.Concat(Enumerable.Repeat(filler, Megabyte / 4 / filler.Length));
                ReadOrRejected(Encoding.UTF8.GetBytes(text));
            }
        }
    }

    [Fact]
    public void sixty_thousand_keys_are_read()
    {
        var mapping = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"key{i}: value\n"));
        var flow = "{" + string.Join(", ", Enumerable.Range(0, 60_000).Select(i => $"key{i}: [a, 'b']")) + "}";
        Assert.Equal(60_000, ((JsonObject)Read(mapping)).Count);
        Assert.Equal(60_000, ((JsonObject)Read(flow)).Count);
    }

    [Fact]
    public void a_refusal_names_line_and_column() =>
        Assert.Contains("line 3, column 4", Assert.Throws<YamlRejectedException>(() => Read("a: b\n# c\nd: yes\n")).Message,
            StringComparison.Ordinal);

    private static readonly string[] Pieces =
    [
        "a", "b", "1", "true", ": ", ":", "- ", "-", "\n", "\n  ", "\n ", " ", "[", "]", "{", "}", ", ", ",", "'", "\"", "\\", "#", " # c",
            "|", ">", "? ", "&x ", "*x", "!t ",
        "%", "---", "...", "\t", "\r\n", "\r", "é", "\0", "\ufeff", "~", "null", "\\n", "\\x", "@", "`", "<<", "=", "|2-\n", "\u0085",
    ];

    private static bool HasReal(JsonValue value) => value switch
    {
        JsonReal => true,
        JsonArray elements => elements.Elements.Any(HasReal),
        JsonObject members => members.Members.Any(member => HasReal(member.Value)),
        _ => false,
    };

    private static void ReadOrRejected(byte[] yaml)
    {
        try
        {
            Assert.NotNull(CanonicalJson.Bytes(StrictYaml.Read(yaml)));
        }
        catch (YamlRejectedException)
        {
            // Refused as a whole: the other acceptable answer.
        }
    }

    private static JsonValue Read(string yaml) => StrictYaml.Read(Encoding.UTF8.GetBytes(yaml));

    private static void Refused(string yaml)
    {
        try
        {
            var value = Read(yaml);
            Assert.Fail($"'{yaml}' was read as {value}");
        }
        catch (YamlRejectedException)
        {
            // As it should be.
        }
    }
}
