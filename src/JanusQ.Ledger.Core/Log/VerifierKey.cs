using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using JanusQ.Ledger.Core.Canonical;
using NSec.Cryptography;

namespace JanusQ.Ledger.Core.Log;

/// <summary>What a key signs and how (C2SP signed-note, "Signature types").</summary>
public enum NoteSignatureType : byte
{
    /// <summary>Ed25519 over the text of a note.</summary>
    Ed25519 = 0x01,

    /// <summary>A cosignature with its time, Ed25519 (C2SP tlog-cosignature).</summary>
    Ed25519Cosignature = 0x04,

    /// <summary>
    /// A cosignature with its time, ML-DSA-44. Such keys are read, because policies name them; nothing here can verify their signatures,
    /// which are passed over like those of unknown keys and never count.
    /// </summary>
    MlDsa44Cosignature = 0x06,
}

/// <summary>
/// A public key with its name, written <c>name+keyid+base64(type || key)</c> (C2SP signed-note, "Verifier keys"). Compared by that text.
/// </summary>
public sealed class VerifierKey : IEquatable<VerifierKey>
{
    internal const int Ed25519KeySize = 32;
    private const int MlDsa44KeySize = 1312;

    private readonly PublicKey? _ed25519;
    private readonly string _text;

    private VerifierKey(string name, NoteSignatureType type, ImmutableArray<byte> publicKey, PublicKey? ed25519)
    {
        Name = name;
        Type = type;
        PublicKey = publicKey;
        _ed25519 = ed25519;
        byte[] typed = [(byte)type, .. publicKey];
        KeyId = BinaryPrimitives.ReadUInt32BigEndian(Sha256Hash.Of(LogText.ToUtf8(name + "\n"), typed).Bytes);
        Hint = string.Create(CultureInfo.InvariantCulture, $"{name}+{KeyId:x8}");
        _text = $"{Hint}+{Convert.ToBase64String(typed)}";
    }

    /// <summary>The key's name; for a log its origin.</summary>
    public string Name { get; }

    /// <summary>
    /// The first four bytes of <c>SHA-256(name || 0x0A || type || public key)</c>. An identifier, not a proof of anything.
    /// </summary>
    public uint KeyId { get; }

    /// <summary>What it signs and how.</summary>
    public NoteSignatureType Type { get; }

    /// <summary>The public key's bytes, without the type.</summary>
    public ImmutableArray<byte> PublicKey { get; }

    /// <summary>Name and id, <c>name+keyid</c>: what stands beside a signature to find the key by.</summary>
    public string Hint { get; }

    /// <summary>Whether signatures of this key can be verified here.</summary>
    public bool CanVerify => _ed25519 is not null;

    /// <summary>Makes a key of its parts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">What it signs and how.</param>
    /// <param name="publicKey">32 bytes for Ed25519, 1,312 for ML-DSA-44.</param>
    /// <param name="key">The key.</param>
    /// <param name="refusal"><c>verifier_key_name_invalid</c>, <c>verifier_key_type_unknown</c> or <c>verifier_key_malformed</c>.</param>
    public static bool TryMake(
        string? name,
        NoteSignatureType type,
        ReadOnlySpan<byte> publicKey,
        [NotNullWhen(true)] out VerifierKey? key,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        key = null;
        refusal = null;
        var size = type switch
        {
            NoteSignatureType.Ed25519 or NoteSignatureType.Ed25519Cosignature => Ed25519KeySize,
            NoteSignatureType.MlDsa44Cosignature => MlDsa44KeySize,
            _ => 0,
        };
        PublicKey? ed25519 = null;
        if (!NoteKeyName.IsValid(name))
            refusal = new Refusal("verifier_key_name_invalid", "A key's name is not empty and holds no blanks and no plus.");
        else if (size == 0)
            refusal = new Refusal("verifier_key_type_unknown", $"There is no key of type 0x{(byte)type:x2}.");
        else if (publicKey.Length != size)
            refusal = Malformed($"a key of type 0x{(byte)type:x2} has {size} bytes, not {publicKey.Length}");
        else if (size == Ed25519KeySize
            && !NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out ed25519))
            refusal = Malformed("its bytes are no Ed25519 key");
        if (refusal is null) key = new VerifierKey(name!, type, [.. publicKey], ed25519);
        return key is not null;
    }

    /// <summary>Reads a key.</summary>
    /// <param name="text">For instance <c>example.com/log+530d903a+AekyeRrm...</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="refusal">
    /// <c>verifier_key_malformed</c>, <c>verifier_key_name_invalid</c>, <c>verifier_key_type_unknown</c>, or
    /// <c>verifier_key_id_mismatch</c> where the id is not that of the key.
    /// </param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VerifierKey? key, [NotNullWhen(false)] out Refusal? refusal)
    {
        key = null;
        var parts = text?.Split('+', 3);
        if (parts is not [var name, var id, var base64] || !TryId(id, out var keyId) || !LogText.TryBase64(base64, out var typed)
            || typed.Length < 1)
        {
            refusal = Malformed("expected name+id+key, the id in 8 lower-case hex digits, the key in base 64");
            return false;
        }

        if (!TryMake(name, (NoteSignatureType)typed[0], typed.AsSpan(1), out var made, out refusal)) return false;
        if (made.KeyId != keyId)
        {
            refusal = new Refusal("verifier_key_id_mismatch", $"The id of this key is {made.KeyId:x8}, not {id}.");
            return false;
        }

        key = made;
        return true;
    }

    /// <summary>Whether a signature of this key is good for a note's text. Total: whatever the bytes are.</summary>
    /// <param name="text">The note's text as bytes.</param>
    /// <param name="signature">What stands behind the key's id in the signature line.</param>
    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) => Type switch
    {
        NoteSignatureType.Ed25519 => VerifyRaw(text, signature),
        NoteSignatureType.Ed25519Cosignature => Cosignature.Verify(this, text, signature),
        _ => false,
    };

    /// <summary>Whether Ed25519 bytes are good for a message.</summary>
    internal bool VerifyRaw(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _ed25519 is not null && SignatureAlgorithm.Ed25519.Verify(_ed25519, message, signature);

    /// <inheritdoc />
    public override string ToString() => _text;

    /// <inheritdoc />
    public bool Equals(VerifierKey? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    /// <inheritdoc />
    public override int GetHashCode() => (int)KeyId;

    internal static bool TryId(ReadOnlySpan<char> text, out uint id)
    {
        id = 0;
        if (text.Length != 8) return false;
        foreach (var c in text)
            if (!char.IsAsciiHexDigitLower(c)) return false;
        return uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }

    private static Refusal Malformed(string what) => new("verifier_key_malformed", $"A verifier key: {what}.");
}
