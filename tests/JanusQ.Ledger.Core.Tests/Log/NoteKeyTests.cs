using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class NoteKeyTests
{
    [Theory]
    [InlineData(Keys.PeterVerifier, "PeterNeumann", 0xc74f20a3)]
    [InlineData(Keys.EnochVerifier, "EnochRoot", 0xaf0cfe78)]
    [InlineData(Keys.FooVerifier, "example.com/foo", 0x530d903a)]
    public void published_keys_are_read_and_written_the_same(string text, string name, uint id)
    {
        var key = Keys.Verifier(text);
        Assert.Equal((name, id, NoteSignatureType.Ed25519, true), (key.Name, key.KeyId, key.Type, key.CanVerify));
        Assert.Equal(text, key.ToString());
        Assert.Equal(key, Keys.Verifier(text));
    }

    [Fact]
    public void a_published_secret_key_belongs_to_its_published_key()
    {
        using var signer = Keys.Signer(Keys.PeterSigner);
        Assert.Equal(Keys.PeterVerifier, signer.Verifier.ToString());
        Assert.Equal(Keys.PeterSigner, signer.ToSecretText());
        Assert.Equal("PeterNeumann+c74f20a3", signer.ToString());
    }

    [Fact]
    public void no_part_and_no_neighbour_of_a_key_is_a_key()
    {
        foreach (var mangled in Mangled(Keys.PeterVerifier))
            Assert.False(VerifierKey.TryParse(mangled, out _, out _), mangled);
        foreach (var mangled in Mangled(Keys.PeterSigner))
            Assert.False(SignerKey.TryParse(mangled, out _, out _), mangled);
    }

    [Theory]
    [InlineData(null, "verifier_key_malformed")]
    [InlineData("", "verifier_key_malformed")]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_malformed")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", "verifier_key_malformed")]
    [InlineData("PeterNeumann+c74f20a3+", "verifier_key_malformed")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_id_mismatch")]
    [InlineData("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_id_mismatch")]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", "verifier_key_malformed")]
    [InlineData("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_type_unknown")]
    [InlineData("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_name_invalid")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_name_invalid")]
    [InlineData("Peter\u3000Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "verifier_key_name_invalid")]
    public void a_key_that_is_refused_says_why(string? text, string code)
    {
        Assert.False(VerifierKey.TryParse(text, out var key, out var refusal));
        Assert.Null(key);
        Assert.Equal(code, refusal.Code);
    }

    [Theory]
    [InlineData("PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "signer_key_id_mismatch")]
    [InlineData("PRIVATE+KEY+Peter Neumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "signer_key_malformed")]
    [InlineData("PRIVATE+KEY+PeterNeumann+c74f20a3+AoEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz", "signer_key_type_unknown")]
    [InlineData("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKA==", "signer_key_malformed")]
    [InlineData(Keys.PeterVerifier, "signer_key_malformed")]
    [InlineData(null, "signer_key_malformed")]
    public void a_secret_key_that_is_refused_says_why_and_nothing_of_the_secret(string? text, string code)
    {
        Assert.False(SignerKey.TryParse(text, out var key, out var refusal));
        Assert.Null(key);
        Assert.Equal(code, refusal.Code);
        Assert.DoesNotContain("EKFALV", refusal.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void the_same_key_has_another_id_for_each_type_and_name()
    {
        var publicKey = Keys.Log.Verifier.PublicKey.AsSpan();
        Assert.True(VerifierKey.TryMake("a", NoteSignatureType.Ed25519, publicKey, out var note, out _));
        Assert.True(VerifierKey.TryMake("a", NoteSignatureType.Ed25519Cosignature, publicKey, out var cosignature, out _));
        Assert.True(VerifierKey.TryMake("b", NoteSignatureType.Ed25519, publicKey, out var other, out _));
        Assert.Equal(3, new HashSet<uint> { note.KeyId, cosignature.KeyId, other.KeyId }.Count);
    }

    [Fact]
    public void a_key_of_a_kind_that_nothing_here_can_verify_is_read_and_never_verifies()
    {
        Assert.True(VerifierKey.TryMake("pq.example", NoteSignatureType.MlDsa44Cosignature, new byte[1312], out var key, out _));
        Assert.False(key.CanVerify);
        Assert.Equal(key, Keys.Verifier(key.ToString()));
        Assert.False(key.Verify("text\n"u8, new byte[2428]));
        Assert.False(VerifierKey.TryMake("pq.example", NoteSignatureType.MlDsa44Cosignature, new byte[1311], out _, out var refusal));
        Assert.Equal("verifier_key_malformed", refusal.Code);
        Assert.Throws<ArgumentException>(() => SignerKey.FromSeed("pq.example", Keys.Seed(1), NoteSignatureType.MlDsa44Cosignature));
    }

    private static IEnumerable<string> Mangled(string key)
    {
        for (var start = 0; start <= key.Length; start++)
            for (var end = start + 1; end <= key.Length; end++)
                if (start != 0 || end != key.Length) yield return key[start..end];
        for (var at = 0; at < key.Length; at++) yield return key[..at] + (char)(key[at] + 1) + key[(at + 1)..];
    }
}
