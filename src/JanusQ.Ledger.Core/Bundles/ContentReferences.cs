using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Bundles;

/// <summary>A document that an event names.</summary>
/// <param name="Member">Where the event names it, for instance <c>documents.forecast_metrics</c>.</param>
/// <param name="Sha256">The document.</param>
/// <param name="IsRequired">
/// Whether the ledger holds it whenever it holds the event. Inputs of a run are named before anybody hands them in.
/// </param>
public readonly record struct ContentReference(string Member, Sha256Hash Sha256, bool IsRequired);

/// <summary>Which documents an event names (ledger.md section 3).</summary>
public static class ContentReferences
{
    private const string VersionMark = ".v";

    private static readonly Dictionary<string, (string[] Required, string[] Optional)> Members = new(StringComparer.Ordinal)
    {
        ["artifact_emitted"] = (["sha256"], []),
        ["lane_run_started"] = ([],
        [
            "signals_sha256", "strategy_config_sha256", "gate_policy_sha256", "documents.strategy_configmap", "documents.forecast_metrics",
            "documents.rollback_readiness", "documents.tca_metrics", "documents.llm_metrics", "documents.drift_evidence",
        ]),
        ["gate_matrix_evaluated"] = (["policy_sha256", "gate_inputs_sha256"], []),
        ["promotion_decided"] = (["policy_sha256", "gate_inputs_sha256", "gate_report_sha256"], []),
        ["policy_published"] = (["policy_sha256"], []),
        ["drill_recorded"] = ([], ["evidence_sha256"]),
    };

    /// <summary>Whether events of a type can name documents at all.</summary>
    public static bool HasAny(string type) => Members.ContainsKey(WithoutVersion(type));

    /// <summary>The documents that an event names, in a fixed order. A member that is not there, or is no hash, names nothing.</summary>
    /// <param name="type">The event's stored name.</param>
    /// <param name="data">Its data.</param>
    public static IEnumerable<ContentReference> Of(string type, JsonObject data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!Members.TryGetValue(WithoutVersion(type), out var members)) yield break;
        foreach (var member in members.Required)
            if (Find(data, member) is { } sha256) yield return new ContentReference(member, sha256, true);
        foreach (var member in members.Optional)
            if (Find(data, member) is { } sha256) yield return new ContentReference(member, sha256, false);
    }

    private static string WithoutVersion(string type) =>
        type.LastIndexOf(VersionMark, StringComparison.Ordinal) is var mark and > 0 ? type[..mark] : type;

    private static Sha256Hash? Find(JsonObject data, string member)
    {
        JsonValue? value = data;
        foreach (var name in member.Split('.')) value = (value as JsonObject)?[name];
        return Sha256Hash.TryParse((value as JsonText)?.Value, out var sha256) ? sha256 : null;
    }
}
