using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace JanusQ.Ledger.Core.Log;

/// <summary>What a witness answers (C2SP tlog-witness, <c>add-checkpoint</c>). Total: every answer is one of the three.</summary>
public abstract record AddCheckpointAnswer
{
    private const int MostBytes = SignedNote.MostBytes;
    private const string SizeMediaType = "text/x.tlog.size";

    private AddCheckpointAnswer()
    {
    }

    /// <summary>The witness says that it cosigned. Whether it did, <see cref="TryAccept"/> knows.</summary>
    /// <param name="Signatures">Its signature lines.</param>
    public sealed record Cosigned(ImmutableArray<NoteSignature> Signatures) : AddCheckpointAnswer
    {
        /// <summary>Puts the cosignatures under the checkpoint that was posted.</summary>
        /// <param name="posted">The checkpoint.</param>
        /// <param name="witness">Keys of this witness; lines of other keys are passed over.</param>
        /// <param name="cosigned">The checkpoint with the verified cosignatures.</param>
        /// <param name="refusal">
        /// As <see cref="SignedNote.TryVerify"/> refuses, or <c>witness_time_missing</c> for a cosignature that says no time.
        /// </param>
        public bool TryAccept(
            SignedCheckpoint posted,
            IEnumerable<VerifierKey> witness,
            [NotNullWhen(true)] out SignedCheckpoint? cosigned,
            [NotNullWhen(false)] out Refusal? refusal)
        {
            ArgumentNullException.ThrowIfNull(posted);
            cosigned = null;
            var answered = posted.WithOnly(Signatures);
            if (!answered.TryVerifyCosignatures(witness, out var cosignatures, out refusal)) return false;
            refusal = cosignatures.Any(cosignature => cosignature.Time == 0)
                ? new Refusal("witness_time_missing", "A cosignature says when it was made.")
                : null;
            if (refusal is null) cosigned = posted.With(cosignatures);
            return refusal is null;
        }
    }

    /// <summary>The witness knows another checkpoint than the old one: post again, from this size.</summary>
    /// <param name="Size">Size of the checkpoint that it cosigned last.</param>
    public sealed record Conflict(long Size) : AddCheckpointAnswer;

    /// <summary>The witness did not cosign, or its answer cannot be read.</summary>
    /// <param name="Refusal">
    /// <c>witness_request_refused</c> (400), <c>witness_signature_refused</c> (403), <c>witness_log_unknown</c> (404),
    /// <c>witness_proof_refused</c> (422), <c>witness_answer_malformed</c>, or <c>witness_answer_unexpected</c> for any other status.
    /// </param>
    public sealed record Refused(Refusal Refusal) : AddCheckpointAnswer;

    /// <summary>Reads an answer.</summary>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="mediaType">The content type, with or without parameters; none where there is none.</param>
    /// <param name="body">The body.</param>
    public static AddCheckpointAnswer Read(int status, string? mediaType, ReadOnlySpan<byte> body) => status switch
    {
        200 => ReadSignatures(body),
        409 => ReadSize(mediaType, body),
        400 => Refuse("witness_request_refused", "The witness cannot read the request, or its old size is larger than the checkpoint."),
        403 => Refuse("witness_signature_refused", "The witness trusts no signature of the checkpoint."),
        404 => Refuse("witness_log_unknown", "The witness does not know this log."),
        422 => Refuse("witness_proof_refused", "To the witness the checkpoint does not continue the one that it cosigned last."),
        _ => Refuse("witness_answer_unexpected", $"The witness answered with status {status}."),
    };

    private static AddCheckpointAnswer ReadSignatures(ReadOnlySpan<byte> body)
    {
        if (body.Length > MostBytes || !LogText.TryUtf8(body, out var lines)) return Malformed("signature lines in UTF-8");
        return SignedNote.TryParseSignatures(lines, out var signatures, out var refusal)
            ? new Cosigned(signatures)
            : Malformed("signature lines: " + refusal.Explanation);
    }

    private static AddCheckpointAnswer ReadSize(string? mediaType, ReadOnlySpan<byte> body)
    {
        const int LongestSize = 20;
        if (!string.Equals(mediaType?.Split(';')[0].Trim(), SizeMediaType, StringComparison.OrdinalIgnoreCase))
            return Malformed($"a size of type {SizeMediaType}");
        return body is [.., (byte)'\n'] && body.Length <= LongestSize && LogText.TryUtf8(body[..^1], out var text)
            && LogText.TrySize(text, out var size) ? new Conflict(size) : Malformed("a size and a newline");
    }

    private static Refused Malformed(string expected) => Refuse("witness_answer_malformed", $"Expected {expected}.");

    private static Refused Refuse(string code, string explanation) => new(new Refusal(code, explanation));
}
