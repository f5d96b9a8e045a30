using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A signature of an envelope.</summary>
/// <param name="KeyHint">Which key it is said to be of. Nobody vouches for it, and nothing is decided by it.</param>
/// <param name="Bytes">The signature.</param>
public sealed record DsseSignature(string KeyHint, ImmutableArray<byte> Bytes);

/// <summary>
/// A document in an envelope that supply-chain tools read (audit.md section 5; DSSE 1.0.2). What is signed is the very bytes with their
/// type, so nobody has to spell a document again to verify it.
/// </summary>
/// <remarks>
/// The key of the log signs both notes and envelopes. None passes for the other: what an envelope signs begins with <c>DSSEv1</c> and a
/// blank, and the first line of a checkpoint, the origin, has no blank in it.
/// </remarks>
public sealed class DsseEnvelope
{
    /// <summary>Signatures that are read at most.</summary>
    public const int MostSignatures = 100;

    /// <summary>Bytes that are read at most.</summary>
    public const int MostBytes = 16 << 20;

    private readonly byte[] _payload;

    private DsseEnvelope(string payloadType, byte[] payload, ImmutableArray<DsseSignature> signatures)
    {
        PayloadType = payloadType;
        _payload = payload;
        Signatures = signatures;
    }

    /// <summary>What the document is said to be.</summary>
    public string PayloadType { get; }

    /// <summary>The signatures.</summary>
    public ImmutableArray<DsseSignature> Signatures { get; }

    /// <summary>What is signed of a document: its type and its bytes, each behind its length.</summary>
    public static byte[] PreAuthenticationEncoding(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = LogText.ToUtf8(payloadType);
        return [.. LogText.ToUtf8($"DSSEv1 {LogText.Of(type.Length)} {payloadType} {LogText.Of(payload.Length)} "), .. payload];
    }

    /// <summary>Puts a document into an envelope and signs it.</summary>
    /// <param name="payloadType">What it is, for instance <c>application/vnd.in-toto+json</c>.</param>
    /// <param name="payload">The document.</param>
    /// <param name="signers">The keys, one at least.</param>
    /// <exception cref="ArgumentException">No key, or a type with unpaired surrogates.</exception>
    public static DsseEnvelope Sign(string payloadType, ReadOnlySpan<byte> payload, params IReadOnlyCollection<SignerKey> signers)
    {
        ArgumentNullException.ThrowIfNull(payloadType);
        ArgumentNullException.ThrowIfNull(signers);
        if (!LogText.CanBeEncoded(payloadType)) throw new ArgumentException("Unpaired surrogates.", nameof(payloadType));
        if (signers.Count == 0) throw new ArgumentException("An envelope is signed by a key at least.", nameof(signers));
        var signed = PreAuthenticationEncoding(payloadType, payload);
        return new DsseEnvelope(payloadType, payload.ToArray(),
            [.. signers.Select(signer => new DsseSignature(signer.Verifier.Hint, [.. signer.Sign(signed)]))]);
    }

    /// <summary>Reads an envelope.</summary>
    /// <param name="json">The file.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="refusal"><c>dsse_malformed</c></param>
    public static bool TryParse(byte[] json, [NotNullWhen(true)] out DsseEnvelope? envelope, [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(json);
        envelope = null;
        if (json.Length > MostBytes) return Malformed($"more than {MostBytes} bytes", out refusal);
        if (!JsonValue.TryRead(json, out var value, out var rejection)) return Malformed(rejection.Message, out refusal);
        if (value is not JsonObject members || members["payloadType"] is not JsonText type) return Malformed("no payloadType", out refusal);
        if (members["payload"] is not JsonText payload || !TryBase64(payload.Value, out var bytes))
            return Malformed("no payload in base 64", out refusal);
        if (members["signatures"] is not JsonArray { Count: > 0 and <= MostSignatures } signatures)
            return Malformed($"not 1 to {MostSignatures} signatures", out refusal);
        var read = ImmutableArray.CreateBuilder<DsseSignature>();
        foreach (var element in signatures.Elements)
        {
            if (element is not JsonObject signature || signature["sig"] is not JsonText text || !TryBase64(text.Value, out var made))
                return Malformed("a signature that is not in base 64", out refusal);
            if (signature["keyid"] is not (null or JsonText)) return Malformed("a keyid that is no text", out refusal);
            read.Add(new DsseSignature((signature["keyid"] as JsonText)?.Value ?? "", [.. made]));
        }

        envelope = new DsseEnvelope(type.Value, bytes, read.ToImmutable());
        refusal = null;
        return true;
    }

    /// <summary>Verifies the envelope and only then hands its document out.</summary>
    /// <param name="known">The keys that are trusted; of type <see cref="NoteSignatureType.Ed25519"/>, others sign no envelopes.</param>
    /// <param name="payloadType">What the document has to be.</param>
    /// <param name="payload">The very bytes that were signed.</param>
    /// <param name="refusal"><c>dsse_unverified</c> where no known key has signed it, or <c>dsse_payload_type_unexpected</c>.</param>
    public bool TryVerify(
        IEnumerable<VerifierKey> known, string payloadType, out ReadOnlyMemory<byte> payload, [NotNullWhen(false)] out Refusal? refusal)
    {
        payload = default;
        var signed = PreAuthenticationEncoding(PayloadType, _payload);
        var keys = known.Where(key => key.Type == NoteSignatureType.Ed25519).ToArray();
        refusal = !Signatures.Any(signature => keys.Any(key => key.VerifyRaw(signed, signature.Bytes.AsSpan())))
            ? new Refusal("dsse_unverified", "None of the known keys has signed the envelope.")
            : !string.Equals(PayloadType, payloadType, StringComparison.Ordinal)
                ? new Refusal("dsse_payload_type_unexpected", $"Expected {payloadType}, found {PayloadType}.")
                : null;
        if (refusal is null) payload = _payload;
        return refusal is null;
    }

    /// <summary>The envelope's file: canonical JSON.</summary>
    public byte[] ToBytes() => CanonicalJson.Bytes(JsonObject.Of(
        ("payload", Convert.ToBase64String(_payload)),
        ("payloadType", PayloadType),
        ("signatures", new JsonArray(Signatures.Select(signature => (JsonValue)JsonObject.Of(
            ("keyid", signature.KeyHint),
            ("sig", Convert.ToBase64String(signature.Bytes.AsSpan()))))))));

    // Both alphabets are to be accepted, so a mixture is no harm: what counts are the bytes.
    private static bool TryBase64(string text, [NotNullWhen(true)] out byte[]? bytes) =>
        LogText.TryBase64(text.Replace('-', '+').Replace('_', '/'), out bytes);

    private static bool Malformed(string what, out Refusal refusal)
    {
        refusal = new Refusal("dsse_malformed", $"An envelope: {what}.");
        return false;
    }
}
