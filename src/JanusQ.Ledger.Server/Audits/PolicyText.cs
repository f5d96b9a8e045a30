using System.Text;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Server.Audits;

/// <summary>A C2SP tlog-policy that a request holds.</summary>
internal static class PolicyText
{
    /// <summary>Reads it.</summary>
    /// <exception cref="RefusedException"><c>log_policy_malformed</c></exception>
    public static WitnessPolicy Read(string text) =>
        WitnessPolicy.TryParse(Encoding.UTF8.GetBytes(text), out var policy, out var refusal)
            ? policy
            : throw new RefusedException(refusal);
}
