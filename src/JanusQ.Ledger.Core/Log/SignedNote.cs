using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A signature that was verified, with the key that verified it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Signature">Its signature.</param>
public sealed record VerifiedSignature(VerifierKey Key, NoteSignature Signature);

/// <summary>What came of a note's signatures.</summary>
/// <param name="Verified">Those of known keys, in the order of the note; never none.</param>
/// <param name="Unknown">Those of other keys: they say nothing.</param>
public sealed record NoteVerification(ImmutableArray<VerifiedSignature> Verified, ImmutableArray<NoteSignature> Unknown);

/// <summary>
/// A text with signatures under it (C2SP signed-note): what Go's <c>sumdb/note</c> and the witnesses of transparency logs read. What is
/// read is written again byte for byte.
/// </summary>
public sealed class SignedNote
{
    /// <summary>Signatures that are read at most.</summary>
    public const int MostSignatures = 100;

    /// <summary>Bytes that are read at most.</summary>
    public const int MostBytes = 1 << 20;

    private SignedNote(string text, ImmutableArray<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>The text with the newline at its end. Nothing of it is to be believed before a signature was verified.</summary>
    public string Text { get; }

    /// <summary>The signatures in the order of the note.</summary>
    public ImmutableArray<NoteSignature> Signatures { get; }

    /// <summary>Signs a text.</summary>
    /// <param name="text">It ends in a newline.</param>
    /// <param name="signers">The keys, each with a signature of its kind <see cref="NoteSignatureType.Ed25519"/>.</param>
    /// <exception cref="RefusedException">
    /// <c>note_text_malformed</c>: no newline at its end, or control characters or unpaired surrogates in it.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// No key, or one that makes cosignatures: they carry a time (<see cref="Cosignature"/>).
    /// </exception>
    public static SignedNote Sign(string text, params IEnumerable<SignerKey> signers)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!IsText(text) || !LogText.CanBeEncoded(text))
            throw new RefusedException(new Refusal("note_text_malformed",
                "A note's text ends in a newline and holds no control characters."));
        var bytes = LogText.ToUtf8(text);
        var signatures = signers.Select(signer => signer.Verifier.Type == NoteSignatureType.Ed25519
            ? NoteSignature.Of(signer.Verifier, signer.Sign(bytes))
            : throw new ArgumentException($"{signer} makes cosignatures.", nameof(signers))).ToImmutableArray();
        if (signatures.IsEmpty) throw new ArgumentException("A note is signed by a key at least.", nameof(signers));
        return new SignedNote(text, signatures);
    }

    /// <summary>Reads a note.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="note">The note.</param>
    /// <param name="refusal">
    /// <c>note_too_large</c>, <c>note_not_utf8</c>, <c>note_control_character</c>, <c>note_without_signatures</c>,
    /// <c>note_signature_malformed</c> or <c>note_too_many_signatures</c>.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note, [NotNullWhen(false)] out Refusal? refusal)
    {
        note = null;
        if (bytes.Length > MostBytes)
        {
            refusal = new Refusal("note_too_large", $"A note has at most {MostBytes} bytes, this one has {bytes.Length}.");
            return false;
        }

        if (!LogText.TryUtf8(bytes, out var all))
        {
            refusal = new Refusal("note_not_utf8", "A note is UTF-8.");
            return false;
        }

        if (HasControlCharacter(all))
        {
            refusal = new Refusal("note_control_character", "A note holds no control characters but newlines.");
            return false;
        }

        var blank = all.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0 || blank + 2 == all.Length)
        {
            refusal = new Refusal("note_without_signatures", "Expected signatures behind the last empty line.");
            return false;
        }

        if (!TryParseSignatures(all.AsSpan(blank + 2), out var signatures, out refusal)) return false;
        note = new SignedNote(all[..(blank + 1)], signatures);
        return true;
    }

    /// <summary>Reads one signature line after the other.</summary>
    /// <param name="lines">The lines, each with its newline.</param>
    /// <param name="signatures">What they say; never none.</param>
    /// <param name="refusal">
    /// <c>note_without_signatures</c>, <c>note_signature_malformed</c> or <c>note_too_many_signatures</c>.
    /// </param>
    internal static bool TryParseSignatures(
        ReadOnlySpan<char> lines, out ImmutableArray<NoteSignature> signatures, [NotNullWhen(false)] out Refusal? refusal)
    {
        signatures = [];
        refusal = null;
        var found = ImmutableArray.CreateBuilder<NoteSignature>();
        while (!lines.IsEmpty)
        {
            if (!LogText.TryLine(ref lines, out var line))
            {
                refusal = new Refusal("note_signature_malformed", "The last signature line does not end.");
                return false;
            }

            if (found.Count == MostSignatures)
            {
                refusal = new Refusal("note_too_many_signatures", $"A note has at most {MostSignatures} signatures.");
                return false;
            }

            if (!NoteSignature.TryParse(line, out var signature, out refusal)) return false;
            found.Add(signature);
        }

        if (found.Count == 0) refusal = new Refusal("note_without_signatures", "Expected a signature line at least.");
        signatures = found.ToImmutable();
        return refusal is null;
    }

    /// <summary>The note with more signatures behind those that it has; one that it has already is not written twice.</summary>
    public SignedNote With(params IEnumerable<NoteSignature> signatures) =>
        new(Text, [.. Signatures.Concat(signatures).Distinct()]);

    internal SignedNote WithOnly(IEnumerable<NoteSignature> signatures) => new(Text, [.. signatures]);

    /// <summary>
    /// Verifies the signatures of the keys that are known. Signatures of other keys are passed over, and one bad signature of a known key
    /// spoils the note.
    /// </summary>
    /// <param name="known">The keys that are trusted.</param>
    /// <param name="verification">Which signatures are whose.</param>
    /// <param name="refusal">
    /// <c>note_signature_invalid</c>, <c>note_unverified</c> where no known key has signed, or <c>note_key_ambiguous</c> where two known
    /// keys answer to the same name and id.
    /// </param>
    public bool TryVerify(
        IEnumerable<VerifierKey> known, [NotNullWhen(true)] out NoteVerification? verification, [NotNullWhen(false)] out Refusal? refusal)
    {
        verification = null;
        var usable = known.Where(key => key.CanVerify).Distinct().ToArray();
        var text = LogText.ToUtf8(Text);
        var verified = ImmutableArray.CreateBuilder<VerifiedSignature>();
        var unknown = ImmutableArray.CreateBuilder<NoteSignature>();
        foreach (var signature in Signatures.Distinct())
        {
            var keys = usable.Where(signature.IsOf).ToArray();
            if (keys.Length == 0)
            {
                unknown.Add(signature);
                continue;
            }

            refusal = keys.Length > 1
                ? new Refusal("note_key_ambiguous", $"More than one of the known keys is {signature.Hint}.")
                : keys[0].Verify(text, signature.Signature())
                    ? null
                    : new Refusal("note_signature_invalid", $"The signature of {signature.Hint} is not good for this text.");
            if (refusal is not null) return false;
            verified.Add(new VerifiedSignature(keys[0], signature));
        }

        refusal = verified.Count == 0 ? new Refusal("note_unverified", "None of the known keys has signed the note.") : null;
        if (refusal is null) verification = new NoteVerification(verified.ToImmutable(), unknown.ToImmutable());
        return refusal is null;
    }

    /// <summary>The note's bytes.</summary>
    public byte[] ToBytes() => LogText.ToUtf8(ToString());

    /// <inheritdoc />
    public override string ToString()
    {
        var note = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures) note.Append(signature).Append('\n');
        return note.ToString();
    }

    private static bool IsText(string text) => text.EndsWith('\n') && !HasControlCharacter(text);

    private static bool HasControlCharacter(string text)
    {
        foreach (var c in text)
            if (c is < ' ' and not '\n') return true;
        return false;
    }
}
