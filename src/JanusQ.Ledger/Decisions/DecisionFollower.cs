using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JanusQ.Ledger.Core;

namespace JanusQ.Ledger.Decisions;

/// <summary>What one who follows the decisions hears: a decision, or only how far the feed is.</summary>
/// <param name="Sequence">Everything up to it was heard: who resumes behind it misses nothing and hears nothing twice.</param>
/// <param name="Decision">The decision; none where only the time has come to say something.</param>
public sealed record FeedItem(long Sequence, MadeDecision? Decision);

/// <summary>One who follows the decisions, and counts among those who may until it is disposed of.</summary>
public sealed class DecisionFollower : IAsyncDisposable
{
    private readonly DecisionFeed _feed;
    private readonly long? _after;
    private Channel<MadeDecision>? _waiting;
    private int _left;

    internal DecisionFollower(DecisionFeed feed, long? after)
    {
        _feed = feed;
        _after = after;
    }

    /// <summary>
    /// Everything from the beginning on, for as long as it keeps up with the feed. Begins with where it begins; says how far it is whenever
    /// nothing was decided for a while.
    /// </summary>
    /// <exception cref="RefusedException">
    /// <c>sequence_ahead</c>: the ledger has not come as far as the sequence to begin behind, so this is not the one that gave it.
    /// </exception>
    public async IAsyncEnumerable<FeedItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var settled = await _feed.SettleAsync(cancellation);
        if (_after > settled) throw Ahead(_after.Value, settled);
        var position = _after ?? settled;
        yield return new FeedItem(position, null);

        // Read before anything is handed over, however much it is: nothing waits in memory meanwhile.
        await foreach (var made in RecordedAsync(position, settled, cancellation))
            yield return new FeedItem(position = made.Recorded.Sequence, made);
        (_waiting, var from) = _feed.Join(settled);
        await foreach (var made in RecordedAsync(Math.Max(position, settled), from, cancellation))
            yield return new FeedItem(position = made.Recorded.Sequence, made);
        Task<bool>? next = null;
        while (true)
        {
            while (_waiting.Reader.TryRead(out var made))
                if (made.Recorded.Sequence > position) yield return new FeedItem(position = made.Recorded.Sequence, made);
            next ??= _waiting.Reader.WaitToReadAsync(cancellation).AsTask();
            if (await IsInTimeAsync(next, cancellation))
            {
                if (!await next) yield break;
                next = null;
                continue;
            }

            // Taken before it is looked whether anything waits: the mark goes on only once everything up to it is handed over, or whoever
            // did not get it is let go.
            var mark = _feed.Mark;
            if (_waiting.Reader.TryPeek(out _) || _waiting.Reader.Completion.IsCompleted) continue;
            position = Math.Max(position, mark);
            yield return new FeedItem(position, null);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) _feed.Leave(_waiting);
        return ValueTask.CompletedTask;
    }

    // Believed, it would be told that it is complete, and hear nothing of what is decided until the ledger has come that far.
    private static RefusedException Ahead(long after, long settled) => new(
        new Refusal("sequence_ahead", $"The ledger has {settled} events that are settled: nothing can be heard behind {after}.")
            .With("after", after).With("last", settled));

    private async Task<bool> IsInTimeAsync(Task<bool> next, CancellationToken cancellation)
    {
        if (next.IsCompleted) return true;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(next, Task.Delay(_feed.Options.HeartbeatInterval, ending.Token));
        await ending.CancelAsync();
        return first == next;
    }

    private async IAsyncEnumerable<MadeDecision> RecordedAsync(
        long after, long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var page = await _feed.ReadAsync(after, upTo, cancellation);
            foreach (var made in page) yield return made;
            if (DecisionFeed.IsLast(page)) yield break;
            after = page[^1].Recorded.Sequence;
        }
    }
}
