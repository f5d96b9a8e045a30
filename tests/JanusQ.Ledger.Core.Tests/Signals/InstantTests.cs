using System.Globalization;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Signals;

public class InstantTests
{
    private static readonly Gen<long> Micros = Gen.Frequency(
        (4, Gen.Long[0, 315_537_897_599_999_999]),
        (1, Gen.Long[0, 315_537_897_599].Select(second => second * 1_000_000)),
        (1, Gen.OneOf(0L, 1L, 315_537_897_599_999_999L, 62_135_596_800_000_000L)));

    [Theory]
    [InlineData("2026-01-05", "2026-01-05T00:00:00+00:00")]
    [InlineData("2026-01-05T14:30", "2026-01-05T14:30:00+00:00")]
    [InlineData("2026-01-05t14:30Z", "2026-01-05T14:30:00+00:00")]
    [InlineData("2026-01-05_14:30z", "2026-01-05T14:30:00+00:00")]
    [InlineData("2026-01-05 14:30+00:00", "2026-01-05T14:30:00+00:00")]
    [InlineData("2026-01-05T14:30:01", "2026-01-05T14:30:01+00:00")]
    [InlineData("2026-01-05T09:30:00-05:00", "2026-01-05T14:30:00+00:00")]
    [InlineData("2026-01-05T09:30-0500", "2026-01-05T14:30:00+00:00")]
    [InlineData("2026-01-05T09:30:00.5-23:59", "2026-01-06T09:29:00.500000+00:00")]
    [InlineData("2026-01-05T09:30:00,123456+2359", "2026-01-04T09:31:00.123456+00:00")]
    [InlineData("2026-01-05T09:30:00.1234569", "2026-01-05T09:30:00.123456+00:00")]
    [InlineData("2026-01-05T23:59:59.9999999999999999", "2026-01-05T23:59:59.999999+00:00")]
    [InlineData("2026-01-05T09:30:00.0000009Z", "2026-01-05T09:30:00+00:00")]
    [InlineData("2026-01-05T09:30:00.000001Z", "2026-01-05T09:30:00.000001+00:00")]
    [InlineData("2026-01-05T09:30:00-00:00", "2026-01-05T09:30:00+00:00")]
    [InlineData("0001-01-01T00:00:00", "0001-01-01T00:00:00+00:00")]
    [InlineData("0001-01-01T05:00:00+05:00", "0001-01-01T00:00:00+00:00")]
    [InlineData("9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999+00:00")]
    [InlineData("9999-12-31T18:59:59.9999999-05:00", "9999-12-31T23:59:59.999999+00:00")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00+00:00")]
    [InlineData("2000-02-29", "2000-02-29T00:00:00+00:00")]
    [InlineData("0004-02-29", "0004-02-29T00:00:00+00:00")]
    public void accepted_spellings(string text, string instant)
    {
        Assert.True(Instant.TryParse(text, out var read));
        Assert.Equal(instant, read.ToString());
        Assert.Equal(read, Through(JsonText(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1700000000")]
    [InlineData("20260101")]
    [InlineData("2026-1-05")]
    [InlineData("2026-01-5")]
    [InlineData("26-01-05")]
    [InlineData("02026-01-05")]
    [InlineData("2026/01/05")]
    [InlineData("2026-01")]
    [InlineData("2026-W01-1")]
    [InlineData("2026-001")]
    [InlineData("2026-00-05")]
    [InlineData("2026-13-05")]
    [InlineData("2026-01-00")]
    [InlineData("2026-01-32")]
    [InlineData("2026-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2026-04-31")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-05Z")]
    [InlineData("2026-01-05+00:00")]
    [InlineData("2026-01-05T")]
    [InlineData("2026-01-05T14")]
    [InlineData("2026-01-05T14Z")]
    [InlineData("2026-01-05T1430")]
    [InlineData("2026-01-05T4:30")]
    [InlineData("2026-01-05T14:3")]
    [InlineData("2026-01-05T14:30:")]
    [InlineData("2026-01-05T14:30:0")]
    [InlineData("2026-01-05T14:30:000")]
    [InlineData("2026-01-05T14:30:00.")]
    [InlineData("2026-01-05T14:30:00.Z")]
    [InlineData("2026-01-05T14:30:00,")]
    [InlineData("2026-01-05T14:30.5")]
    [InlineData("2026-01-05T14:30:00.5.5")]
    [InlineData("2026-01-05T24:00:00")]
    [InlineData("2026-01-05T23:60:00")]
    [InlineData("2026-01-05T23:59:60")]
    [InlineData("2026-01-05T14:30:00ZZ")]
    [InlineData("2026-01-05T14:30:00 Z")]
    [InlineData("2026-01-05T14:30:00+0")]
    [InlineData("2026-01-05T14:30:00+00")]
    [InlineData("2026-01-05T14:30:00+000")]
    [InlineData("2026-01-05T14:30:00+00:0")]
    [InlineData("2026-01-05T14:30:00+00:00:00")]
    [InlineData("2026-01-05T14:30:00+0:00")]
    [InlineData("2026-01-05T14:30:00+24:00")]
    [InlineData("2026-01-05T14:30:00+00:60")]
    [InlineData("2026-01-05T14:30:00+2400")]
    [InlineData("2026-01-05T14:30:00\u221205:00")]
    [InlineData("2026-01-05T14:30:00UTC")]
    [InlineData("2026-01-05X14:30:00")]
    [InlineData("2026-01-05  14:30:00")]
    [InlineData(" 2026-01-05")]
    [InlineData("2026-01-05 ")]
    [InlineData("2026-01-05T14:30:00\n")]
    [InlineData("2026-01-05T14:30:00\0")]
    [InlineData("-2026-01-05")]
    [InlineData("+2026-01-05")]
    [InlineData("2026-01-0\u0665")]
    [InlineData("\uff12026-01-05")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("now")]
    public void refused_spellings(string text)
    {
        Assert.False(Instant.TryParse(text, out _));
        Assert.Null(Through(JsonText(text)));
    }

    [Theory]
    [InlineData("0", "1970-01-01T00:00:00+00:00")]
    [InlineData("-0", "1970-01-01T00:00:00+00:00")]
    [InlineData("-1", "1969-12-31T23:59:59+00:00")]
    [InlineData("1767623460", "2026-01-05T14:31:00+00:00")]
    [InlineData("20000000000", "2603-10-11T11:33:20+00:00")]
    [InlineData("20000000001", "1970-08-20T11:33:20.001000+00:00")]
    [InlineData("-20000000000", "1336-03-23T12:26:40+00:00")]
    [InlineData("-20000000001", "1969-05-14T12:26:39.999000+00:00")]
    [InlineData("1767623460123", "2026-01-05T14:31:00.123000+00:00")]
    [InlineData("253402300799999", "9999-12-31T23:59:59.999000+00:00")]
    [InlineData("-62135596800000", "0001-01-01T00:00:00+00:00")]
    public void integers_are_seconds_up_to_twenty_thousand_million_and_milliseconds_beyond(string token, string instant) =>
        Assert.Equal(instant, Through(token)?.ToString());

    [Theory]
    [InlineData("253402300800000")]
    [InlineData("-62135596800001")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775808")]
    [InlineData("100000000000000000000000000000000")]
    [InlineData("1767623460.0")]
    [InlineData("1e9")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void other_json_values_are_refused(string token) => Assert.Null(Through(token));

    [Fact]
    public void instant_texts_round_trip_and_sort_by_time() => Gen.Select(Micros, Micros).Sample(
        (a, b) =>
        {
            var x = At(a);
            var y = At(b);
            Assert.Equal(x, Instant.Parse(x.ToString()));
            Assert.Equal(x, Instant.Parse(x.ToTextWithZ()));
            Assert.Equal(a, x.Micros);
            Assert.Equal(x, Instant.Of(x.ToDateTimeOffset()));
            Assert.Equal(a.CompareTo(b), x.CompareTo(y));
            Assert.Equal(
                new[] { a < b, a > b, a <= b, a >= b },
                new[] { x < y, x > y, x <= y, x >= y });
            Assert.Equal(Math.Max(0, a - b) / 1000, x.MillisecondsSince(y));
            var expected = x.ToDateTimeOffset()
                .ToString(a % 1_000_000 == 0 ? "yyyy-MM-dd'T'HH:mm:sszzz" : "yyyy-MM-dd'T'HH:mm:ss.ffffffzzz",
                    CultureInfo.InvariantCulture);
            Assert.Equal(expected, x.ToString());
        },
        iter: 20_000);

    [Fact]
    public void every_offset_spells_the_same_instant() =>
        Gen.Select(Gen.Long[86_400, 315_537_810_000], Gen.Int[-1439, 1439], Gen.OneOf("T", "t", "_", " "), Gen.Bool).Sample(
        (second, offset, separator, colon) =>
        {
            var instant = At(second * 1_000_000);
            var local = instant.ToDateTimeOffset().AddMinutes(offset);
            var text = local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + separator
                + local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
                + (offset < 0 ? "-" : "+") + (Math.Abs(offset) / 60).ToString("00", CultureInfo.InvariantCulture) + (colon ? ":" : "")
                + (Math.Abs(offset) % 60).ToString("00", CultureInfo.InvariantCulture);
            Assert.Equal(instant, Instant.Parse(text));
        },
        iter: 10_000);

    [Fact]
    public void any_text_is_read_or_refused_alike_from_tape_and_tree() => Gen.Frequency(
        (3, Gen.String[Gen.OneOf("0123456789-:T Z+.,".Select(Gen.Const).ToArray()), 0, 30]),
        (3, Gen.Select(Micros, Gen.Int[0, 31], Gen.Char['\0', '\u00ff']).Select((micros, at, c) =>
        {
            var text = At(micros).ToString();
            return at < text.Length ? text[..at] + c + text[(at + 1)..] : text + c;
        })),
        (1, Gen.String[0, 20])).Sample(
        text =>
        {
            if (text.Any(char.IsSurrogate)) return;
            var accepted = Instant.TryParse(text, out var read);
            Assert.Equal(accepted ? read : null, Through(JsonText(text)));
            Assert.Equal(accepted, Instant.TryRead((JsonValue)text, out var fromTree));
            if (accepted) Assert.Equal(read, fromTree);
        },
        iter: 30_000);

    private static Instant At(long micros) => Instant.Of(new DateTimeOffset(micros * 10, TimeSpan.Zero));

    private static string JsonText(string text) => CanonicalJson.Text(text);

    private static Instant? Through(string token)
    {
        var tape = new JsonTape();
        tape.ReadDocument(Encoding.ASCII.GetBytes(token));
        var fromTape = Instant.TryRead(tape.Root, out var read);
        Assert.Equal(fromTape, Instant.TryRead(tape.Root.ToValue(), out var fromTree));
        Assert.Equal(read, fromTree);
        return fromTape ? read : null;
    }
}
