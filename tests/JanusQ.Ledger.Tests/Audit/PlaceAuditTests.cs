using System.Collections.Immutable;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using static JanusQ.Ledger.Tests.Compliance.Happenings;

namespace JanusQ.Ledger.Tests.Audit;

public sealed class PlaceAuditTests
{
    private const string First = "cand-aaaaaaaaaaaa";
    private const string Second = "cand-bbbbbbbbbbbb";
    private const string At = "2026-01-12T09:00:00Z";
    private const string Later = "2026-01-13T09:00:00Z";
    private const string Replaced = "demoted_after_promotion_of_cand-bbbbbbbbbbbb_for_paper";

    private static readonly (string Stream, LedgerEvent Happened)[] OnePromotion =
        [
            (Of(First), Promote(First, "decision-1", At)),
            (Of(First), Promoted("decision-1", At, null)),
            (Paper, Installed(First, At, "decision-1", null)),
        ];

    private static readonly (string Stream, LedgerEvent Happened)[] TheNext =
    [
        (Of(Second), Promote(Second, "decision-2", Later)),
        (Of(Second), Promoted("decision-2", Later, First)),
        (Of(First), Demoted(First, Later, "decision-2", Second, Replaced, false)),
        (Paper, Removed(First, Later, "decision-2", Replaced)),
        (Paper, Installed(Second, Later, "decision-2", First)),
    ];

    private static string Paper => ChampionSlot.StreamOf(PromotionTarget.Paper);

    [Fact]
    public void a_champion_that_is_replaced_leaves_nothing_to_find() => Assert.Empty(Audit([.. OnePromotion, .. TheNext]));

    [Fact]
    public void each_step_that_is_left_out_is_found_by_its_name()
    {
        (int LeftOut, string[] Codes)[] expected =
        [
            (0, [AuditCodes.PromotionWithoutDecision]),
            (1, [AuditCodes.PlaceChangeUnmatched]),
            (2, [AuditCodes.PlaceChangeUnmatched]),
            (3, [AuditCodes.PlaceChangeUnmatched, AuditCodes.SecondChampion]),
            (4, [AuditCodes.PlaceChangeUnmatched, AuditCodes.PromotionWithoutPlace]),
        ];
        foreach (var (leftOut, codes) in expected)
        {
            var found = Audit([.. OnePromotion, .. TheNext.Where((_, i) => i != leftOut)]);
            Assert.Equal(codes, found.Select(finding => finding.Code).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void a_decision_about_another_candidate_or_target_is_no_decision_for_a_place()
    {
        var ofAnother = Audit([(Of(Second), Promote(Second, "decision-1", At)), .. OnePromotion[1..]]);
        Assert.Contains(ofAnother, finding => finding.Code == AuditCodes.PromotionWithoutDecision);
        var live = (PromotionDecided)Promote(First, "decision-1", At) with { Target = PromotionTarget.Live };
        Assert.Contains(Audit([(Of(First), live), .. OnePromotion[1..]]), finding => finding.Code == AuditCodes.PromotionWithoutDecision);
    }

    [Fact]
    public void who_is_not_in_a_place_cannot_leave_it() => Assert.Contains(
        Audit([(Of(First), Demoted(First, At, null, null, "demoted", false)), (Paper, Removed(First, At, null, "demoted"))]),
        finding => finding.Code == AuditCodes.ChampionNotInPlace);

    [Fact]
    public void an_approval_that_was_given_for_the_promotion_leaves_nothing_to_find() =>
        Assert.Empty(Approvals(Run(), Grant(), Promote(First, "decision-1", At)));

    [Fact]
    public void each_fault_of_an_approval_is_found_by_its_name()
    {
        void Expect(string code, params LedgerEvent[] history) =>
            Assert.Equal([code], Approvals([.. Run(), .. history]).Select(finding => finding.Code));

        var promote = (PromotionDecided)Promote(First, "decision-1", At);
        Expect(AuditCodes.ApprovalNotIndependent, Grant() with { Actor = "worker-1" }, promote);
        Expect(AuditCodes.ApprovalExpired, Grant() with { ExpiresAt = promote.At }, promote);
        Expect(AuditCodes.ApprovalMismatch, Grant() with { RunId = "another" }, promote);
        Expect(AuditCodes.ApprovalMismatch, Grant() with { Target = PromotionTarget.Live }, promote);
        Expect(AuditCodes.ApprovalMismatch, Grant() with { PolicySha256 = SecondPolicy }, promote);
        Expect(AuditCodes.ApprovalMismatch, Grant() with { ArtifactSetSha256 = SecondPolicy }, promote);
        Expect(
            AuditCodes.ApprovalRevoked,
            Grant(),
            new ApprovalRevoked { Actor = "ann", Role = "approver", At = promote.At, ApprovalId = "approval", Reason = "doubt" },
            promote);
        Expect(AuditCodes.ApprovalReused, Grant(), promote, Promote(First, "decision-2", Later));

        // Without the approval the stream does not add up either.
        Assert.Equal(
            [AuditCodes.ApprovalUnknown, AuditCodes.HistoryBroken], Approvals([.. Run(), promote]).Select(finding => finding.Code));
    }

    [Fact]
    public void a_champion_that_is_confirmed_uses_its_approval_on()
    {
        LedgerEvent[] champion =
        [
            Grant(), Promote(First, "decision-1", At), Promoted("decision-1", At, null), Promote(First, "decision-2", Later)
        ];
        Assert.Empty(Approvals([.. Run(), .. champion]));
        Assert.Equal(
            [AuditCodes.ApprovalReused],
            Approvals([.. Run(), .. champion[..3], Demoted(First, Later, null, null, "demoted", false), champion[3]]).Select(
                finding => finding.Code));
    }

    private static LedgerEvent[] Run() => AFinishedRun(First, "2026-01-10", "worker-1");

    private static ApprovalGranted Grant() => Granted(First, "approval", "2026-01-11", "2026-01-18", "ann");

    private static LedgerEvent Promote(string candidate, string decision, string at) =>
        Decided(candidate, decision, at, "omar", PromotionAction.Promote, new Verdict { Approval = "approval" })[^1];

    private static string Of(string candidate) => CandidateIdentity.StreamOf(candidate);

    private static IReadOnlyList<AuditFinding> Audit((string Stream, LedgerEvent Happened)[] events)
    {
        var places = new PlaceAudit();
        foreach (var (i, (stream, happened)) in events.Index()) places.Take(new EventPlace(Guid.Empty, i + 1, stream, i + 1), happened);
        return places.End();
    }

    private static ImmutableArray<AuditFinding> Approvals(LedgerEvent[] run, params LedgerEvent[] more) => Approvals([.. run, .. more]);

    private static ImmutableArray<AuditFinding> Approvals(LedgerEvent[] events) => ApprovalAudit.Of(
        First, [.. events.Select(
            (happened, i) => new PlacedEvent(new EventPlace(Guid.Empty, i + 1, Of(First), i + 1), (CandidateEvent)happened))]);
}
