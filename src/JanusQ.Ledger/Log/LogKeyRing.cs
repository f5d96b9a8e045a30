using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Log;

/// <summary>
/// The key that signs the log's checkpoints, and every verifier key that the log ever had: checkpoints of old keys stay good.
/// </summary>
public sealed class LogKeyRing : IDisposable
{
    private LogKeyRing(SignerKey signer, ImmutableArray<VerifierKey> known)
    {
        Signer = signer;
        Known = known;
    }

    /// <summary>Signs from now on.</summary>
    public SignerKey Signer { get; }

    /// <summary>The keys that checkpoints may be signed by, that of the signer among them.</summary>
    public ImmutableArray<VerifierKey> Known { get; }

    /// <summary>Which log: the name of its keys.</summary>
    public string Origin => Signer.Verifier.Name;

    /// <summary>Puts keys together.</summary>
    /// <param name="signer">Signs from now on; of type <see cref="NoteSignatureType.Ed25519"/>.</param>
    /// <param name="known">Keys that the log had before; that of the signer may be among them.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="refusal">
    /// <c>log_key_unsuitable</c>: a key that makes cosignatures; <c>log_key_foreign</c>: a known key of another name, which is another
    /// log's.
    /// </param>
    public static bool TryMake(
        SignerKey signer,
        IEnumerable<VerifierKey> known,
        [NotNullWhen(true)] out LogKeyRing? keys,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(known);
        ImmutableArray<VerifierKey> all = [.. known.Append(signer.Verifier).Distinct()];
        refusal = all.FirstOrDefault(key => key.Type != NoteSignatureType.Ed25519) is { } cosigner
            ? new Refusal("log_key_unsuitable", $"{cosigner.Hint} signs no checkpoints: it is of type 0x{(byte)cosigner.Type:x2}.")
            : all.FirstOrDefault(key => !string.Equals(key.Name, signer.Verifier.Name, StringComparison.Ordinal)) is { } foreign
                ? new Refusal("log_key_foreign", $"{foreign.Hint} is no key of {signer.Verifier.Name}.")
                : null;
        keys = refusal is null ? new LogKeyRing(signer, all) : null;
        return keys is not null;
    }

    /// <summary>Puts keys together.</summary>
    /// <exception cref="RefusedException">As <see cref="TryMake"/> refuses.</exception>
    public static LogKeyRing Of(SignerKey signer, params IEnumerable<VerifierKey> known) =>
        TryMake(signer, known, out var keys, out var refusal) ? keys : throw new RefusedException(refusal);

    /// <summary>Wipes the secret from memory.</summary>
    public void Dispose() => Signer.Dispose();
}
