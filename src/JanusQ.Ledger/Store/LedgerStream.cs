using System.Collections.Immutable;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten;

namespace JanusQ.Ledger.Store;

/// <summary>The last step of every use case: append what was decided, with its documents, in one transaction.</summary>
internal static class LedgerStream
{
    /// <summary>Appends what was decided to a stream that was fetched for writing, and saves it: everything or nothing.</summary>
    /// <param name="session">The unit of work that the stream was fetched with.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="decision">What was decided on its state.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="contents">The documents that the events may name, or none.</param>
    /// <param name="cancellation">Cancels before the commit.</param>
    public static async Task<StreamPosition> AppendAsync<TState, TEvent>(
        IDocumentSession session,
        IEventStream<TState> stream,
        StreamDecision<TEvent> decision,
        Submitter by,
        NamedContents? contents,
        CancellationToken cancellation)
        where TState : class
        where TEvent : LedgerEvent
    {
        var version = stream.CurrentVersion ?? 0;
        if (decision.Events.IsEmpty) return new StreamPosition(version, null);
        await PrepareAsync(session, decision.Events, by, contents, cancellation);
        stream.AppendMany(decision.Events.AsEnumerable<object>());
        var appended = stream.Events;
        await session.SaveChangesAsync(cancellation);
        return new StreamPosition(version + decision.Events.Length, appended[^1].Sequence);
    }

    /// <summary>Begins a stream with what was decided, and saves it: everything or nothing.</summary>
    /// <exception cref="JasperFx.Events.ExistingStreamIdCollisionException">The stream is there.</exception>
    public static async Task<StreamPosition> BeginAsync<TState, TEvent>(
        IDocumentSession session,
        string stream,
        StreamDecision<TEvent> decision,
        Submitter by,
        NamedContents? contents,
        CancellationToken cancellation)
        where TState : class
        where TEvent : LedgerEvent
    {
        await PrepareAsync(session, decision.Events, by, contents, cancellation);
        var begun = session.Events.StartStream<TState>(stream, decision.Events.AsEnumerable<object>());
        await session.SaveChangesAsync(cancellation);
        return new StreamPosition(decision.Events.Length, begun.Events[^1].Sequence);
    }

    private static async Task PrepareAsync<TEvent>(
        IDocumentSession session, ImmutableArray<TEvent> events, Submitter by, NamedContents? contents, CancellationToken cancellation)
        where TEvent : LedgerEvent
    {
        session.LastModifiedBy = by.Actor;
        session.SetHeader(LedgerStore.RoleHeader, by.Role);
        session.CorrelationId = by.CorrelationId ?? session.CorrelationId;
        session.CausationId = by.CausationId ?? session.CausationId;
        if (contents is not null) await contents.StoreWithAsync(session, events, cancellation);
    }
}

/// <summary>Where a stream stands after a command.</summary>
/// <param name="Version">Number of events in it.</param>
/// <param name="LastSequence">The sequence of the last event that was appended now; none if nothing was.</param>
internal readonly record struct StreamPosition(long Version, long? LastSequence);
