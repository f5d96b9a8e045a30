using System.Buffers.Binary;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class SignedNoteTests
{
    private const string Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

    private const string PeterLine =
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private const string EnochLine =
        "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    private static readonly VerifierKey Peter = Keys.Verifier(Keys.PeterVerifier);
    private static readonly VerifierKey Enoch = Keys.Verifier(Keys.EnochVerifier);

    [Fact]
    public void a_note_is_signed_as_go_signs_it()
    {
        using var peter = Keys.Signer(Keys.PeterSigner);
        Assert.Equal(Text + "\n" + PeterLine, SignedNote.Sign(Text, peter).ToString());
    }

    [Fact]
    public void the_example_of_the_specification_verifies()
    {
        var note = Parse("This is an example message.\n\n\u2014 example.com/foo "
            + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");
        Assert.Equal("This is an example message.\n", note.Text);
        Assert.True(note.TryVerify([Keys.Verifier(Keys.FooVerifier)], out var verification, out _));
        Assert.Equal("example.com/foo", Assert.Single(verification.Verified).Key.Name);
    }

    [Fact]
    public void a_text_with_empty_lines_ends_at_the_last_of_them()
    {
        var note = Parse("Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u00e8 subito sera.\n\n"
            + "\u2014 quasimodo.example/salvatore "
            + "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n");
        Assert.EndsWith("\n\ned \u00e8 subito sera.\n", note.Text, StringComparison.Ordinal);
        Assert.Equal(0x367ba04bu, Assert.Single(note.Signatures).KeyId);
    }

    [Fact]
    public void known_keys_are_told_from_unknown_ones()
    {
        var note = Parse(Text + "\n" + PeterLine + EnochLine);
        Assert.True(note.TryVerify([Peter], out var one, out _));
        Assert.Equal(Peter, Assert.Single(one.Verified).Key);
        Assert.Equal("EnochRoot", Assert.Single(one.Unknown).KeyName);
        Assert.True(note.TryVerify([Peter, Enoch, Peter], out var both, out _));
        Assert.Equal([Peter, Enoch], both.Verified.Select(verified => verified.Key));
        Assert.Empty(both.Unknown);
        Refused(note, "note_unverified");
        Refused(note, "note_unverified", Keys.Log.Verifier);
    }

    [Fact]
    public void one_bad_signature_of_a_known_key_spoils_the_note()
    {
        var bad = PeterLine.Replace("x08go/ZJ", "x08go/ZK", StringComparison.Ordinal);
        Refused(Parse(Text + "\n" + bad + EnochLine), "note_signature_invalid", Peter, Enoch);
        Refused(Parse(Text + "\n" + PeterLine + bad), "note_signature_invalid", Peter);
        Assert.True(Parse(Text + "\n" + bad + EnochLine).TryVerify([Enoch], out _, out _));
        Refused(Parse("x" + Text + "\n" + PeterLine), "note_signature_invalid", Peter);
        Refused(Parse(Text + "\n" + PeterLine[..40] + "ABCD" + PeterLine[40..]), "note_signature_invalid", Peter);
    }

    [Fact]
    public void a_name_or_an_id_alone_makes_no_known_key()
    {
        var misnamed = PeterLine.Replace("PeterNeumann", "CarmenSandiego", StringComparison.Ordinal);
        Refused(Parse(Text + "\n" + misnamed), "note_unverified", Peter);
        Refused(Parse(Text + "\n" + PeterLine.Replace("x08g", "xxxx", StringComparison.Ordinal)), "note_unverified", Peter);
    }

    [Fact]
    public void a_signature_that_stands_twice_counts_once()
    {
        Assert.True(Parse(Text + "\n" + PeterLine + PeterLine + EnochLine + EnochLine).TryVerify([Peter], out var verification, out _));
        Assert.Single(verification.Verified);
        Assert.Single(verification.Unknown);
    }

    [Fact]
    public void sixteen_signatures_are_read_and_a_hundred_and_one_are_not()
    {
        var signers = Enumerable.Range(1, 16).Select(number => SignerKey.FromSeed($"key{number}", Keys.Seed((byte)number))).ToArray();
        var note = SignedNote.Sign(Text, signers);
        Assert.True(Parse(note.ToString()).TryVerify(signers.Select(signer => signer.Verifier), out var verification, out _));
        Assert.Equal(16, verification.Verified.Length);
        Parse(Text + "\n" + string.Concat(Enumerable.Repeat(PeterLine, SignedNote.MostSignatures)));
        Malformed(Text + "\n" + string.Concat(Enumerable.Repeat(PeterLine, SignedNote.MostSignatures + 1)), "note_too_many_signatures");
    }

    [Theory]
    [InlineData("", "note_without_signatures")]
    [InlineData("\n", "note_without_signatures")]
    [InlineData("\n\n", "note_without_signatures")]
    [InlineData(Text, "note_without_signatures")]
    [InlineData(Text + "\n", "note_without_signatures")]
    [InlineData(Text + PeterLine, "note_without_signatures")]
    [InlineData(Text + "\n" + PeterLine + "\n", "note_without_signatures")]
    [InlineData("\u0001" + Text + "\n" + PeterLine, "note_control_character")]
    [InlineData("a\tb\n\n" + PeterLine, "note_control_character")]
    [InlineData("a\r\n\n" + PeterLine, "note_control_character")]
    [InlineData(Text + "\n" + PeterLine + "Unexpected line.\n", "note_signature_malformed")]
    [InlineData(Text + "\n- PeterNeumann x08go/ZJkuBS\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann \n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014  x08go/ZJkuBS\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 Peter+Neumann x08go/ZJkuBS\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 Peter\u00a0Neumann x08go/ZJkuBS\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 Bad Name x08go/ZJkuBS\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann x08goA==\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann x08go/ZJkuB\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann x08go/ZJkuC=\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann x08go/ZJkuBS x\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann x08go_ZJkuBS\n", "note_signature_malformed")]
    [InlineData(Text + "\n\u2014 PeterNeumann x08go/ZJkuBS", "note_signature_malformed")]
    public void a_note_that_is_refused_says_why(string note, string code) => Malformed(note, code);

    [Fact]
    public void bytes_that_are_no_text_and_notes_without_end_are_refused()
    {
        Assert.False(SignedNote.TryParse([0xff, .. Encoding.UTF8.GetBytes(Text + "\n" + PeterLine)], out _, out var bytes));
        Assert.Equal("note_not_utf8", bytes.Code);
        Malformed(new string('a', SignedNote.MostBytes) + "\n\n" + PeterLine, "note_too_large");
    }

    [Fact]
    public void what_is_no_text_of_a_note_is_not_signed()
    {
        foreach (var text in new[] { "abc", "", "a\tb\n", "\ud800\n" })
            Assert.Equal("note_text_malformed", Assert.Throws<RefusedException>(() => SignedNote.Sign(text, Keys.Log)).Refusal.Code);
    }

    [Fact]
    public void a_note_needs_a_key_that_signs_notes()
    {
        Assert.Throws<ArgumentException>(() => SignedNote.Sign(Text));
        Assert.Throws<ArgumentException>(() => SignedNote.Sign(Text, Keys.Witnesses[0]));
    }

    [Fact]
    public void two_known_keys_of_one_name_and_id_are_an_error_where_they_matter()
    {
        var (first, second) = Collision();
        var note = SignedNote.Sign(Text, first, Keys.Log);
        Refused(note, "note_key_ambiguous", first.Verifier, second.Verifier);
        Assert.True(SignedNote.Sign(Text, Keys.Log).TryVerify([first.Verifier, second.Verifier, Keys.Log.Verifier], out _, out _));
    }

    [Fact]
    public void any_bytes_are_a_note_that_is_written_the_same_or_are_refused() => Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.Select(Gen.Int[0, 1000], Gen.Byte, (at, b) =>
            {
                var bytes = Encoding.UTF8.GetBytes(Text + "\n" + PeterLine + EnochLine);
                bytes[at % bytes.Length] = b;
                return bytes;
            }),
            Gen.OneOf(new[] { "\n", "\n\n", "a", "\u2014 ", "x08go/ZJkuBS", " ", "PeterNeumann", PeterLine }.Select(Gen.Const).ToArray())
                .Array[0, 12].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(
            bytes =>
            {
                if (SignedNote.TryParse(bytes, out var note, out var refusal)) Assert.Equal(bytes, note.ToBytes());
                else Assert.StartsWith("note_", refusal.Code, StringComparison.Ordinal);
            },
            iter: Iterations.Of(20_000));

    [Fact]
    public void no_changed_byte_of_a_signed_note_is_believed()
    {
        var bytes = Encoding.UTF8.GetBytes(Text + "\n" + PeterLine);
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = bytes.ToArray();
                changed[at] ^= (byte)(1 << bit);
                Assert.False(SignedNote.TryParse(changed, out var note, out _) && note.TryVerify([Peter], out _, out _), $"byte {at}");
            }
        }
    }

    /// <summary>
    /// Two keys of one name and id: ids are short, so two were found by trying one seed after the other.
    /// </summary>
    private static (SignerKey First, SignerKey Second) Collision()
    {
        var (first, second) = (FromNumber(75_083), FromNumber(77_273));
        Assert.Equal(first.Verifier.KeyId, second.Verifier.KeyId);
        Assert.NotEqual(first.Verifier, second.Verifier);
        return (first, second);

        static SignerKey FromNumber(int number)
        {
            var seed = new byte[SignerKey.SeedSize];
            BinaryPrimitives.WriteInt32LittleEndian(seed, number);
            return SignerKey.FromSeed("k", seed);
        }
    }

    private static SignedNote Parse(string note) =>
        SignedNote.TryParse(Encoding.UTF8.GetBytes(note), out var read, out var refusal)
            ? read
            : throw new ArgumentException(refusal.Explanation, nameof(note));

    private static void Malformed(string note, string code)
    {
        Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(note), out var read, out var refusal));
        Assert.Null(read);
        Assert.Equal(code, refusal.Code);
    }

    private static void Refused(SignedNote note, string code, params VerifierKey[] known)
    {
        Assert.False(note.TryVerify(known, out var verification, out var refusal));
        Assert.Null(verification);
        Assert.Equal(code, refusal.Code);
    }
}
