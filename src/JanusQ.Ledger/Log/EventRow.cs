using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Log;

/// <summary>What the row of an event says besides its data, in whichever way the row is read.</summary>
/// <param name="Sequence">Its sequence in the store.</param>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Key of its stream.</param>
/// <param name="Version">Its position in the stream.</param>
/// <param name="Type">The name under which it is stored.</param>
/// <param name="Timestamp">When the store took it.</param>
/// <param name="Actor">Who did it; nobody where nobody is named, which the ledger's own commands never append.</param>
internal readonly record struct EventRow(
    long Sequence, Guid Id, string Stream, long Version, string Type, Instant Timestamp, string Actor)
{
    /// <summary>The columns that a leaf is made of, of the table under the name <c>e</c>.</summary>
    public const string Columns =
        $"e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp, e.user_name, e.data, e.headers ->> '{LedgerStore.DataHashHeader}', "
        + "e.bdata is not null";

    /// <summary>Number of the columns.</summary>
    public const int Fields = 10;

    private const string Tombstone = "tombstone";

    /// <summary>
    /// Whether the hash of its data was kept with an event of a type: a tombstone stands for a number that was drawn and not used, and
    /// nobody computed anything for it.
    /// </summary>
    public static bool KeepsDataHash(string type) => type != Tombstone;

    /// <summary>Appends the bytes of the event's leaf (audit.md section 3).</summary>
    /// <param name="data">The hash of its data, taken anew.</param>
    /// <param name="target">Takes them; nothing of a leaf that is refused stays in it.</param>
    /// <param name="refusal">As <see cref="LogLeaf.TryAppend"/> refuses.</param>
    public bool TryAppendLeaf(in Sha256Hash data, ByteBuffer target, [NotNullWhen(false)] out Refusal? refusal) => new LogLeaf
    {
        Id = Id,
        Stream = Stream,
        Version = Version,
        Sequence = Sequence,
        Type = Type,
        SchemaVersion = EventNames.SchemaVersionOf(Type),
        Timestamp = Timestamp,
        Actor = Actor,
        DataSha256 = data,
    }.TryAppend(target, out refusal);
}
