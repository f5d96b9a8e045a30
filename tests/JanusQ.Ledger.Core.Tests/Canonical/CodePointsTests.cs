using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

public class CodePointsTests
{
    private static readonly HashSet<int> Blanks =
    [
        .. Enumerable.Range(0x09, 5), .. Enumerable.Range(0x1C, 5), 0x85, 0xA0, 0x1680, .. Enumerable.Range(0x2000, 11), 0x2028, 0x2029,
            0x202F, 0x205F, 0x3000,
    ];

    [Fact]
    public void exactly_the_listed_characters_are_trimmed()
    {
        for (var c = 0; c <= 0xFFFF; c++)
        {
            var text = ((char)c).ToString();
            Assert.Equal(Blanks.Contains(c), CodePoints.IsBlank(text));
            Assert.Equal(Blanks.Contains(c) ? "x" : text + "x" + text, CodePoints.Trim(text + "x" + text));
        }

        Assert.Equal("a \u200b b", CodePoints.Trim("\u3000\u001f a \u200b b \u0085"));
        Assert.Equal("", CodePoints.Trim(" \t\u2028"));
    }

    [Fact]
    public void only_a_to_z_are_lowered()
    {
        for (var c = 0; c <= 0xFFFF; c++)
        {
            var lower = CodePoints.Lower(((char)c).ToString());
            Assert.Equal(c is >= 'A' and <= 'Z' ? (char)(c + 32) : (char)c, Assert.Single(lower));
        }
    }

    [Fact]
    public void the_order_is_that_of_the_utf8_bytes() => Gen.Select(JsonGenerators.Text, JsonGenerators.Text).Sample(
        (a, b) =>
        {
            var expected = Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
            Assert.Equal(expected, Math.Sign(CodePoints.Compare(a, b)));
            Assert.Equal(-expected, Math.Sign(CodePoints.Compare(b, a)));
        },
        iter: 20_000);
}
