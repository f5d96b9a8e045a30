using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A checkpoint with the signatures under it.</summary>
public sealed class SignedCheckpoint
{
    private SignedCheckpoint(Checkpoint checkpoint, SignedNote note)
    {
        Checkpoint = checkpoint;
        Note = note;
    }

    /// <summary>What the log says. Not to be believed before it was verified.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The note that it stands in.</summary>
    public SignedNote Note { get; }

    /// <summary>Signs a checkpoint with the log's keys.</summary>
    /// <exception cref="ArgumentException">No key, or one whose name is not the checkpoint's origin.</exception>
    public static SignedCheckpoint Sign(Checkpoint checkpoint, params IReadOnlyCollection<SignerKey> logKeys)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(logKeys);
        if (logKeys.FirstOrDefault(key => key.Verifier.Name != checkpoint.Origin) is { } other)
            throw new ArgumentException($"{other} is no key of {checkpoint.Origin}.", nameof(logKeys));
        return new SignedCheckpoint(checkpoint, SignedNote.Sign(checkpoint.ToText(), logKeys));
    }

    /// <summary>The same checkpoint with only these signatures under it.</summary>
    internal SignedCheckpoint WithOnly(IEnumerable<NoteSignature> signatures) => new(Checkpoint, Note.WithOnly(signatures));

    /// <summary>Reads a signed checkpoint.</summary>
    /// <param name="bytes">The note.</param>
    /// <param name="signed">The checkpoint.</param>
    /// <param name="refusal">As <see cref="SignedNote.TryParse"/> and <see cref="Checkpoint.TryParse"/> refuse.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedCheckpoint? signed, [NotNullWhen(false)] out Refusal? refusal)
    {
        signed = null;
        if (!SignedNote.TryParse(bytes, out var note, out refusal)) return false;
        if (!Checkpoint.TryParse(note.Text, out var checkpoint, out refusal)) return false;
        signed = new SignedCheckpoint(checkpoint, note);
        return true;
    }

    /// <summary>Verifies that the log signed it.</summary>
    /// <param name="logKeys">Keys of the log that are trusted, old ones too. Only those named as the origin count.</param>
    /// <param name="refusal">
    /// <c>checkpoint_origin_unknown</c> where none of the keys is of this log, or as <see cref="SignedNote.TryVerify"/> refuses.
    /// </param>
    public bool TryVerify(IEnumerable<VerifierKey> logKeys, [NotNullWhen(false)] out Refusal? refusal)
    {
        var keys = logKeys.Where(key => string.Equals(key.Name, Checkpoint.Origin, StringComparison.Ordinal)).ToArray();
        refusal = keys.Length == 0
            ? new Refusal("checkpoint_origin_unknown", $"None of the trusted keys is of {Checkpoint.Origin}.")
            : null;
        return refusal is null && Note.TryVerify(keys, out _, out refusal);
    }

    /// <summary>Verifies the cosignatures of witnesses; those of other keys are passed over.</summary>
    /// <param name="witnesses">Keys of witnesses that are trusted.</param>
    /// <param name="cosignatures">The cosignatures, one a witness: its latest.</param>
    /// <param name="refusal">As <see cref="SignedNote.TryVerify"/> refuses; <c>note_unverified</c> where no witness has cosigned.</param>
    public bool TryVerifyCosignatures(
        IEnumerable<VerifierKey> witnesses, out ImmutableArray<Cosignature> cosignatures, [NotNullWhen(false)] out Refusal? refusal)
    {
        cosignatures = [];
        if (!Note.TryVerify(witnesses.Where(key => key.Type == NoteSignatureType.Ed25519Cosignature), out var verification, out refusal))
            return false;
        cosignatures = Latest(verification);
        return true;
    }

    /// <summary>The checkpoint with cosignatures under it.</summary>
    public SignedCheckpoint With(params IEnumerable<Cosignature> cosignatures) =>
        new(Checkpoint, Note.With(cosignatures.Select(cosignature => cosignature.Signature)));

    /// <summary>The note's bytes, as they are served at <c>/checkpoint</c>.</summary>
    public byte[] ToBytes() => Note.ToBytes();

    /// <inheritdoc />
    public override string ToString() => Note.ToString();

    internal static ImmutableArray<Cosignature> Latest(NoteVerification verification) =>
    [
        .. verification.Verified
            .Select(verified => Cosignature.TryRead(verified, out var cosignature) ? cosignature : null)
            .OfType<Cosignature>()
            .GroupBy(cosignature => cosignature.Witness)
            .Select(of => of.MaxBy(cosignature => cosignature.Time)!),
    ];
}
