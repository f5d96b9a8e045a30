using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Store;
using Marten;

namespace JanusQ.Ledger.Promotions;

/// <summary>The common part of an operator's commands about a place: claim it, decide, append to every stream or to none.</summary>
internal static class PlaceChanges
{
    /// <summary>Decides on the place and on its champion's predecessor, if there is one.</summary>
    public delegate Refusal? Decide(ChampionSlot place, Candidate? predecessor, out PlaceChange change);

    public static async Task<PlaceAnswer> ApplyAsync(
        IDocumentSession session,
        CandidateCommand command,
        PromotionTarget target,
        Decide decide,
        RepeatedPlaceChanges.Find findRepeated,
        CancellationToken cancellation)
    {
        await LedgerLocks.ClaimPlaceAsync(session, target, cancellation);
        var places = await session.Events.FetchForWriting<ChampionSlot>(ChampionSlot.StreamOf(target), cancellation);
        var place = places.Aggregate ?? ChampionSlot.Empty(target);
        var stream = await session.Events.FetchForWriting<Candidate>(command.Stream, cancellation);
        if (stream.Aggregate is null) return Refused(command, target, CommandRefusals.UnknownCandidate(command.CandidateId));

        if (command.CheckVersion(place.StreamVersion) is { } changed) return await RefusedUnlessRepeatedAsync(changed);

        // Fetched for writing before anything is decided: what happens to it meanwhile makes this transaction decide again.
        var named = string.Equals(place.Champion?.CandidateId, command.CandidateId, StringComparison.Ordinal);
        var predecessor = named && place.Champion!.Predecessor is { } id
            ? await session.Events.FetchForWriting<Candidate>(CandidateIdentity.StreamOf(id), cancellation)
            : null;
        if (decide(place, predecessor?.Aggregate, out var change) is { } refusal) return await RefusedUnlessRepeatedAsync(refusal);
        stream.AppendMany(change.OfCandidate.AsEnumerable<object>());
        if (!change.OfPlace.IsEmpty) places.AppendMany(change.OfPlace.AsEnumerable<object>());
        if (!change.OfOther.IsEmpty) predecessor!.AppendMany(change.OfOther.AsEnumerable<object>());
        var appended = change.OfCandidate.Length + change.OfPlace.Length + change.OfOther.Length;
        PlaceStreams.Sign(session, command.By);
        await session.SaveChangesAsync(cancellation);
        return new PlaceAnswer
        {
            Outcome = CommandOutcome.Recorded,
            CandidateId = command.CandidateId,
            Target = target,
            Champion = change.OtherCandidateId,
            NotReinstated = change.NotReinstated,
            PlaceVersion = place.StreamVersion + change.OfPlace.Length,
            Appended = appended,
        };

        // What was done already needs no version and no champion: the caller may ask again because it never saw the answer.
        async Task<PlaceAnswer> RefusedUnlessRepeatedAsync(Refusal reason) =>
            await RepeatedPlaceChanges.AnswerAsync(session, command, target, findRepeated, cancellation)
            ?? Refused(command, target, reason) with { Champion = place.Champion?.CandidateId };
    }

    public static PlaceAnswer Refused(CandidateCommand command, PromotionTarget target, Refusal refusal) =>
        new() { Outcome = CommandOutcome.Refused, CandidateId = command.CandidateId, Target = target, Refusal = refusal };
}
