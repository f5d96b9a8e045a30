using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class InclusionProofFileTests
{
    private const int Size = 300;
    private const int Index = 257;

    private static readonly Sha256Hash[] Leaves = SmallTrees.Leaves(Size);
    private static readonly SignedCheckpoint Signed =
        SignedCheckpoint.Sign(Checkpoint.Of(Keys.Origin, Size, SmallTrees.Root(Leaves)), Keys.Log);

    private static readonly InclusionProofFile Proof =
        InclusionProofFile.Of(Index, MerkleProofs.Inclusion(Index, Size, TilesInMemory.Of(Leaves)), Signed, "leaf 257"u8);

    private static readonly WitnessPolicy Policy = WitnessPolicy.OfLogs(Keys.Log.Verifier);

    [Fact]
    public void a_proof_has_the_text_of_the_specification()
    {
        var lines = Proof.ToString().Split('\n');
        Assert.Equal(["c2sp.org/tlog-proof@v1", "extra bGVhZiAyNTc=", "index 257"], lines[..3]);
        Assert.Equal(Proof.Hashes.Select(hash => Convert.ToBase64String(hash.Bytes)), lines[3..(3 + Proof.Hashes.Length)]);
        Assert.Equal("", lines[3 + Proof.Hashes.Length]);
        Assert.Equal(Signed.ToString(), string.Join('\n', lines[(4 + Proof.Hashes.Length)..]));
        Assert.DoesNotContain("extra", InclusionProofFile.Of(Index, Proof.Hashes, Signed).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void a_proof_read_again_proves_the_same()
    {
        Assert.True(InclusionProofFile.TryParse(Proof.ToBytes(), out var read, out _));
        Assert.Equal(Proof.ToBytes(), read.ToBytes());
        Assert.Equal("leaf 257"u8.ToArray(), read.Extra);
        Assert.True(read.TryVerify(Leaves[Index], Policy, out var satisfaction, out _));
        Assert.Equal(Keys.Log.Verifier, satisfaction.Log);
    }

    [Fact]
    public void a_proof_of_the_only_leaf_has_no_hashes()
    {
        var signed = SignedCheckpoint.Sign(Checkpoint.Of(Keys.Origin, 1, Leaves[0]), Keys.Log);
        Assert.True(InclusionProofFile.TryParse(InclusionProofFile.Of(0, [], signed).ToBytes(), out var read, out _));
        Assert.True(read.TryVerify(Leaves[0], Policy, out _, out _));
    }

    [Fact]
    public void another_leaf_another_log_and_a_missing_quorum_are_refused()
    {
        Refused(Leaves[Index - 1], Policy, "inclusion_root_mismatch");
        Refused(Leaves[Index], WitnessPolicy.OfLogs(Keys.OtherLog.Verifier), "checkpoint_origin_unknown");
        Refused(Leaves[Index], WitnessPolicy.OfLogs(Keys.OldLog.Verifier), "note_unverified");
        Assert.True(WitnessPolicy.TryParse(
            Encoding.UTF8.GetBytes($"log {Keys.Log.Verifier}\nwitness w {Keys.Witnesses[0].Verifier}\nquorum w\n"), out var policy, out _));
        Refused(Leaves[Index], policy, "checkpoint_quorum_missing");
    }

    [Fact]
    public void no_changed_bit_of_the_file_still_proves_the_leaf_at_its_index()
    {
        // The extra data is nobody's word, so its line is left out here.
        var bytes = InclusionProofFile.Of(Index, Proof.Hashes, Signed).ToBytes();
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = bytes.ToArray();
                changed[at] ^= (byte)(1 << bit);
                Assert.False(
                    InclusionProofFile.TryParse(changed, out var read, out _) && read.TryVerify(Leaves[Index], Policy, out _, out _),
                    $"byte {at}");
            }
        }
    }

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\n", "proof_file_malformed")]
    [InlineData("c2sp.org/tlog-proof@v1\n", "", "proof_file_malformed")]
    [InlineData("extra bGVhZiAyNTc=\n", "extra \n", "proof_file_malformed")]
    [InlineData("extra bGVhZiAyNTc=\n", "extra bGVhZiAyNTd=\n", "proof_file_malformed")]
    [InlineData("extra bGVhZiAyNTc=\n", "extra bGVhZiAyNTc=\nextra bGVhZiAyNTc=\n", "proof_file_malformed")]
    [InlineData("index 257\n", "index 0257\n", "proof_file_malformed")]
    [InlineData("index 257\n", "index -1\n", "proof_file_malformed")]
    [InlineData("index 257\n", "index 257 \n", "proof_file_malformed")]
    [InlineData("index 257\n", "", "proof_file_malformed")]
    [InlineData("index 257\n", "index 257\nindex 257\n", "proof_file_malformed")]
    [InlineData("index 257\n", "index 257\n\n", "checkpoint_malformed")]
    [InlineData("index 257\n", "index 300\n", "inclusion_index_outside_tree")]
    [InlineData("index 257\n", "index 9223372036854775808\n", "proof_file_malformed")]
    [InlineData("\n300\n", "\n0300\n", "checkpoint_malformed")]
    [InlineData("\n\n\u2014", "\n\u2014", "note_without_signatures")]
    public void a_file_that_is_refused_says_why(string part, string changed, string code)
    {
        var text = Proof.ToString();
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.False(InclusionProofFile.TryParse(
            Encoding.UTF8.GetBytes(text.Replace(part, changed, StringComparison.Ordinal)), out var read, out var refusal));
        Assert.Null(read);
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void a_path_longer_than_any_tree_is_high_is_refused()
    {
        var line = Convert.ToBase64String(Leaves[0].Bytes) + "\n";
        string With(int hashes) => "c2sp.org/tlog-proof@v1\nindex 1\n" + string.Concat(Enumerable.Repeat(line, hashes)) + "\n" + Signed;
        Assert.True(InclusionProofFile.TryParse(Encoding.UTF8.GetBytes(With(63)), out _, out _));
        Assert.False(InclusionProofFile.TryParse(Encoding.UTF8.GetBytes(With(64)), out _, out var refusal));
        Assert.Equal("proof_file_malformed", refusal.Code);
        Assert.Throws<ArgumentException>(() => InclusionProofFile.Of(1, [.. Leaves[..64]], Signed));
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProofFile.Of(Size, [], Signed));
    }

    [Fact]
    public void any_bytes_are_a_proof_that_is_written_the_same_or_are_refused() => Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 40], Gen.Byte.Array[0, 3], (at, cut, put) =>
            {
                var bytes = Proof.ToBytes();
                at %= bytes.Length;
                return (byte[])[.. bytes[..at], .. put, .. bytes[Math.Min(bytes.Length, at + cut)..]];
            }))
        .Sample(
            bytes =>
            {
                if (InclusionProofFile.TryParse(bytes, out var read, out _)) Assert.Equal(bytes, read.ToBytes());
            },
            iter: Iterations.Of(10_000));

    private static void Refused(Sha256Hash leaf, WitnessPolicy policy, string code)
    {
        Assert.False(Proof.TryVerify(leaf, policy, out var satisfaction, out var refusal));
        Assert.Null(satisfaction);
        Assert.Equal(code, refusal.Code);
    }
}
