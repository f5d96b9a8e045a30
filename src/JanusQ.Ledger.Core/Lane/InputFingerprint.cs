using System.Security.Cryptography;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// The hashes of what is evaluated: each document by itself, and all three as the beginning of longer hashes (lane.md sections 4 and 19).
/// </summary>
internal sealed record InputFingerprint(Sha256Hash Signals, Sha256Hash StrategyConfig, Sha256Hash GatePolicy, LaneIdentity Identity)
{
    private const int CandidateHashLength = 32;

    private IncrementalHash Concatenated { get; init; } = null!;

    /// <summary>Hashes the documents; the signals, which can be large, are read once.</summary>
    public static InputFingerprint Of(LaneInputs inputs, string promotionTarget)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(inputs.Signals.Bytes);
        Span<byte> signals = stackalloc byte[Sha256Hash.Size];
        hash.GetCurrentHash(signals);
        hash.AppendData(inputs.StrategyConfig.Bytes);
        hash.AppendData(inputs.GatePolicy.Bytes);
        using var identity = hash.Clone();
        identity.AppendData(Encoding.UTF8.GetBytes(promotionTarget));
        return new InputFingerprint(
            new Sha256Hash(signals),
            Sha256Hash.Of(inputs.StrategyConfig.Bytes),
            Sha256Hash.Of(inputs.GatePolicy.Bytes),
            new LaneIdentity(Sha256Hash.Of(identity).Id))
        {
            Concatenated = hash,
        };
    }

    /// <summary>The candidate hash: of the documents and of what else makes the candidate.</summary>
    public string CandidateHash(JsonArray parameterSet, string recommendedMode, JsonArray sortedReasons)
    {
        using var hash = Concatenated.Clone();
        hash.AppendData(Encoding.UTF8.GetBytes(Identity.RunId));
        hash.AppendData(CanonicalJson.Bytes(parameterSet));
        hash.AppendData(Encoding.UTF8.GetBytes(recommendedMode));
        hash.AppendData(CanonicalJson.Bytes(sortedReasons));
        return Sha256Hash.Of(hash).ToString()[..CandidateHashLength];
    }
}
