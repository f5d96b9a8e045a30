using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A signature line of a note: <c>— name base64(key id || signature)</c>. Whether it is good is another question.</summary>
public sealed record NoteSignature
{
    private const string Mark = "\u2014 ";
    private const int KeyIdSize = sizeof(uint);

    private NoteSignature(string keyName, uint keyId, string base64)
    {
        KeyName = keyName;
        KeyId = keyId;
        Base64 = base64;
    }

    /// <summary>Name of the key that is said to have signed.</summary>
    public string KeyName { get; }

    /// <summary>Id of the key that is said to have signed.</summary>
    public uint KeyId { get; }

    /// <summary>Key id and signature in base 64, as the line has it.</summary>
    public string Base64 { get; }

    /// <summary>Makes a signature of a key.</summary>
    /// <param name="key">The key that signed.</param>
    /// <param name="signature">What it made.</param>
    public static NoteSignature Of(VerifierKey key, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        var bytes = new byte[KeyIdSize + signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, key.KeyId);
        signature.CopyTo(bytes.AsSpan(KeyIdSize));
        return new NoteSignature(key.Name, key.KeyId, Convert.ToBase64String(bytes));
    }

    /// <summary>Reads a line, without the newline behind it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="signature">What it says.</param>
    /// <param name="refusal"><c>note_signature_malformed</c></param>
    public static bool TryParse(
        ReadOnlySpan<char> line, [NotNullWhen(true)] out NoteSignature? signature, [NotNullWhen(false)] out Refusal? refusal)
    {
        signature = null;
        refusal = null;
        if (line.StartsWith(Mark, StringComparison.Ordinal))
        {
            var rest = line[Mark.Length..];
            var space = rest.IndexOf(' ');
            if (space > 0 && rest[..space].ToString() is var name && NoteKeyName.IsValid(name)
                && LogText.TryBase64(rest[(space + 1)..], out var bytes) && bytes.Length > KeyIdSize)
                signature = new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), rest[(space + 1)..].ToString());
        }

        if (signature is null)
            refusal = new Refusal("note_signature_malformed",
                "Expected an em dash, a key's name, and the key's id with the signature in base 64.");
        return signature is not null;
    }

    /// <summary>What the key made, without the key's id.</summary>
    public byte[] Signature() => Convert.FromBase64String(Base64)[KeyIdSize..];

    /// <summary>Whether it is said to be of that key.</summary>
    public bool IsOf(VerifierKey key) =>
        key is not null && key.KeyId == KeyId && string.Equals(key.Name, KeyName, StringComparison.Ordinal);

    /// <summary>The line, without the newline behind it.</summary>
    public override string ToString() => $"{Mark}{KeyName} {Base64}";

    /// <summary>Name and id of the key, for messages.</summary>
    internal string Hint => string.Create(CultureInfo.InvariantCulture, $"{KeyName}+{KeyId:x8}");
}
