using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Canonical;

public class JsonDifferenceTests
{
    [Fact]
    public void there_is_a_difference_exactly_where_canonical_forms_differ() => Gen.Select(AnyJson.Value, AnyJson.Value).Sample(
        (left, right) => JsonDifference.Between(left, left).Count == 0
            && JsonDifference.Between(left, right).Count == 0 == (CanonicalJson.Text(left) == CanonicalJson.Text(right)),
        iter: Iterations.Of(2000));

    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"b":2,"a":1}""", "")]
    [InlineData("""{"a":{"b":[1,2]}}""", """{"a":{"b":[1,3,4]}}""", "a.b[1] a.b[2]")]
    [InlineData("""{"a":1}""", """{"a":1.0,"c":null}""", "a c")]
    [InlineData("[1]", "{}", "(top)")]
    [InlineData("""{"a":null}""", "{}", "a")]
    public void differences_name_their_places(string recorded, string derived, string places)
    {
        var found = JsonDifference.Between(Read(recorded), Read(derived)).Select(difference => difference.Path);
        Assert.Equal(places, string.Join(' ', found.Select(path => path.Length == 0 ? "(top)" : path)));
    }

    [Fact]
    public void a_side_that_has_nothing_is_left_out()
    {
        var difference = Assert.Single(JsonDifference.Between(Read("""{"a":null}"""), Read("{}")));
        Assert.Equal("""{"path":"a","recorded":null}""", difference.ToJson().ToString());
        Assert.Empty(JsonDifference.Between(null, null));
        Assert.Equal("""{"derived":1,"path":""}""", Assert.Single(JsonDifference.Between(null, 1)).ToJson().ToString());
    }

    private static JsonValue Read(string json) => JsonValue.Read(Encoding.UTF8.GetBytes(json));
}
