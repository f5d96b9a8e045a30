using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Audit;

/// <summary>A stored document that an event names.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Size">Its size in bytes, where the event says it; else <see cref="ContentReferences.NoSize"/>.</param>
/// <param name="IsRequired">
/// Whether the ledger holds it whenever it holds the event. Inputs of a run are named before anybody hands them in.
/// </param>
public readonly record struct ContentReference(Sha256Hash Sha256, long Size, bool IsRequired);

/// <summary>The stored documents that events name (ledger.md section 3: a hash in an event always resolves).</summary>
public static class ContentReferences
{
    /// <summary>Size of a document of which the event says none.</summary>
    public const long NoSize = -1;

    private const string VersionMark = ".v";

    private static readonly Dictionary<string, Member[]> Members = new(StringComparer.Ordinal)
    {
        ["artifact_emitted"] = [new("sha256", true, "size")],
        ["lane_run_started"] =
        [
            new("signals_sha256", false), new("strategy_config_sha256", false), new("gate_policy_sha256", false),
            new("documents.strategy_configmap", false), new("documents.forecast_metrics", false),
            new("documents.rollback_readiness", false),
            new("documents.tca_metrics", false), new("documents.llm_metrics", false), new("documents.drift_evidence", false),
        ],
        ["gate_matrix_evaluated"] = [new("policy_sha256", true), new("gate_inputs_sha256", true)],
        ["promotion_decided"] = [new("policy_sha256", true), new("gate_inputs_sha256", true), new("gate_report_sha256", true)],
        ["policy_published"] = [new("policy_sha256", true)],
        ["drill_recorded"] = [new("evidence_sha256", false)],
    };

    /// <summary>Whether events of a type can name documents at all.</summary>
    /// <param name="type">The event's stored name, of whatever schema version.</param>
    public static bool HasAny(string type) => Members.ContainsKey(WithoutVersion(type));

    /// <summary>
    /// Reads the documents that an event names, in a fixed order. A member that is not there, or is no hash, names nothing.
    /// </summary>
    /// <param name="type">The event's stored name, of whatever schema version.</param>
    /// <param name="data">Its data.</param>
    /// <param name="found">Takes them.</param>
    public static void Read(string type, JsonNode data, ICollection<ContentReference> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (!Members.TryGetValue(WithoutVersion(type), out var members)) return;
        foreach (var member in members)
        {
            var node = data;
            foreach (var name in member.Path) node = node[name];
            if (node.IsText && Sha256Hash.TryParse(node.Text, out var sha256))
                found.Add(new ContentReference(sha256, SizeOf(data, member), member.IsRequired));
        }
    }

    private static long SizeOf(JsonNode data, Member member) =>
        member.Size is { } name && data[name] is { IsGiven: true, Kind: JsonKind.Integer } size
            && long.TryParse(size.Token, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : NoSize;

    private static string WithoutVersion(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.LastIndexOf(VersionMark, StringComparison.Ordinal) is var mark and > 0 ? type[..mark] : type;
    }

    /// <summary>A member of an event's data that names a document.</summary>
    private sealed class Member(string path, bool isRequired, string? size = null)
    {
        public byte[][] Path { get; } = [.. path.Split('.').Select(Encoding.UTF8.GetBytes)];

        public byte[]? Size { get; } = size is null ? null : Encoding.UTF8.GetBytes(size);

        public bool IsRequired { get; } = isRequired;
    }
}
