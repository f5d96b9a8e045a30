using System.Threading.Channels;
using JanusQ.Ledger.Access;

namespace JanusQ.Ledger.Server.Refusals;

/// <summary>Whose refused requests wait together.</summary>
internal enum RefusedKind
{
    /// <summary>Callers who are authenticated.</summary>
    Known,

    /// <summary>Everybody else.</summary>
    Unknown,

    /// <summary>Whoever asks too often or for too much at once (429).</summary>
    TooMany,
}

/// <summary>
/// Entries that wait for being written down: each kind in a queue of its own, from which they are taken in turn. So a flood displaces its
/// own kind and no other: what a caller does whose key was stolen is not lost in the noise that somebody makes without one.
/// </summary>
/// <param name="most">Entries of one kind at most.</param>
internal sealed class WaitingEntries(int most)
{
    private readonly Lock _adding = new();
    private readonly Queue<SecurityEntry>[] _queues = [.. Enum.GetValues<RefusedKind>().Select(_ => new Queue<SecurityEntry>())];
    private readonly Channel<bool> _some = Channel.CreateBounded<bool>(1);
    private bool _hasEnded;

    /// <summary>The kind of an entry.</summary>
    public static RefusedKind KindOf(SecurityEntry entry) =>
        entry.Status == StatusCodes.Status429TooManyRequests ? RefusedKind.TooMany
        : entry.Actor is null ? RefusedKind.Unknown
        : RefusedKind.Known;

    /// <summary>Adds an entry; false where too many of its kind wait, or nothing is taken any more.</summary>
    public bool TryAdd(SecurityEntry entry)
    {
        lock (_adding)
        {
            var queue = _queues[(int)KindOf(entry)];
            if (_hasEnded || queue.Count >= most) return false;
            queue.Enqueue(entry);
        }

        _some.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Takes entries out, as many of each kind as of the others where there are as many; in the order of their time.</summary>
    public IReadOnlyList<SecurityEntry> Take(int count)
    {
        var taken = new List<SecurityEntry>(count);
        lock (_adding)
        {
            while (taken.Count < count && _queues.Any(queue => queue.Count > 0))
            {
                foreach (var queue in _queues)
                    if (taken.Count < count && queue.TryDequeue(out var entry)) taken.Add(entry);
            }
        }

        return [.. taken.OrderBy(one => one.RefusedAt)];
    }

    /// <summary>Waits until there may be some; false where none will come any more.</summary>
    public async Task<bool> WaitAsync()
    {
        if (!await _some.Reader.WaitToReadAsync().ConfigureAwait(false)) return false;
        _some.Reader.TryRead(out _);
        return true;
    }

    /// <summary>Takes no more in; what waits can still be taken out.</summary>
    public void End()
    {
        lock (_adding) _hasEnded = true;
        _some.Writer.TryComplete();
    }
}
