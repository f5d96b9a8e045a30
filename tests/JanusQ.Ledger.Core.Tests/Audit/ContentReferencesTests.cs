using System.Text;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Audit;

public sealed class ContentReferencesTests
{
    private static readonly Sha256Hash One = Sha256Hash.OfText("one");
    private static readonly Sha256Hash Other = Sha256Hash.OfText("other");

    [Theory]
    [InlineData("artifact_emitted")]
    [InlineData("artifact_emitted.v2")]
    public void an_artifact_is_named_with_its_size_in_every_schema_version(string type) =>
        Assert.Equal([new ContentReference(One, 17, true)], Read(type, $$"""{"sha256":"{{One}}","size":17}"""));

    [Fact]
    public void inputs_of_a_run_are_named_and_not_required() => Assert.Equal(
        [new ContentReference(One, ContentReferences.NoSize, false), new ContentReference(Other, ContentReferences.NoSize, false)],
        Read("lane_run_started", $$"""{"signals_sha256":"{{One}}","documents":{"drift_evidence":"{{Other}}","tca_metrics":null} }"""));

    [Theory]
    [InlineData("artifact_emitted", """{"sha256":"abc"}""")]
    [InlineData("artifact_emitted", """{"sha256":7}""")]
    [InlineData("artifact_emitted", "{}")]
    [InlineData("lane_run_started", """{"documents":"none"}""")]
    [InlineData("candidate_paused", """{"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}""")]
    public void what_is_no_hash_or_no_such_member_names_nothing(string type, string data) => Assert.Empty(Read(type, data));

    private static List<ContentReference> Read(string type, string data)
    {
        var (tape, found, bytes) = (new JsonTape(), new List<ContentReference>(), Encoding.UTF8.GetBytes(data));
        tape.ReadDocument(bytes, 0, bytes.Length);
        ContentReferences.Read(type, tape.Root, found);
        return found;
    }
}
