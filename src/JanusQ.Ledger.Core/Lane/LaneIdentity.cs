using System.Security.Cryptography;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>The ids of a lane run (lane.md section 4). They name what is evaluated, not the verdict, and need no run to be known.</summary>
/// <param name="RunId">
/// The first 24 hex digits of the SHA-256 of signals, strategy configuration, gate policy and target, concatenated.
/// </param>
public sealed record LaneIdentity(string RunId)
{
    private const int CandidateDigits = 12;

    /// <summary><c>cand-</c> and the first 12 characters of the run id.</summary>
    public string CandidateId => "cand-" + RunId[..CandidateDigits];

    /// <summary>The identity of a run over these bytes for this target.</summary>
    public static LaneIdentity Of(
        ReadOnlySpan<byte> signals, ReadOnlySpan<byte> strategyConfig, ReadOnlySpan<byte> gatePolicy, string promotionTarget)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(signals);
        hash.AppendData(strategyConfig);
        hash.AppendData(gatePolicy);
        hash.AppendData(Encoding.UTF8.GetBytes(promotionTarget));
        return new LaneIdentity(Sha256Hash.Of(hash).Id);
    }
}
