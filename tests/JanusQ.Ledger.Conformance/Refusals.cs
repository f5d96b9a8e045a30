using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Conformance;

/// <summary>How the vectors of gates and policy write an error.</summary>
internal static class Refusals
{
    /// <summary>The answer, or the error with all members of its refusal.</summary>
    public static JsonValue OrAnswer(Func<JsonValue> answer)
    {
        try
        {
            return answer();
        }
        catch (RefusedException refused)
        {
            return JsonObject.Of(("error", refused.Refusal.ToJson()));
        }
    }
}
