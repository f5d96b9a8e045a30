using System.Diagnostics.Metrics;
using JanusQ.Ledger.Watching;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>What only a server tells, through the meter of the ledger. Every tag has values from a closed list.</summary>
internal static class ServerTelemetry
{
    private static readonly Meter Meter = new(LedgerTelemetry.Name);

    private static readonly Counter<long> DroppedRefusals = Meter.CreateCounter<long>(
        "janus_security_log_dropped_total",
        null,
        "Refused requests that the security log has not taken, by whose they were: known, unknown, too_many.");

    /// <summary>Tells of entries that the security log lacks; of none, so that it is told from the start.</summary>
    public static void RefusalsDropped(string kind, long count) =>
        DroppedRefusals.Add(count, new KeyValuePair<string, object?>("kind", kind));
}
