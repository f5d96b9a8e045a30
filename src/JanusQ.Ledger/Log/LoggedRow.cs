using System.Data.Common;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Log;

/// <summary>Which event a row is.</summary>
/// <param name="Sequence">Its sequence in the store.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct LoggedRow(long Sequence, Guid Id);

/// <summary>
/// Makes leaves of the rows of events (audit.md section 3): everything in a leaf is read from the row, and the hash of the data is taken
/// anew and compared with the one that was kept when the event was appended.
/// </summary>
/// <remarks>Not safe for use by several threads at once: it reuses its buffers.</remarks>
internal sealed class LeafReader
{
    private readonly EventData _data = new();
    private readonly ByteBuffer _leaf = new(512);

    /// <summary>The bytes of the leaf that was made last. Valid until the next one is made.</summary>
    public ReadOnlySpan<byte> Leaf => _leaf.Written;

    /// <summary>The canonical JSON of the data of the event whose leaf was made last. Valid until the next one is made.</summary>
    public ReadOnlySpan<byte> Data => _data.Canonical;

    /// <summary>Makes the leaf of the row that a reader stands on.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="at">The position of the first of the <see cref="EventRow.Columns"/>.</param>
    /// <returns>Which event it is; its leaf is in <see cref="Leaf"/>.</returns>
    /// <exception cref="LogStoppedException">
    /// <c>log_event_altered</c> or <c>log_event_unreadable</c>.
    /// </exception>
    public LoggedRow Read(DbDataReader reader, int at = 0)
    {
        var row = new LoggedRow(reader.GetInt64(at), reader.GetGuid(at + 1));
        try
        {
            if (reader.GetBoolean(at + 9))
                throw LogRefusals.StopAt(LogRefusals.EventUnreadable, row.Sequence, row.Id, "its data are no JSON.");
            var type = reader.GetString(at + 4);
            var data = _data.HashOf(reader.GetFieldValue<byte[]>(at + 7));
            Compare(row, type, reader.IsDBNull(at + 8) ? null : reader.GetString(at + 8), data);
            var happened = new EventRow(
                row.Sequence,
                row.Id,
                reader.GetString(at + 2),
                reader.GetInt64(at + 3),
                type,
                Instant.Of(reader.GetFieldValue<DateTimeOffset>(at + 5)),
                reader.IsDBNull(at + 6) ? "" : reader.GetString(at + 6));
            _leaf.Clear();
            if (!happened.TryAppendLeaf(data, _leaf, out var refusal))
                throw LogRefusals.StopAt(LogRefusals.EventUnreadable, row.Sequence, row.Id, refusal.Explanation);
            return row;
        }
        catch (Exception failure) when (failure is JsonRejectedException or FormatException or InvalidCastException or ArgumentException)
        {
            throw LogRefusals.StopAt(LogRefusals.EventUnreadable, row.Sequence, row.Id, failure.Message, failure);
        }
    }

    private static void Compare(LoggedRow row, string type, string? kept, in Sha256Hash found)
    {
        if (kept is null && !EventRow.KeepsDataHash(type)) return;
        if (!Sha256Hash.TryParse(kept, out var hash))
            throw LogRefusals.StopAt(LogRefusals.EventAltered, row.Sequence, row.Id, "the hash of its data is not kept with it.");
        if (hash != found) throw LogRefusals.Altered(row, hash, found);
    }
}
