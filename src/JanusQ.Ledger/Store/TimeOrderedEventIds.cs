using Marten;

namespace JanusQ.Ledger.Store;

/// <summary>
/// Gives every event an id that begins with the time at which it was appended (UUID version 7, RFC 9562 section 5.7), just before a session
/// is saved. What was appended together then stands together in the indexes of ids, of the events and of the log alike; a random id
/// touches a page of its own, which PostgreSQL writes whole after every checkpoint.
/// </summary>
/// <param name="clock">Where "now" comes from.</param>
internal sealed class TimeOrderedEventIds(TimeProvider clock) : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        var now = clock.GetUtcNow();
        foreach (var stream in session.PendingChanges.Streams())
            foreach (var appended in stream.Events) appended.Id = Guid.CreateVersion7(now);
        return Task.CompletedTask;
    }
}
