using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Takes the hash of a leaf, and the documents that an event names, from its row as it comes over the wire: what
/// <see cref="LeafReader"/> does, except that this goes on, with a finding, where that one stops.
/// </summary>
internal sealed class EventLeaf(AuditFindings findings)
{
    /// <summary>The columns, of the table under the name <c>e</c>.</summary>
    public const string Columns = $"{EventRow.Columns}, e.is_archived";

    /// <summary>Number of the columns.</summary>
    public const int Fields = EventRow.Fields + 1;

    private const byte JsonbVersion = 1;

    /// <summary>The instant from which PostgreSQL counts, in microseconds of <see cref="Instant"/>.</summary>
    private static readonly long Epoch = Instant.Of(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)).Micros;

    private static readonly long LatestMicros = Instant.Of(DateTimeOffset.MaxValue).Micros;

    private readonly EventData _data = new();
    private readonly ByteBuffer _leaf = new(512);
    private readonly List<ContentReference> _references = [];

    /// <summary>The documents that the event read last names.</summary>
    public IReadOnlyList<ContentReference> References => _references;

    /// <summary>Reads a row.</summary>
    /// <param name="row">The reader, which stands on it.</param>
    /// <param name="at">Which event it is.</param>
    /// <param name="hash">The hash of its leaf.</param>
    /// <returns>False, with a finding, where the row gives no leaf.</returns>
    public bool TryRead(CopyRows row, out EventPlace at, out Sha256Hash hash)
    {
        at = new EventPlace(row.Guid(1), row.Int64(0), row.Text(2), row.Int64(3));
        hash = default;
        _references.Clear();
        if (row.Boolean(10))
        {
            findings.Add(
                new AuditFinding(AuditCheck.Completeness, AuditCodes.EventHidden, "an event that is not archived", "one that is")
                {
                    At = at,
                });
        }

        try
        {
            var type = row.Text(4);
            if (row.Boolean(9)) return Unreadable(at, "its data are no JSON");
            var (start, length) = row.Range(7);
            if (length < 1 || row.Buffer[start] != JsonbVersion) return Unreadable(at, "its data are no jsonb of a version that is known");
            var data = _data.HashOf(row.Buffer, start + 1, length - 1);
            Compare(row, at, type, data);
            ContentReferences.Read(type, _data.Root, _references);
            var micros = Epoch + row.Int64(5);
            if (micros < 0 || micros > LatestMicros) return Unreadable(at, "its time stamp is outside the calendar");
            var timestamp = Instant.Of(new DateTimeOffset(micros * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero));
            var happened = new EventRow(at.Sequence, at.Id, at.Stream, at.Version, type, timestamp, row.Text(6));
            _leaf.Clear();
            if (!happened.TryAppendLeaf(data, _leaf, out var refusal)) return Unreadable(at, refusal.Explanation);
            hash = MerkleHash.Leaf(_leaf.Written);
            return true;
        }
        catch (Exception failure) when (failure is JsonRejectedException or FormatException or ArgumentException)
        {
            return Unreadable(at, failure.Message);
        }
    }

    private void Compare(CopyRows row, EventPlace at, string type, in Sha256Hash data)
    {
        if (row.IsNull(8) && !EventRow.KeepsDataHash(type)) return;
        Span<byte> hex = stackalloc byte[Sha256Hash.Size * 2];
        Convert.TryToHexStringLower(data.Bytes, hex, out _);
        if (row.Bytes(8).SequenceEqual(hex)) return;
        findings.Add(new AuditFinding(
            AuditCheck.Log,
            AuditCodes.EventDataAltered,
            row.IsNull(8) ? "the hash of its data kept with it" : $"data that hash to {row.Text(8)}, as was kept when it was appended",
            $"data that hash to {data}")
        { At = at });
    }

    private bool Unreadable(EventPlace at, string why)
    {
        findings.Add(new AuditFinding(AuditCheck.Log, AuditCodes.EventUnreadable, "an event", why) { At = at });
        return false;
    }
}
