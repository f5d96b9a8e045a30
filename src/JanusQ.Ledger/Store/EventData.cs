using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using Marten;

namespace JanusQ.Ledger.Store;

/// <summary>
/// The hash that is kept with every event: SHA-256 of the canonical JSON of its data (audit.md section 3). It is taken of the very text
/// that is sent to the database, and can be taken again of the row, because what is written here has the same canonical form after it
/// went through <c>jsonb</c>.
/// </summary>
/// <remarks>Not safe for use by several threads at once: it reuses its buffers.</remarks>
public sealed class EventData
{
    private readonly JsonTape _tape = new();
    private readonly ByteBuffer _canonical = new(1024);
    private byte[] _utf8 = new byte[1024];

    /// <summary>The canonical JSON of the data that were hashed last. Valid until the next are.</summary>
    public ReadOnlySpan<byte> Canonical => _canonical.Written;

    /// <summary>The hash of an event's data.</summary>
    /// <param name="json">The data as JSON text: as it is sent to the database, or as the row gives it back.</param>
    /// <exception cref="JsonRejectedException">The text is no JSON that the ledger writes.</exception>
    public Sha256Hash HashOf(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var most = Encoding.UTF8.GetMaxByteCount(json.Length);
        if (_utf8.Length < most) _utf8 = new byte[most];
        return HashOf(_utf8, 0, Encoding.UTF8.GetBytes(json, _utf8));
    }

    /// <summary>The hash of an event's data.</summary>
    /// <param name="utf8">The data as JSON in UTF-8.</param>
    /// <exception cref="JsonRejectedException">They are no JSON that the ledger writes.</exception>
    public Sha256Hash HashOf(byte[] utf8)
    {
        ArgumentNullException.ThrowIfNull(utf8);
        return HashOf(utf8, 0, utf8.Length);
    }

    /// <summary>The data that were hashed last, read. Valid until the next are.</summary>
    internal JsonNode Root => _tape.Root;

    internal Sha256Hash HashOf(ReadOnlyMemory<byte> utf8) => MemoryMarshal.TryGetArray(utf8, out var segment)
        ? HashOf(segment.Array!, segment.Offset, segment.Count)
        : HashOf(utf8.ToArray());

    /// <summary>The hash of an event's data that stand somewhere in a buffer.</summary>
    /// <exception cref="JsonRejectedException">They are no JSON that the ledger writes.</exception>
    internal Sha256Hash HashOf(byte[] buffer, int start, int length)
    {
        _tape.ReadDocument(buffer, start, length);
        _canonical.Clear();
        _tape.Root.AppendCanonical(_canonical);
        return Sha256Hash.Of(_canonical.Written);
    }
}

/// <summary>
/// Puts the hash of its data on every event, just before a session is saved: whoever appends, and by whichever way, cannot leave it out.
/// </summary>
internal sealed class HashesEventData : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        var serializer = session.DocumentStore.Options.Serializer();
        var written = new ArrayBufferWriter<byte>(1024);
        EventData? data = null;
        foreach (var stream in session.PendingChanges.Streams())
        {
            foreach (var appended in stream.Events)
            {
                written.ResetWrittenCount();
                serializer.WriteTo(written, appended.Data);
                data ??= new EventData();
                appended.SetHeader(LedgerStore.DataHashHeader, data.HashOf(written.WrittenMemory).ToString());
            }
        }

        return Task.CompletedTask;
    }
}
