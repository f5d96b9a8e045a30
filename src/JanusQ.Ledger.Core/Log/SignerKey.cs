using System.Diagnostics.CodeAnalysis;
using NSec.Cryptography;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// A private key with its name, written <c>PRIVATE+KEY+name+keyid+base64(type || seed)</c> as Go's <c>sumdb/note</c> writes it (audit.md
/// section 3, "Keys"). Only <see cref="ToSecretText"/> says the secret.
/// </summary>
public sealed class SignerKey : IDisposable
{
    /// <summary>Bytes of a seed. Whoever makes a key draws them at random.</summary>
    public const int SeedSize = 32;

    private const string Prefix = "PRIVATE+KEY+";

    private readonly Key _key;

    private SignerKey(Key key, VerifierKey verifier)
    {
        _key = key;
        Verifier = verifier;
    }

    /// <summary>The key that verifies what this one signs.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>Makes a key.</summary>
    /// <param name="name">Its name; for a log its origin.</param>
    /// <param name="seed">32 secret random bytes.</param>
    /// <param name="type">What it is to sign; <see cref="NoteSignatureType.Ed25519Cosignature"/> for a witness.</param>
    /// <exception cref="ArgumentException">
    /// The name cannot name a key, there are not 32 bytes, or no key of that type can sign here.
    /// </exception>
    public static SignerKey FromSeed(string name, ReadOnlySpan<byte> seed, NoteSignatureType type = NoteSignatureType.Ed25519) =>
        TryMake(name, type, seed, out var key, out var refusal) ? key : throw new ArgumentException(refusal.Explanation, nameof(name));

    /// <summary>Reads a key.</summary>
    /// <param name="text">The key's text, without blanks around it.</param>
    /// <param name="key">The key.</param>
    /// <param name="refusal">
    /// <c>signer_key_malformed</c>, <c>signer_key_type_unknown</c>, or <c>signer_key_id_mismatch</c>. Never says anything of the secret.
    /// </param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SignerKey? key, [NotNullWhen(false)] out Refusal? refusal)
    {
        key = null;
        var parts = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('+', 3) : null;
        if (parts is not [var name, var id, var base64] || !VerifierKey.TryId(id, out var keyId)
            || !LogText.TryBase64(base64, out var typed) || typed.Length < 1)
        {
            refusal = Malformed("expected PRIVATE+KEY+name+id+seed, the id in 8 lower-case hex digits, the seed in base 64");
            return false;
        }

        if (!TryMake(name, (NoteSignatureType)typed[0], typed.AsSpan(1), out var made, out refusal)) return false;
        if (made.Verifier.KeyId != keyId)
        {
            made.Dispose();
            refusal = new Refusal("signer_key_id_mismatch", $"The id of this key is {made.Verifier.KeyId:x8}, not {id}.");
            return false;
        }

        key = made;
        return true;
    }

    /// <summary>The key's text with the secret in it.</summary>
    public string ToSecretText() =>
        $"{Prefix}{Verifier.Hint}+{Convert.ToBase64String([(byte)Verifier.Type, .. _key.Export(KeyBlobFormat.RawPrivateKey)])}";

    /// <summary>The Ed25519 signature of a message: 64 bytes, the same for the same message.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    /// <summary>Says which key this is and nothing of the secret.</summary>
    public override string ToString() => Verifier.Hint;

    /// <summary>Wipes the secret from memory.</summary>
    public void Dispose() => _key.Dispose();

    private static bool TryMake(
        string? name,
        NoteSignatureType type,
        ReadOnlySpan<byte> seed,
        [NotNullWhen(true)] out SignerKey? signer,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        signer = null;
        refusal = null;
        if (type is not (NoteSignatureType.Ed25519 or NoteSignatureType.Ed25519Cosignature))
        {
            refusal = new Refusal("signer_key_type_unknown", $"No key of type 0x{(byte)type:x2} can sign.");
            return false;
        }

        var parameters = new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        if (seed.Length != SeedSize || !NoteKeyName.IsValid(name)
            || !Key.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out var key, parameters)
            || key is null)
        {
            refusal = Malformed($"expected a name without blanks and plus, and a seed of {SeedSize} bytes");
            return false;
        }

        if (!VerifierKey.TryMake(name, type, key.PublicKey.Export(KeyBlobFormat.RawPublicKey), out var verifier, out refusal))
        {
            key.Dispose();
            return false;
        }

        signer = new SignerKey(key, verifier);
        return true;
    }

    private static Refusal Malformed(string what) => new("signer_key_malformed", $"A signer key: {what}.");
}
