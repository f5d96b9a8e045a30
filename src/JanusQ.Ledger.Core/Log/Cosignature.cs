using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace JanusQ.Ledger.Core.Log;

/// <summary>
/// What a witness says of a checkpoint (C2SP tlog-cosignature, <c>cosignature/v1</c>): at this time it was the largest that I had seen of
/// this log, and consistent with all that I saw before.
/// </summary>
/// <param name="Witness">The witness's key.</param>
/// <param name="Time">Seconds since 1970, by the witness's clock.</param>
/// <param name="Signature">The signature line.</param>
public sealed record Cosignature(VerifierKey Witness, long Time, NoteSignature Signature)
{
    private const int TimeSize = sizeof(long);

    /// <summary>Cosigns a checkpoint.</summary>
    /// <param name="witness">A key of type <see cref="NoteSignatureType.Ed25519Cosignature"/>.</param>
    /// <param name="checkpoint">What it cosigns.</param>
    /// <param name="time">Seconds since 1970.</param>
    /// <exception cref="ArgumentException">The key is of another type.</exception>
    public static Cosignature Make(SignerKey witness, Checkpoint checkpoint, long time)
    {
        ArgumentNullException.ThrowIfNull(witness);
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(time);
        if (witness.Verifier.Type != NoteSignatureType.Ed25519Cosignature)
            throw new ArgumentException($"{witness} makes no cosignatures.", nameof(witness));
        var signature = new byte[TimeSize + 64];
        BinaryPrimitives.WriteInt64BigEndian(signature, time);
        witness.Sign(Message(time, LogText.ToUtf8(checkpoint.ToText()))).CopyTo(signature, TimeSize);
        return new Cosignature(witness.Verifier, time, NoteSignature.Of(witness.Verifier, signature));
    }

    /// <summary>Reads a verified signature as a cosignature; false where its key makes none.</summary>
    public static bool TryRead(VerifiedSignature verified, [NotNullWhen(true)] out Cosignature? cosignature)
    {
        ArgumentNullException.ThrowIfNull(verified);
        cosignature = verified.Key.Type == NoteSignatureType.Ed25519Cosignature
            ? new Cosignature(verified.Key, BinaryPrimitives.ReadInt64BigEndian(verified.Signature.Signature()), verified.Signature)
            : null;
        return cosignature is not null;
    }

    internal static bool Verify(VerifierKey key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (signature.Length < TimeSize) return false;
        var time = BinaryPrimitives.ReadInt64BigEndian(signature);
        return time >= 0 && key.VerifyRaw(Message(time, text), signature[TimeSize..]);
    }

    private static byte[] Message(long time, ReadOnlySpan<byte> text) =>
        [.. LogText.ToUtf8($"cosignature/v1\ntime {LogText.Of(time)}\n"), .. text];
}
