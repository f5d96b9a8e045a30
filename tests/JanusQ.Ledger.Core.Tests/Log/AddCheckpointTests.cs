using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class AddCheckpointTests
{
    private static readonly Sha256Hash[] Leaves = SmallTrees.Leaves(20);
    private static readonly TilesInMemory Tiles = TilesInMemory.Of(Leaves);
    private static readonly SignedCheckpoint Signed =
        SignedCheckpoint.Sign(Checkpoint.Of(Keys.Origin, 20, SmallTrees.Root(Leaves)), Keys.Log);
    private static readonly AddCheckpointRequest Request = AddCheckpointRequest.Of(13, MerkleProofs.Consistency(13, 20, Tiles), Signed);

    [Fact]
    public void a_request_has_the_text_of_the_specification()
    {
        Assert.Equal(
            "old 13\n" + string.Concat(Request.Proof.Select(hash => Convert.ToBase64String(hash.Bytes) + "\n")) + "\n" + Signed,
            Request.ToString());
        Assert.True(AddCheckpointRequest.TryParse(Request.ToBytes(), out var read, out _));
        Assert.Equal(Request.ToBytes(), read.ToBytes());
        Assert.Null(read.Verify(SmallTrees.Root(Leaves.AsSpan(0, 13))));
        Assert.Equal("consistency_old_root_mismatch", read.Verify(SmallTrees.Root(Leaves.AsSpan(0, 12)))!.Code);
    }

    [Fact]
    public void the_first_request_needs_no_proof()
    {
        var first = AddCheckpointRequest.Of(0, [], Signed);
        Assert.StartsWith("old 0\n\nledger.example/log\n20\n", first.ToString(), StringComparison.Ordinal);
        Assert.True(AddCheckpointRequest.TryParse(first.ToBytes(), out var read, out _));
        Assert.Null(read.Verify(MerkleHash.EmptyTree));
    }

    [Theory]
    [InlineData("old 13\n", "old 013\n", "witness_request_malformed")]
    [InlineData("old 13\n", "new 13\n", "witness_request_malformed")]
    [InlineData("old 13\n", "", "witness_request_malformed")]
    [InlineData("old 13\n", "old 13\nold 13\n", "witness_request_malformed")]
    [InlineData("old 13\n", "old 21\n", "consistency_sizes_shrink")]
    [InlineData("old 13\n", "old 20\n", "consistency_proof_too_long")]
    [InlineData("old 13\n", "old 0\n", "consistency_proof_too_long")]
    [InlineData("\n20\n", "\n020\n", "checkpoint_malformed")]
    [InlineData("\n\n", "\n", "witness_request_malformed")]
    public void a_request_that_is_refused_says_why(string part, string changed, string code)
    {
        Assert.False(AddCheckpointRequest.TryParse(
            Encoding.UTF8.GetBytes(Request.ToString().Replace(part, changed, StringComparison.Ordinal)), out var read, out var refusal));
        Assert.Null(read);
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void a_request_that_a_witness_would_refuse_is_not_made()
    {
        Assert.Throws<ArgumentException>(() => AddCheckpointRequest.Of(21, [], Signed));
        Assert.Throws<ArgumentException>(() => AddCheckpointRequest.Of(0, Request.Proof, Signed));
        Assert.Throws<ArgumentException>(() => AddCheckpointRequest.Of(13, [.. Enumerable.Repeat(Leaves[0], 64)], Signed));
        Assert.Throws<ArgumentOutOfRangeException>(() => AddCheckpointRequest.Of(-1, [], Signed));
    }

    [Fact]
    public void a_cosignature_of_the_witness_is_put_under_the_checkpoint_and_nothing_else_is()
    {
        var (witness, stranger) = (Keys.Witnesses[0], Keys.Witnesses[1]);
        var answer = Answer(Line(witness, 1_700_000_000) + Line(stranger, 1_700_000_000));
        Assert.True(answer.TryAccept(Signed, [witness.Verifier], out var cosigned, out _));
        Assert.Equal(Signed + Line(witness, 1_700_000_000), cosigned.ToString());
    }

    [Fact]
    public void a_cosignature_that_is_not_good_is_not_accepted()
    {
        var witness = Keys.Witnesses[0];
        NotAccepted(Line(Keys.Witnesses[1], 1), "note_unverified");
        NotAccepted(Line(witness, 0), "witness_time_missing");
        var other = Cosignature.Make(witness, Checkpoint.Of(Keys.Origin, 19, SmallTrees.Root(Leaves.AsSpan(0, 19))), 1).Signature + "\n";
        NotAccepted(other, "note_signature_invalid");
        NotAccepted(Line(witness, 1) + other, "note_signature_invalid");

        void NotAccepted(string body, string code)
        {
            Assert.False(Answer(body).TryAccept(Signed, [witness.Verifier], out var cosigned, out var refusal));
            Assert.Null(cosigned);
            Assert.Equal(code, refusal.Code);
        }
    }

    [Theory]
    [InlineData("text/x.tlog.size", "20852163\n", 20_852_163)]
    [InlineData("Text/X.Tlog.Size; charset=utf-8", "0\n", 0)]
    public void a_conflict_says_the_size_that_the_witness_knows(string mediaType, string body, long size) =>
        Assert.Equal(new AddCheckpointAnswer.Conflict(size), AddCheckpointAnswer.Read(409, mediaType, Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData(409, "text/plain", "5\n", "witness_answer_malformed")]
    [InlineData(409, null, "5\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "5", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "05\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "5\n\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "9223372036854775808\n", "witness_answer_malformed")]
    [InlineData(409, "text/x.tlog.size", "", "witness_answer_malformed")]
    [InlineData(200, null, "", "witness_answer_malformed")]
    [InlineData(200, null, "\n", "witness_answer_malformed")]
    [InlineData(200, null, "thank you\n", "witness_answer_malformed")]
    [InlineData(400, null, "", "witness_request_refused")]
    [InlineData(403, null, "", "witness_signature_refused")]
    [InlineData(404, null, "", "witness_log_unknown")]
    [InlineData(422, null, "", "witness_proof_refused")]
    [InlineData(500, null, "", "witness_answer_unexpected")]
    [InlineData(204, null, "", "witness_answer_unexpected")]
    [InlineData(-1, null, "", "witness_answer_unexpected")]
    public void every_other_answer_is_a_refusal_with_a_name(int status, string? mediaType, string body, string code) => Assert.Equal(
        code,
        Assert.IsType<AddCheckpointAnswer.Refused>(AddCheckpointAnswer.Read(status, mediaType, Encoding.UTF8.GetBytes(body))).Refusal.Code);

    [Fact]
    public void any_request_and_any_answer_is_read_or_refused() => Gen.Select(
            Gen.Int[0, 100_000], Gen.Byte.Array[0, 3], Gen.Int[0, 40], Gen.OneOf(Gen.Const(200), Gen.Const(409)))
        .Sample(
            (at, put, cut, status) =>
            {
                byte[] Changed(byte[] bytes) =>
                    [.. bytes[..(at % bytes.Length)], .. put, .. bytes[Math.Min(bytes.Length, (at % bytes.Length) + cut)..]];
                var request = Changed(Request.ToBytes());
                if (AddCheckpointRequest.TryParse(request, out var read, out _)) Assert.Equal(request, read.ToBytes());
                var answer = AddCheckpointAnswer.Read(
                    status, "text/x.tlog.size", Changed(Encoding.UTF8.GetBytes(status == 200 ? Line(Keys.Witnesses[0], 1) : "123456\n")));
                Assert.True(answer is AddCheckpointAnswer.Refused || status == 200 == answer is AddCheckpointAnswer.Cosigned);
            },
            iter: Iterations.Of(5_000));

    private static string Line(SignerKey witness, long time) => Cosignature.Make(witness, Signed.Checkpoint, time).Signature + "\n";

    private static AddCheckpointAnswer.Cosigned Answer(string body) =>
        Assert.IsType<AddCheckpointAnswer.Cosigned>(AddCheckpointAnswer.Read(200, "text/plain", Encoding.UTF8.GetBytes(body)));
}
