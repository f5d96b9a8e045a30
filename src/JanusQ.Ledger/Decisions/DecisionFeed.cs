using System.Threading.Channels;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanusQ.Ledger.Decisions;

/// <summary>A decision as it was recorded.</summary>
/// <param name="CandidateId">The candidate.</param>
/// <param name="Recorded">The event <c>promotion_decided</c>.</param>
public sealed record MadeDecision(string CandidateId, RecordedEvent Recorded)
{
    /// <summary>The decision as a document: the candidate, then the event as in its history.</summary>
    public JsonObject ToJson() => new([new("candidate_id", CandidateId), .. Recorded.ToJson().Members]);
}

/// <summary>
/// Hands decisions out as they are made, each once, in the order of their sequences and without a gap. One task looks for new ones, on
/// behalf of all who follow, and only while somebody does. It goes only as far as nobody can add an event any more: see
/// <see cref="NumberGap"/>.
/// </summary>
public sealed partial class DecisionFeed : IAsyncDisposable
{
    private const int DecisionsAtATime = 200;

    private static readonly string[] Decided =
        [.. EventNames.All.Where(name => name.Type == typeof(PromotionDecided)).Select(name => name.Name)];

    private readonly IDocumentStore _store;
    private readonly SettledEvents _settled;
    private readonly ILogger<DecisionFeed> _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Channel<MadeDecision>> _waiting = [];
    private Task? _poller;
    private long _mark;
    private int _followers;

    /// <summary>A feed that nobody follows yet.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="settled">How far the ledger is settled.</param>
    /// <param name="options">How it hands out.</param>
    /// <param name="logger">Hears of trouble.</param>
    public DecisionFeed(IDocumentStore store, SettledEvents settled, LedgerOptions options, ILogger<DecisionFeed> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _store = store;
        _settled = settled;
        Options = options.Feed;
        _logger = logger;
    }

    /// <summary>How it hands out.</summary>
    public DecisionFeedOptions Options { get; }

    /// <summary>How many follow.</summary>
    public int Followers => Volatile.Read(ref _followers);

    /// <summary>Follows the decisions behind a sequence, those that were made before and those that will be.</summary>
    /// <param name="after">The sequence; none for what is made from now on.</param>
    /// <exception cref="RefusedException"><c>too_many_followers</c>.</exception>
    public DecisionFollower Follow(long? after)
    {
        if (Interlocked.Increment(ref _followers) <= Options.MostFollowers) return new DecisionFollower(this, after);
        Interlocked.Decrement(ref _followers);
        throw new RefusedException(
            new Refusal("too_many_followers", $"At most {Options.MostFollowers} may follow the decisions at once; try again later.")
                .With("limit", Options.MostFollowers));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Task? poller;
        lock (_lock) poller = _poller;
        await _ending.CancelAsync();
        if (poller is not null) await poller;
        _ending.Dispose();
    }

    /// <summary>The sequence up to which everything was handed to those who wait.</summary>
    internal long Mark
    {
        get
        {
            lock (_lock) return _mark;
        }
    }

    /// <summary>A sequence up to which everything that there will ever be can be read now.</summary>
    internal Task<long> SettleAsync(CancellationToken cancellation) => _settled.WaitAsync(Options.GapInterval, cancellation);

    /// <summary>The next decisions behind a sequence up to another, in order; fewer than a page only where there are no more.</summary>
    internal async Task<IReadOnlyList<MadeDecision>> ReadAsync(long after, long upTo, CancellationToken cancellation)
    {
        if (after >= upTo) return [];
        await using var session = _store.QuerySession();
        var events = await session.Events.QueryAllRawEvents()
            .Where(e => e.Sequence > after && e.Sequence <= upTo && e.EventTypeName.IsOneOf(Decided))
            .OrderBy(e => e.Sequence).Take(DecisionsAtATime).ToListAsync(cancellation);
        return [.. events.Select(e => new MadeDecision(CandidateIdentity.CandidateOfStream(e.StreamKey!), RecordedEvent.Of(e)))];
    }

    /// <summary>Whether a page of <see cref="ReadAsync"/> was the last.</summary>
    internal static bool IsLast(IReadOnlyList<MadeDecision> page) => page.Count < DecisionsAtATime;

    /// <summary>Has decisions handed to somebody from now on.</summary>
    /// <param name="settled">A sequence that <see cref="SettleAsync"/> gave.</param>
    /// <returns>Where they are handed to, and the sequence behind which they begin.</returns>
    internal (Channel<MadeDecision> Waiting, long From) Join(long settled)
    {
        var waiting = Channel.CreateBounded<MadeDecision>(
            new BoundedChannelOptions(Options.MostWaiting) { SingleReader = true, SingleWriter = true });
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, this);
            if (_poller is null)
            {
                _mark = Math.Max(_mark, settled);
                _poller = Task.Run(PollAsync);
            }

            _waiting.Add(waiting);
            return (waiting, _mark);
        }
    }

    /// <summary>Hands nothing more to somebody.</summary>
    internal void Leave(Channel<MadeDecision>? waiting)
    {
        Interlocked.Decrement(ref _followers);
        if (waiting is null) return;
        lock (_lock) _waiting.Remove(waiting);
    }

    private async Task PollAsync()
    {
        try
        {
            do
            {
                await Task.Delay(Options.PollInterval, _ending.Token);
                await TryAdvanceAsync();
            }
            while (!IsIdle());
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            Part(null);
        }
        catch (Exception failure)
        {
            // Who follows is told, and may resume: that begins a new search.
            LogStopped(failure);
            Part(failure);
        }
    }

    private async Task TryAdvanceAsync()
    {
        try
        {
            await AdvanceAsync();
        }
        catch (NpgsqlException failure) when (failure.IsTransient)
        {
            LogRetries(failure);
        }
    }

    private async Task AdvanceAsync()
    {
        var upTo = await SettleAsync(_ending.Token);
        var mark = Mark;
        while (mark < upTo)
        {
            var page = await ReadAsync(mark, upTo, _ending.Token);
            mark = IsLast(page) ? upTo : page[^1].Recorded.Sequence;
            HandOut(page, mark);
        }
    }

    private void HandOut(IReadOnlyList<MadeDecision> page, long mark)
    {
        lock (_lock)
        {
            foreach (var waiting in _waiting)
            {
                // Whoever cannot keep up is let go rather than waited for: it has what it was handed, and resumes behind it.
                if (page.Any(made => !waiting.Writer.TryWrite(made))) waiting.Writer.TryComplete();
            }

            _mark = mark;
        }
    }

    private bool IsIdle()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0) return false;
            _poller = null;
            return true;
        }
    }

    private void Part(Exception? failure)
    {
        lock (_lock)
        {
            foreach (var waiting in _waiting) waiting.Writer.TryComplete(failure);
            _waiting.Clear();
            _poller = null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The feed of decisions stopped; who follows it has to resume.")]
    private partial void LogStopped(Exception failure);

    [LoggerMessage(LogLevel.Warning, "New decisions could not be looked for; it is tried again.")]
    private partial void LogRetries(Exception failure);
}
