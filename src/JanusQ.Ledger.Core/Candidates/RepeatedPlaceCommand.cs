namespace JanusQ.Ledger.Core.Candidates;

/// <summary>A command about the place of a champion that was carried out.</summary>
/// <param name="Before">The place as the command found it.</param>
/// <param name="Reinstated">The predecessor that came back with it; none if nobody did.</param>
/// <param name="StayedAway">The predecessor that did not come back on a roll back; none if it did, there was none, or it was a
/// demotion.</param>
public sealed record PlaceCommandDone(ChampionSlot Before, ChampionInstalled? Reinstated, string? StayedAway)
{
    /// <summary>The version of the place right after it.</summary>
    public long Version => Before.StreamVersion + (Reinstated is null ? 1 : 2);
}

/// <summary>
/// Finds whether a command about the place of a champion only repeats one that was carried out (ledger.md section 6: retrying any command
/// gives one outcome). What is recorded does not hold the command, so it is the same where everything that shows is: who asked in which
/// role, for whom and why, and for which version of the place. One that was asked for any version must be the last thing that happened to
/// the place. In doubt it is another command.
/// </summary>
public static class RepeatedPlaceCommand
{
    /// <summary>The demotion that a command repeats, or none.</summary>
    /// <param name="command">The command.</param>
    /// <param name="recorded">Everything that happened to the place, in order.</param>
    public static PlaceCommandDone? Find(DemoteChampion command, IReadOnlyList<ChampionEvent> recorded)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(recorded);
        var at = command.ExpectedVersion ?? recorded.Count - 1;
        return IsDone(command, ChampionDecider.WhyDemoted(command.Reason), recorded, at)
            ? new PlaceCommandDone(Before(command.Target, recorded, at), null, null)
            : null;
    }

    /// <summary>The roll back that a command repeats, or none.</summary>
    /// <param name="command">The command.</param>
    /// <param name="recorded">Everything that happened to the place, in order.</param>
    public static PlaceCommandDone? Find(RollBackChampion command, IReadOnlyList<ChampionEvent> recorded)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(recorded);
        var back = ChampionDecider.WhyReinstated(command.CandidateId, command.Target);
        var at = command.ExpectedVersion ?? recorded.Count - (ReinstatedAt(recorded, recorded.Count - 1, back) is null ? 1 : 2);
        if (!IsDone(command, ChampionDecider.WhyRolledBack(command.Reason), recorded, at)) return null;
        var (before, reinstated) = (Before(command.Target, recorded, at), ReinstatedAt(recorded, at + 1, back));
        return new PlaceCommandDone(before, reinstated, reinstated is null ? before.Champion!.Predecessor : null);
    }

    private static bool IsDone(CandidateCommand command, string why, IReadOnlyList<ChampionEvent> recorded, long at) =>
        at >= 0 && at < recorded.Count && recorded[(int)at] is ChampionRemoved { DecisionId: null } removed
        && Same(removed.CandidateId, command.CandidateId) && Same(removed.Why, why)
        && Same(removed.Actor, command.By.Actor) && Same(removed.Role, command.By.Role);

    private static ChampionInstalled? ReinstatedAt(IReadOnlyList<ChampionEvent> recorded, long at, string why) =>
        at >= 0 && at < recorded.Count && recorded[(int)at] is ChampionInstalled installed && Same(installed.Why, why) ? installed : null;

    private static ChampionSlot Before(Gates.PromotionTarget target, IReadOnlyList<ChampionEvent> recorded, long version) =>
        recorded.Take((int)version).Aggregate(ChampionSlot.Empty(target), (place, happened) => place.After(happened));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
