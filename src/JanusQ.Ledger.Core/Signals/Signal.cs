using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Signals;

/// <summary>One checked signal (artifacts.md section 5).</summary>
public sealed class Signal
{
    /// <summary>Zero-based position in the document.</summary>
    public int Index { get; internal set; }

    /// <summary>When it happened, <c>event_ts</c>.</summary>
    public required Instant EventTime { get; init; }

    /// <summary>When it was taken in, <c>ingest_ts</c>, if given.</summary>
    public Instant? IngestTime { get; init; }

    /// <summary>The symbol as it is.</summary>
    public required CanonicalText Symbol { get; init; }

    /// <summary>The timeframe, null for none.</summary>
    public CanonicalText? Timeframe { get; init; }

    /// <summary>The source as given, null for none.</summary>
    public CanonicalText? Source { get; init; }

    /// <summary>The sequence number as given, null for none.</summary>
    public long? Sequence { get; init; }

    /// <summary>The price of section 5.2: null where no source offers one, which the artifacts read as 0.</summary>
    public Decimal28? Price { get; init; }

    /// <summary>The event type of section 5.3.</summary>
    public required CanonicalText EventType { get; init; }

    /// <summary>The payload in canonical form; <c>{}</c> where there is none.</summary>
    public required ReadOnlyMemory<byte> CanonicalPayload { get; init; }

    /// <summary>The sequence number for sorting and for artifacts: none counts as 0.</summary>
    public long SequenceOrZero => Sequence ?? 0;
}
