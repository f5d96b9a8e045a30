using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Safety;

/// <summary>How safety controls are written as documents: the same for the command line and the server, and stable.</summary>
public static class SafetyDocument
{
    /// <summary>The latest rehearsal of each check.</summary>
    public static JsonObject Drills(SafetyControls controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        return JsonObject.Of(
            ("drills", new JsonArray(controls.Drills.Select(drill => drill.ToJson()))), ("version", controls.StreamVersion));
    }

    /// <summary>Everything about them.</summary>
    public static JsonObject Of(SafetyControls controls) =>
        KillSwitch(controls).With("drills", new JsonArray(controls.Drills.Select(drill => (JsonValue)drill.ToJson())));

    /// <summary>The kill switch.</summary>
    public static JsonObject KillSwitch(SafetyControls controls)
    {
        ArgumentNullException.ThrowIfNull(controls);
        return JsonObject.Of(
            ("engaged", controls.KillSwitch is not null),
            ("kill_switch", controls.KillSwitch is { } engaged ? engaged.ToJson() : JsonValue.Null),
            ("version", controls.StreamVersion));
    }
}
