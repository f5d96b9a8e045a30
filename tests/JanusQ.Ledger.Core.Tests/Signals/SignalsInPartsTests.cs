using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Signals;

public class SignalsInPartsTests
{
    private const int Count = 6_000;

    [Theory]
    [InlineData(",\n", "")]
    [InlineData(",", "")]
    [InlineData(" ,\r\n  ", "")]
    [InlineData(",\n", ",\"note\":\"a,\\n{b},{c\"")]
    [InlineData(",\n", ",\"note\":[{\"a\":1},{\"b\":2},\n{\"c\":3}]")]
    [InlineData(",", ",\"note\":[{\"a\":1},{\"b\":2}]")]
    public void A_document_read_in_parts_is_the_document_read_in_one_piece(string between, string extra)
    {
        var document = Document(between, extra, -1, "");
        Assert.Equal(Spell(SignalsDocument.Read(document)), Spell(SignalsDocument.Read(document, 4)));
    }

    [Fact]
    public void A_plain_document_is_really_read_in_parts()
    {
        var document = Document(",\n", "", -1, "");
        Assert.Equal(Count, SignalsInParts.TryRead(document, 4)?.Count);
        Assert.Null(SignalsInParts.TryRead(document[..1000], 4));
    }

    [Theory]
    [InlineData(10, "{\"event_ts\":1}")]
    [InlineData(Count - 10, "{\"event_ts\":1}")]
    [InlineData(Count / 2, "nonsense")]
    [InlineData(Count - 1, "{\"event_ts\":1,\"event_ts\":2}")]
    [InlineData(Count / 4, "{\"event_ts\":\"2026-01-05\",\"symbol\":\"A\",\"payload\":{\"price\":\"x\"}}")]
    public void A_faulty_document_is_refused_in_the_same_words(int at, string element)
    {
        var document = Document(",\n", "", at, element);
        var one = Assert.Throws<RefusedException>(() => SignalsDocument.Read(document)).Refusal;
        var parts = Assert.Throws<RefusedException>(() => SignalsDocument.Read(document, 4)).Refusal;
        Assert.Equal(one.ToJson().ToString(), parts.ToJson().ToString());
        Assert.Equal(one.Explanation, parts.Explanation);
    }

    private static byte[] Document(string between, string extra, int faultAt, string fault)
    {
        var text = new StringBuilder("[\n");
        for (var i = 0; i < Count; i++)
        {
            if (i > 0) text.Append(between);
            if (i == faultAt) text.Append(fault);
            else
                text.Append(CultureInfo.InvariantCulture, $"{{\"event_ts\":{1_700_000_000 + i},\"symbol\":\"S{i % 7}\",\"seq\":{i},")
                    .Append(
                        CultureInfo.InvariantCulture, $"\"payload\":{{\"price\":\"{i}.5\",\"pad\":\"{new string('x', 200)}\"{extra}}}}}");
        }

        return Encoding.UTF8.GetBytes(text.Append("\n]\n").ToString());
    }

    private static string[] Spell(IReadOnlyList<Signal> signals) =>
    [
        .. signals.Select(signal => string.Create(
            CultureInfo.InvariantCulture,
            $"{signal.Index} {signal.EventTime} {signal.Symbol} {signal.Sequence} {signal.Price} "
            + $"{Encoding.ASCII.GetString(signal.CanonicalPayload.Span)}")),
    ];
}
