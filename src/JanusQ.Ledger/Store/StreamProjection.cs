using JanusQ.Ledger.Core.Candidates;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace JanusQ.Ledger.Store;

/// <summary>
/// The state of one kind of stream, written with its events. A stream of that kind that holds an event of another kind, or an event in a
/// stream of another kind, is an error, never passed over.
/// </summary>
/// <typeparam name="TState">The state.</typeparam>
/// <typeparam name="TEvent">The events of that kind of stream.</typeparam>
public abstract class StreamProjection<TState, TEvent> : SingleStreamProjection<TState, string>
    where TState : class
    where TEvent : LedgerEvent
{
    /// <summary>Names the projection after what it keeps, and says which streams it applies to when events are appended.</summary>
    protected StreamProjection()
    {
        Name = typeof(TState).Name;
        foreach (var (type, _, _) in EventNames.All)
            if (type.IsAssignableTo(typeof(TEvent))) IncludeType(type);
    }

    /// <inheritdoc />
    public override void AssembleAndAssertValidity()
    {
        base.AssembleAndAssertValidity();

        // A rebuild reads whole streams of this kind, and not just events of known kinds: what does not belong there has to show.
        _ = AllEventTypes;
        IncludedEventTypes.Clear();
        FilterIncomingEventsOnStreamType();
    }

    /// <inheritdoc />
    public sealed override TState Evolve(TState? snapshot, string id, IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Data is TEvent happened
            ? After(snapshot, id, happened)
            : throw new UnknownCandidateEventException(
                $"The stream {id} holds a {e.EventTypeName}, which is none of the events of {typeof(TState).Name}.");
    }

    /// <summary>The state after one event more.</summary>
    /// <param name="state">The state before it, or none.</param>
    /// <param name="stream">The key of the stream.</param>
    /// <param name="happened">The event.</param>
    protected abstract TState After(TState? state, string stream, TEvent happened);
}
