using System.Buffers.Binary;
using Marten;

namespace JanusQ.Ledger.Store;

/// <summary>
/// Gives every event an id that begins with the time at which it was appended (UUID version 7, RFC 9562 section 5.7), just before a session
/// is saved. What was appended together then stands together in the indexes of ids, of the events and of the log alike; a random id
/// touches a page of its own, which PostgreSQL writes whole after every checkpoint. The ids of one session count up from one that is random
/// (section 6.2, method 2), so that they stand in the order of the events and randomness is asked for once.
/// </summary>
/// <param name="clock">Where "now" comes from.</param>
internal sealed class TimeOrderedEventIds(TimeProvider clock) : DocumentSessionListenerBase
{
    // The two bits that say which kind of id it is; the 62 below count.
    private const ulong Variant = 0xC000_0000_0000_0000;

    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        Span<byte> id = stackalloc byte[16];
        Guid.CreateVersion7(clock.GetUtcNow()).TryWriteBytes(id, bigEndian: true, out _);
        var last = BinaryPrimitives.ReadUInt64BigEndian(id[8..]);
        foreach (var stream in session.PendingChanges.Streams())
        {
            foreach (var appended in stream.Events)
            {
                appended.Id = new Guid(id, bigEndian: true);
                last = (last & Variant) | ((last + 1) & ~Variant);
                BinaryPrimitives.WriteUInt64BigEndian(id[8..], last);
            }
        }

        return Task.CompletedTask;
    }
}
