using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Audit;

/// <summary>A stored document that an event names.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Size">Its size in bytes, where the event says it; else -1.</param>
public readonly record struct ContentReference(Sha256Hash Sha256, long Size);

/// <summary>The stored documents that events name (ledger.md section 3: a hash in an event always resolves).</summary>
public static class ContentReferences
{
    /// <summary>Size of a document of which the event says none.</summary>
    public const long NoSize = -1;

    /// <summary>Reads the documents that an event names.</summary>
    /// <param name="type">The stored name of the event's type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="found">Takes them.</param>
    public static void Read(string type, JsonNode data, ICollection<ContentReference> found)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(found);
        switch (type)
        {
            case "artifact_emitted":
                Add(data["sha256"u8], data["size"u8], found);
                break;
            case "lane_run_started":
                Add(data["signals_sha256"u8], found);
                Add(data["strategy_config_sha256"u8], found);
                Add(data["gate_policy_sha256"u8], found);
                var documents = data["documents"u8];
                Add(documents["strategy_configmap"u8], found);
                Add(documents["forecast_metrics"u8], found);
                Add(documents["rollback_readiness"u8], found);
                Add(documents["tca_metrics"u8], found);
                Add(documents["llm_metrics"u8], found);
                Add(documents["drift_evidence"u8], found);
                break;
            case "gate_matrix_evaluated":
                Add(data["policy_sha256"u8], found);
                Add(data["gate_inputs_sha256"u8], found);
                break;
            case "promotion_decided":
                Add(data["policy_sha256"u8], found);
                Add(data["gate_inputs_sha256"u8], found);
                Add(data["gate_report_sha256"u8], found);
                break;
            case "policy_published":
                Add(data["policy_sha256"u8], found);
                break;
            case "drill_recorded":
                Add(data["evidence_sha256"u8], found);
                break;
        }
    }

    private static void Add(JsonNode hash, ICollection<ContentReference> found) => Add(hash, default, found);

    private static void Add(JsonNode hash, JsonNode size, ICollection<ContentReference> found)
    {
        if (!hash.IsText || !Sha256Hash.TryParse(hash.Text, out var sha256)) return;
        var bytes = size.IsGiven && size.Kind == JsonKind.Integer
            && long.TryParse(size.Token, System.Globalization.NumberStyles.None, null, out var number) ? number : NoSize;
        found.Add(new ContentReference(sha256, bytes));
    }
}
