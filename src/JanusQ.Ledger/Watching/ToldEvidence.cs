using System.Numerics;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Watching;

/// <summary>What the gate inputs of a decision say of its Janus evidence.</summary>
/// <param name="Events">Its events.</param>
/// <param name="Rewards">Its rewards.</param>
/// <param name="IsComplete">Whether it is complete.</param>
public sealed record ToldEvidence(long Events, long Rewards, bool IsComplete)
{
    /// <summary>A decision that rests on no Janus evidence.</summary>
    public static readonly ToldEvidence None = new(0, 0, false);

    /// <summary>The evidence in the gate inputs; <see cref="None"/> where they hold none.</summary>
    /// <param name="gateInputs">The bytes of the document.</param>
    internal static ToldEvidence Of(byte[] gateInputs)
    {
        var evidence = (JsonValue.Read(gateInputs) as JsonObject)?["profitability_evidence"] as JsonObject;
        return evidence?["janus_q"] is not JsonObject janus
            ? None
            : new ToldEvidence(
                CountOf(janus, "event_car", "event_count"),
                CountOf(janus, "hgrm_reward", "reward_count"),
                janus["evidence_complete"] is JsonBoolean { Value: true });
    }

    private static long CountOf(JsonObject janus, string block, string member) =>
        (janus[block] as JsonObject)?[member] is JsonInteger count ? (long)BigInteger.Clamp(count.Value, 0, long.MaxValue) : 0;
}
