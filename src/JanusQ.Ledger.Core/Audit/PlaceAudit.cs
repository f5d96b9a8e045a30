using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Audit;

/// <summary>
/// Whether there was one champion a target at all times (audit.md section 4 (g)). Takes the changes of places, the promotions and demotions
/// of candidates and the decisions that promote, in the order of their sequences: a place is taken only while it is empty, each change of
/// it stands in its candidate's stream too, and who takes it has a decision that promotes it.
/// </summary>
public sealed class PlaceAudit
{
    /// <summary>A champion that is promoted anew leaves and takes its place without being demoted.</summary>
    private const string PromotedAnew = "promoted_anew_for_";

    private readonly Dictionary<PromotionTarget, ChampionSlot> _places = [];
    private readonly Dictionary<Change, (EventPlace At, bool OfPlace)> _unmatched = [];
    private readonly Dictionary<string, (string Candidate, PromotionTarget Target)> _decisions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EventPlace> _waiting = new(StringComparer.Ordinal);
    private readonly List<AuditFinding> _findings = [];

    /// <summary>Number of changes of places so far.</summary>
    public long Changes { get; private set; }

    /// <summary>Takes the next event; one that is about no place is passed over.</summary>
    public void Take(EventPlace at, LedgerEvent happened)
    {
        switch (happened)
        {
            case PromotionDecided { Action: PromotionAction.Promote, ApprovedMode: PromotionTarget.Paper or PromotionTarget.Live } decided:
                _decisions[decided.DecisionId] = (OfStream(at), decided.Target);
                _waiting[decided.DecisionId] = at;
                break;
            case CandidatePromoted promoted:
                Match(new Change(true, promoted.Target, OfStream(at), promoted.At, promoted.Why, promoted.DecisionId), at, ofPlace: false);
                break;
            case CandidateDemoted demoted:
                Match(new Change(false, demoted.Target, OfStream(at), demoted.At, demoted.Why, demoted.DecisionId), at, ofPlace: false);
                break;
            case ChampionEvent change:
                Changes++;
                Follow(at, change);
                break;
        }
    }

    /// <summary>All that was found, once everything was taken.</summary>
    public IReadOnlyList<AuditFinding> End()
    {
        foreach (var (change, (at, ofPlace)) in _unmatched)
        {
            var (here, there) = ofPlace ? ("the place", "its candidate's stream") : ("the candidate's stream", "the place");
            _findings.Add(new AuditFinding(
                AuditCheck.Places, AuditCodes.PlaceChangeUnmatched, $"{change} in {here} and in {there}", $"it only in {here}")
            { At = at });
        }

        foreach (var (decision, at) in _waiting)
        {
            _findings.Add(new AuditFinding(
                AuditCheck.Places, AuditCodes.PromotionWithoutPlace, $"that decision {decision} gives a place",
                "that nobody took one by it")
            { At = at });
        }

        _unmatched.Clear();
        _waiting.Clear();
        return _findings;
    }

    private void Follow(EventPlace at, ChampionEvent change)
    {
        var place = _places.GetValueOrDefault(change.Target) ?? ChampionSlot.Empty(change.Target);
        try
        {
            place = place.After(change);
        }
        catch (UnknownCandidateEventException)
        {
            var champion = place.Champion?.CandidateId ?? "nobody";
            _findings.Add(change is ChampionInstalled
                ? new AuditFinding(
                    AuditCheck.Places, AuditCodes.SecondChampion, "an empty place", $"{champion} in it when {change.CandidateId} took it")
                {
                    At = at,
                    Subject = change.Target.Name(),
                }
                : new AuditFinding(AuditCheck.Places, AuditCodes.ChampionNotInPlace, $"{change.CandidateId} in the place", champion)
                {
                    At = at,
                    Subject = change.Target.Name(),
                });

            // Whoever came last has the place for what follows: one wrong step is one finding.
            place = place with { Champion = null };
            if (change is ChampionInstalled) place = place.After(change);
        }

        _places[change.Target] = place;
        switch (change)
        {
            case ChampionInstalled installed:
                Match(
                    new Change(true, installed.Target, installed.CandidateId, installed.At, installed.Why, installed.DecisionId), at,
                    ofPlace: true);
                DemandDecision(at, installed);
                break;
            case ChampionRemoved removed when !removed.Why.StartsWith(PromotedAnew, StringComparison.Ordinal):
                Match(
                    new Change(false, removed.Target, removed.CandidateId, removed.At, removed.Why, removed.DecisionId), at, ofPlace: true);
                break;
        }
    }

    private void DemandDecision(EventPlace at, ChampionInstalled installed)
    {
        _waiting.Remove(installed.DecisionId);
        if (_decisions.TryGetValue(installed.DecisionId, out var decided) && decided == (installed.CandidateId, installed.Target)) return;
        _findings.Add(new AuditFinding(
            AuditCheck.Places,
            AuditCodes.PromotionWithoutDecision,
            $"an earlier decision {installed.DecisionId} that promotes {installed.CandidateId} to {installed.Target.Name()}",
            decided.Candidate is null ? "none" : $"one that promotes {decided.Candidate} to {decided.Target.Name()}")
        { At = at });
    }

    private void Match(Change change, EventPlace at, bool ofPlace)
    {
        if (_unmatched.TryGetValue(change, out var other) && other.OfPlace != ofPlace) _unmatched.Remove(change);
        else _unmatched[change] = (at, ofPlace);
    }

    private static string OfStream(EventPlace at) => at.Stream.StartsWith(CandidateIdentity.StreamPrefix, StringComparison.Ordinal)
        ? at.Stream[CandidateIdentity.StreamPrefix.Length..]
        : at.Stream;

    private readonly record struct Change(
        bool Taken, PromotionTarget Target, string Candidate, Instant At, string Why, string? DecisionId)
    {
        public override string ToString() =>
            $"that {Candidate} {(Taken ? "took" : "left")} {Target.Name()} at {At} ({Why})";
    }
}
