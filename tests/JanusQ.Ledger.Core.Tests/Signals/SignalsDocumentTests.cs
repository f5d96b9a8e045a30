using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Signals;

public class SignalsDocumentTests
{
    private const string Good = """{"event_ts":"2026-01-05","symbol":"A","payload":{"price":1}}""";

    [Theory]
    [InlineData("", "1")]
    [InlineData("", "null")]
    [InlineData("", "[]")]
    [InlineData("event_ts", """{"symbol":"A"}""")]
    [InlineData("event_ts", """{"event_ts":null,"symbol":1}""")]
    [InlineData("event_ts", """{"event_ts":"x","symbol":1,"payload":1}""")]
    [InlineData("event_ts", """{"event_ts":1.0,"symbol":"A"}""")]
    [InlineData("symbol", """{"event_ts":1}""")]
    [InlineData("symbol", """{"event_ts":1,"symbol":null,"payload":1}""")]
    [InlineData("symbol", """{"event_ts":1,"symbol":5}""")]
    [InlineData("payload", """{"event_ts":1,"symbol":"","payload":null,"timeframe":1}""")]
    [InlineData("payload", """{"event_ts":1,"symbol":"","payload":[]}""")]
    [InlineData("payload", """{"event_ts":1,"symbol":"","payload":"{}"}""")]
    [InlineData("timeframe", """{"event_ts":1,"symbol":"","timeframe":1,"ingest_ts":true}""")]
    [InlineData("timeframe", """{"event_ts":1,"symbol":"","timeframe":false}""")]
    [InlineData("ingest_ts", """{"event_ts":1,"symbol":"","ingest_ts":"","seq":"x"}""")]
    [InlineData("ingest_ts", """{"event_ts":1,"symbol":"","ingest_ts":1.5}""")]
    [InlineData("seq", """{"event_ts":1,"symbol":"","seq":"5","source":5}""")]
    [InlineData("seq", """{"event_ts":1,"symbol":"","seq":5.0}""")]
    [InlineData("seq", """{"event_ts":1,"symbol":"","seq":true}""")]
    [InlineData("seq", """{"event_ts":1,"symbol":"","seq":9223372036854775808}""")]
    [InlineData("seq", """{"event_ts":1,"symbol":"","seq":-9223372036854775809}""")]
    [InlineData("source", """{"event_ts":1,"symbol":"","source":5,"payload":{"price":"x"}}""")]
    public void the_first_field_that_is_refused_is_named_with_its_signal(string field, string signal)
    {
        var refusal = Refused($"[{Good},{Good},{signal},5,{Good}]");
        Assert.Equal(
            $$"""{"code":"signal_invalid","field":"{{field}}","signal_index":2}""",
            CanonicalJson.Text(refusal.ToJson()));
        Assert.Contains(field.Length == 0 ? "signals[2]" : $"signals[2].{field}", refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("price", """{"price":"x"}""")]
    [InlineData("price", """{"price":true,"close":1}""")]
    [InlineData("price", """{"price":{}}""")]
    [InlineData("price", """{"price":"NaN"}""")]
    [InlineData("price", """{"price":" 1"}""")]
    [InlineData("close", """{"close":[1]}""")]
    [InlineData("c", """{"c":""}""")]
    [InlineData("last", """{"last":"1e1000000"}""")]
    [InlineData("vwap", """{"vwap":[]}""")]
    [InlineData("vwap", """{"vwap":"x"}""")]
    [InlineData("vwap_session", """{"vwap_session":false}""")]
    [InlineData("vwap_w5m", """{"vwap_w5m":"1_0"}""")]
    [InlineData("vwap.session", """{"vwap":{"session":"x","w5m":1},"price":1}""")]
    [InlineData("vwap.w5m", """{"vwap":{"session":null,"w5m":{}},"price":1}""")]
    [InlineData("imbalance.bid_px", """{"imbalance":{"bid_px":"x","ask_px":"y"}}""")]
    [InlineData("imbalance.ask_px", """{"imbalance":{"bid_px":1,"ask_px":"y"}}""")]
    public void a_price_that_is_consulted_and_no_decimal_is_named(string field, string payload)
    {
        var refusal = Refused($$"""[{{Good}},{"event_ts":1,"symbol":"","payload":{{payload}}},{"event_ts":"x"}]""");
        Assert.Equal($$"""{"code":"signal_price_invalid","field":"{{field}}","signal_index":1}""", CanonicalJson.Text(refusal.ToJson()));
        Assert.Contains($"signals[1].payload.{field}", refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{"price":"1.50"}""", "1.50")]
    [InlineData("""{"price":0,"close":5}""", "0")]
    [InlineData("""{"price":-3,"close":5}""", "-3")]
    [InlineData("""{"price":null,"close":5}""", null)]
    [InlineData("""{"price":null,"imbalance":{"bid_px":1,"ask_px":2}}""", "1.5")]
    [InlineData("""{"close":5,"price":4}""", "4")]
    [InlineData("""{"last":1,"c":2,"close":3}""", "3")]
    [InlineData("""{"vwap_w5m":1,"vwap_session":2}""", "2")]
    [InlineData("""{"vwap":{"session":7,"w5m":"never checked"},"price":"never checked"}""", "7")]
    [InlineData("""{"vwap":{"session":null,"w5m":8},"price":1}""", "8")]
    [InlineData("""{"vwap":{"session":null},"price":1}""", "1")]
    [InlineData("""{"vwap":{},"vwap_session":5}""", null)]
    [InlineData("""{"vwap":{},"vwap_session":5,"imbalance":{"bid_px":1,"ask_px":1}}""", "1")]
    [InlineData("""{"vwap":null,"vwap_session":5}""", null)]
    [InlineData("""{"vwap":6,"vwap_session":5}""", "6")]
    [InlineData("""{"imbalance":[1,2]}""", null)]
    [InlineData("""{"imbalance":{"bid_px":"x"}}""", null)]
    [InlineData("""{"imbalance":{"bid_px":"x","ask_px":null}}""", null)]
    [InlineData("""{"imbalance":{"bid_px":null,"ask_px":"x"}}""", null)]
    [InlineData("""{"imbalance":{"bid_px":"102.00","ask_px":"102.05"}}""", "102.025")]
    [InlineData("""{"x":{"price":5}}""", null)]
    [InlineData("""{"\u0070rice":5}""", "5")]
    [InlineData("""{"price":100.10}""", "100.1")]
    [InlineData("""{"price":100.123456789012345678}""", "100.12345678901235")]
    [InlineData("""{"price":-0.0}""", "-0.0")]
    public void the_first_source_that_yields_a_value_is_the_price(string payload, string? price) =>
        Assert.Equal(price, Read($$"""[{"event_ts":1,"symbol":"","payload":{{payload}}}]""")[0].Price?.ToString());

    [Theory]
    [InlineData("""{}""", "unclassified_event")]
    [InlineData("""{"macd":null}""", "technical_indicator")]
    [InlineData("""{"rsi14":false}""", "technical_indicator")]
    [InlineData("""{"rsi":1}""", "technical_indicator")]
    [InlineData("""{"x":{"rsi":1}}""", "unclassified_event")]
    [InlineData("""{"event_type":" Earn\u0049ngs\u2028"}""", "earnings")]
    [InlineData("""{"event_type":"","eventType":"\u00a0","news_event_type":null,"taxonomy":5,"signal_type":"Flow"}""", "flow")]
    [InlineData("""{"signal_type":"a","taxonomy":"b","news_event_type":"c","eventType":"d","event_type":"e"}""", "e")]
    [InlineData("""{"event_type":" ","rsi":1}""", "technical_indicator")]
    [InlineData("""{"event_type":"\u200b"}""", "\u200b")]
    [InlineData("""{"event_type":"ÉTÉ İ"}""", "ÉtÉ İ")]
    public void event_types(string payload, string type) =>
        Assert.Equal(type, Read($$"""[{"event_ts":1,"symbol":"","payload":{{payload}}}]""")[0].EventType.Value);

    [Fact]
    public void fields_that_are_absent_or_null_are_none_and_other_members_are_ignored()
    {
        foreach (var rest in new[] { "", ""","timeframe":null,"ingest_ts":null,"seq":null,"source":null,"other":[{}]""" })
        {
            var signal = Read($$"""[{"event_ts":1,"symbol":" a "{{rest}}}]""")[0];
            Assert.Equal((" a ", null, null, null, null),
                (signal.Symbol.Value, signal.Timeframe, signal.IngestTime, signal.Sequence, signal.Source));
            Assert.Equal("{}", Encoding.ASCII.GetString(signal.CanonicalPayload.Span));
        }

        var extreme = Read(
            """[{"event_ts":1,"symbol":"","timeframe":"","ingest_ts":"2026-01-01","seq":-9223372036854775808,"source":""}]""")[0];
        Assert.Equal(("", long.MinValue, ""), (extreme.Timeframe?.Value, extreme.Sequence, extreme.Source?.Value));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData(" \"[]\" ")]
    [InlineData("1")]
    public void a_document_that_is_no_list(string document) => Assert.Equal("signals_document_not_a_list", Refused(document).Code);

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[5,")]
    [InlineData("[5,]")]
    [InlineData("[,5]")]
    [InlineData("[5 5]")]
    [InlineData("[5]]")]
    [InlineData("[5] 5")]
    [InlineData("{} 5")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[{\"event_ts\":\"x\"},{\"payload\":{\"a\":1,\"\\u0061\":1}}]")]
    [InlineData("[{\"event_ts\":1,\"symbol\":\"\",\"payload\":{\"price\":\"x\"}},1e309]")]
    [InlineData("[5,\"\\ud800\"]")]
    [InlineData("[5,NaN]")]
    [InlineData("\ufeff[]")]
    public void a_document_that_is_refused_wins_over_every_signal_before_the_fault(string document)
    {
        var refusal = Refused(document);
        Assert.Equal("""{"code":"signals_document_invalid"}""", CanonicalJson.Text(refusal.ToJson()));
        Assert.Contains("line", refusal.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void the_limit_of_depth_counts_from_the_document()
    {
        string Nested(int depth) =>
            """[{"event_ts":1,"symbol":"","payload":{"x":""" + new string('[', depth) + new string(']', depth) + "}}]";
        Assert.Single(Read(Nested(253)));
        Assert.Equal("signals_document_invalid", Refused(Nested(254)).Code);
    }

    [Fact]
    public void a_mean_out_of_range_is_arithmetic_and_comes_in_its_turn()
    {
        const string Beyond = """{"event_ts":1,"symbol":"","payload":{"imbalance":{"bid_px":"9e999999","ask_px":"9e999999"}}}""";
        Assert.Equal("arithmetic_out_of_range", Refused($"[{Good},{Beyond},5]").Code);
        Assert.Equal("signal_invalid", Refused($"[5,{Beyond}]").Code);
    }

    [Fact]
    public void payloads_are_kept_in_canonical_form_however_they_were_spelled() => Gen.Select(JsonGeneratorsObject(), Gen.Int).Sample(
        (payload, seed) =>
        {
            var text = $$"""[{"payload":{{Canonical.JsonGenerators.Spell(payload, seed)}},"event_ts":1,"symbol":"s"},{{Good}}]""";
            var read = Read(text);
            Assert.Equal(CanonicalJson.Text(payload), Encoding.ASCII.GetString(read[0].CanonicalPayload.Span));
            Assert.Equal("""{"price":1}""", Encoding.ASCII.GetString(read[1].CanonicalPayload.Span));
        },
        iter: 2_000);

    [Fact]
    public void an_empty_list_is_read() => Assert.Empty(Read(" [ ] "));

    /// <summary>Objects whose members never name a price.</summary>
    private static Gen<JsonObject> JsonGeneratorsObject() => Canonical.JsonGenerators.Value.Array[0, 4]
        .Select(values => new JsonObject(values.Select((value, i) => new KeyValuePair<string, JsonValue>($"k{i % 7}\u00e9{i}", value))));

    private static IReadOnlyList<Signal> Read(string document) => SignalsDocument.Read(Encoding.UTF8.GetBytes(document));

    private static Refusal Refused(string document) => Assert.Throws<RefusedException>(() => Read(document)).Refusal;
}
