using System.Text;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Gates;

public class EvaluationDocumentsTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("[]", "[]")]
    [InlineData("[1,2,3,4,5,6,7,8]", "[1,2,3,4,5,6,7,8]")]
    [InlineData("[1,2,3,4,5,6,7,8,9]", "an array of 9 elements")]
    [InlineData("[1,[]]", "an array of 2 elements")]
    [InlineData("[{},1]", "an array of 2 elements")]
    public void what_is_no_object_is_refused_with_what_was_found(string found, string described)
    {
        var refused = Assert.Throws<RefusedException>(() => EvaluationDocuments.Read("policy", Encoding.UTF8.GetBytes(found))).Refusal;
        Assert.Equal("document_not_object", refused.Code);
        Assert.Equal($"The document 'policy' must be a JSON object; found {described}.", refused.Explanation);
    }

    [Fact]
    public void an_absent_document_is_nothing()
    {
        var refused = Assert.Throws<RefusedException>(() => EvaluationDocuments.Take("inputs", null)).Refusal;
        Assert.Equal("The document 'inputs' must be a JSON object; found nothing.", refused.Explanation);
    }

    [Theory]
    [InlineData("{}", "an empty object")]
    [InlineData("""{"a":1}""", "an object with 1 member")]
    [InlineData("""{"a":1,"b":2}""", "an object with 2 members")]
    public void an_object_is_described_by_its_size(string found, string described) =>
        Assert.Equal(described, EvaluationDocuments.Describe(PassingInputs.Read(found)));

    [Fact]
    public void a_text_is_shown_whole_up_to_80_characters()
    {
        var whole = new string('x', 78);
        Assert.Equal($"\"{whole}\"", EvaluationDocuments.Describe(whole));
        Assert.Equal($"\"{whole}x… (81 characters)", EvaluationDocuments.Describe(whole + "x"));
    }
}
