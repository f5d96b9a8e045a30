using System.Buffers.Binary;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class CheckpointTests
{
    private const string Sofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    private const string SofaSigned = Sofa + "\n"
        + "\u2014 example.com/behind-the-sofa "
        + "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        + "\u2014 witness.example.com/w1 "
        + "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    private static readonly Checkpoint Known = Checkpoint.Of(Keys.Origin, 8, SmallTrees.WellKnownRoots[8]);

    [Fact]
    public void the_example_of_the_specification_is_read_and_written_the_same()
    {
        Assert.True(SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(SofaSigned), out var signed, out _));
        Assert.Equal("example.com/behind-the-sofa", signed.Checkpoint.Origin);
        Assert.Equal(20_852_163, signed.Checkpoint.Size);
        Assert.Equal(Convert.FromBase64String("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="), signed.Checkpoint.Root.Bytes.ToArray());
        Assert.Equal(Sofa, signed.Checkpoint.ToText());
        Assert.Equal(SofaSigned, signed.ToString());

        // The time of the witness stands in its cosignature.
        Assert.Equal(1_679_315_147, BinaryPrimitives.ReadInt64BigEndian(signed.Note.Signatures[1].Signature()));
    }

    [Fact]
    public void extension_lines_are_kept_and_signed()
    {
        Assert.True(Checkpoint.TryParse(Sofa + "more\nand more\n", out var checkpoint, out _));
        Assert.Equal(["more", "and more"], checkpoint.Extensions);
        Assert.Equal(Sofa + "more\nand more\n", checkpoint.ToText());
        Assert.True(Checkpoint.TryParse(Sofa, out var plain, out _));
        Assert.NotEqual(plain, checkpoint);
        Assert.True(Checkpoint.TryParse(Sofa + "more\nand more\n", out var again, out _));
        Assert.Equal(again, checkpoint);
    }

    [Theory]
    [InlineData(null, "origin")]
    [InlineData("", "origin")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "origin")]
    [InlineData("o", "origin")]
    [InlineData("o\n", "size")]
    [InlineData("o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n 1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n1\0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n0x1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "size")]
    [InlineData("o\n1\n", "root")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "root")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "root")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "root")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n", "root")]
    [InlineData("o\n1\n CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "root")]
    [InlineData(Sofa + "\n", "extension")]
    [InlineData(Sofa + "more", "extension")]
    [InlineData(Sofa + "more\n\nmore\n", "extension")]
    public void a_checkpoint_that_is_refused_names_the_line(string? text, string line)
    {
        Assert.False(Checkpoint.TryParse(text, out var checkpoint, out var refusal));
        Assert.Null(checkpoint);
        Assert.Equal(("checkpoint_malformed", line), (refusal.Code, ((JsonText)refusal.ToJson()["line"]!).Value));
    }

    [Fact]
    public void the_empty_tree_has_one_root()
    {
        Assert.True(Checkpoint.TryParse("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", out var empty, out _));
        Assert.Equal(MerkleHash.EmptyTree, empty.Root);
        Assert.False(Checkpoint.TryParse("o\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", out _, out var refusal));
        Assert.Equal("checkpoint_empty_root_mismatch", refusal.Code);
        Assert.Throws<ArgumentException>(() => Checkpoint.Of("o", 0, Known.Root));
        Assert.Throws<ArgumentException>(() => Checkpoint.Of("an origin", 8, Known.Root));
        Assert.Throws<ArgumentOutOfRangeException>(() => Checkpoint.Of("o", -1, Known.Root));
    }

    [Fact]
    public void a_log_signs_its_own_checkpoints_with_all_its_keys()
    {
        var signed = SignedCheckpoint.Sign(Known, Keys.Log, Keys.OldLog);
        Assert.True(SignedCheckpoint.TryParse(signed.ToBytes(), out var read, out _));
        Assert.Equal(Known, read.Checkpoint);
        Assert.True(read.TryVerify([Keys.Log.Verifier], out _));
        Assert.True(read.TryVerify([Keys.OldLog.Verifier], out _));
        Assert.False(read.TryVerify([Keys.OtherLog.Verifier], out var other));
        Assert.Equal("checkpoint_origin_unknown", other.Code);
        Assert.Throws<ArgumentException>(() => SignedCheckpoint.Sign(Known, Keys.Log, Keys.OtherLog));
    }

    [Fact]
    public void a_checkpoint_of_a_log_signed_by_another_is_not_believed()
    {
        var foreign = SignedNote.Sign(Known.ToText(), Keys.OtherLog);
        Assert.True(SignedCheckpoint.TryParse(foreign.ToBytes(), out var signed, out _));
        Assert.False(signed.TryVerify([Keys.OtherLog.Verifier, Keys.Log.Verifier], out var refusal));
        Assert.Equal("note_unverified", refusal.Code);
    }

    [Fact]
    public void a_cosignature_signs_the_time_and_the_checkpoint()
    {
        var witness = Keys.Witnesses[0];
        var cosignature = Cosignature.Make(witness, Known, 1_679_315_147);
        var bytes = cosignature.Signature.Signature();
        Assert.Equal(72, bytes.Length);
        Assert.Equal(1_679_315_147, BinaryPrimitives.ReadInt64BigEndian(bytes));
        var message = "cosignature/v1\ntime 1679315147\nledger.example/log\n8\n" + Convert.ToBase64String(Known.Root.Bytes) + "\n";
        Assert.Equal(witness.Sign(Encoding.ASCII.GetBytes(message)), bytes[8..]);

        var signed = SignedCheckpoint.Sign(Known, Keys.Log).With(cosignature);
        Assert.True(signed.TryVerifyCosignatures([witness.Verifier], out var verified, out _));
        Assert.Equal(cosignature, Assert.Single(verified));
        Assert.True(signed.TryVerify([Keys.Log.Verifier], out _));
    }

    [Fact]
    public void no_mutation_of_a_cosignature_verifies()
    {
        var witness = Keys.Witnesses[0];
        var bytes = Cosignature.Make(witness, Known, 1_679_315_147).Signature.Signature();
        var text = Encoding.UTF8.GetBytes(Known.ToText());
        Assert.True(witness.Verifier.Verify(text, bytes));
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x80;
            Assert.False(witness.Verifier.Verify(text, bytes));
            bytes[at] ^= 0x80;
        }

        Assert.False(witness.Verifier.Verify(text, bytes.AsSpan(0, 71)));
        Assert.False(witness.Verifier.Verify(text, [.. bytes, 0]));
        Assert.False(witness.Verifier.Verify(text, bytes.AsSpan(8)));
        Assert.False(witness.Verifier.Verify(text, []));
        Assert.False(witness.Verifier.Verify([.. text, (byte)'x', (byte)'\n'], bytes));
        Assert.False(Keys.Witnesses[1].Verifier.Verify(text, bytes));

        // The same key with the other type signs and verifies something else.
        Assert.True(VerifierKey.TryMake("w", NoteSignatureType.Ed25519, witness.Verifier.PublicKey.AsSpan(), out var asNote, out _));
        Assert.False(asNote.Verify(text, bytes));
    }

    [Fact]
    public void a_witness_that_cosigned_twice_is_heard_once_with_its_latest()
    {
        var witness = Keys.Witnesses[0];
        var signed = SignedCheckpoint.Sign(Known, Keys.Log)
            .With(Cosignature.Make(witness, Known, 200), Cosignature.Make(witness, Known, 300), Cosignature.Make(witness, Known, 100));
        Assert.True(signed.TryVerifyCosignatures([witness.Verifier], out var verified, out _));
        Assert.Equal(300, Assert.Single(verified).Time);
    }

    [Fact]
    public void only_a_witness_cosigns_and_never_before_1970()
    {
        Assert.Throws<ArgumentException>(() => Cosignature.Make(Keys.Log, Known, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cosignature.Make(Keys.Witnesses[0], Known, -1));
        var signed = SignedCheckpoint.Sign(Known, Keys.Log);
        Assert.False(signed.TryVerifyCosignatures([Keys.Log.Verifier], out var none, out var refusal));
        Assert.Empty(none);
        Assert.Equal("note_unverified", refusal.Code);
    }

    [Fact]
    public void any_text_is_a_checkpoint_that_is_written_the_same_or_is_refused() => Gen.OneOf(
            Gen.String[0, 100],
            Gen.OneOf(new[] { "o", "\n", "0", "2", "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", Sofa, "\0" }.Select(Gen.Const).ToArray())
                .Array[0, 9].Select(string.Concat))
        .Sample(
            text =>
            {
                if (Checkpoint.TryParse(text, out var checkpoint, out var refusal)) Assert.Equal(text, checkpoint.ToText());
                else Assert.StartsWith("checkpoint_", refusal.Code, StringComparison.Ordinal);
            },
            iter: Iterations.Of(20_000));
}
