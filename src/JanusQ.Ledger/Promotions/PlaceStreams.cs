using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;
using JasperFx.Events;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>Appends what follows for a champion's place to all streams that it touches, in one unit of work.</summary>
internal static class PlaceStreams
{
    /// <summary>Appends to the place and to the other candidate; the caller appends to the candidate itself.</summary>
    /// <returns>The number of events.</returns>
    public static async Task<int> AppendAsync(
        IDocumentSession session, IEventStream<ChampionSlot> place, PlaceChange change, CancellationToken cancellation)
    {
        if (!change.OfPlace.IsEmpty) place.AppendMany(change.OfPlace.AsEnumerable<object>());
        if (change.OtherCandidateId is not { } other) return change.OfPlace.Length;

        // Fetched for writing, so that whatever else happens to it meanwhile makes this transaction decide again.
        var stream = await session.Events.FetchForWriting<Candidate>(CandidateIdentity.StreamOf(other), cancellation);
        stream.AppendMany(change.OfOther.AsEnumerable<object>());
        return change.OfPlace.Length + change.OfOther.Length;
    }

    /// <summary>Says who does what follows.</summary>
    public static void Sign(IDocumentSession session, Submitter by)
    {
        session.LastModifiedBy = by.Actor;
        session.SetHeader(LedgerStore.RoleHeader, by.Role);
        session.CorrelationId = by.CorrelationId ?? session.CorrelationId;
        session.CausationId = by.CausationId ?? session.CausationId;
    }
}
