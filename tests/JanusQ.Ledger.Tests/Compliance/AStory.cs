using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using Marten;
using static JanusQ.Ledger.Tests.Compliance.Happenings;

namespace JanusQ.Ledger.Tests.Compliance;

/// <summary>
/// January and February 2026 of a small desk: two policies, drills, a champion replaced and reinstated, denials, an outage, failures. Every
/// kind of event happens.
/// </summary>
internal static class AStory
{
    public const string Champion = "cand-aaaaaaaaaaaa";
    public const string RolledBack = "cand-bbbbbbbbbbbb";
    public const string Denied = "cand-cccccccccccc";
    public const string Failed = "cand-dddddddddddd";
    public const string Skipped = "cand-eeeeeeeeeeee";
    public const string Paused = "cand-ffffffffffff";
    public const string Held = "cand-999999999999";

    private static readonly Drill KillSwitchDrill = new("killSwitchDryRunPassed", true, Instant.Parse("2026-01-03T10:00:00Z"), "olga");
    private static readonly Drill RevertDrill = new(
        "gitopsRevertDryRunPassed", true, Instant.Parse("2026-02-01T08:00:00Z"), "olga", "cand-aaaaaaaaaaaa");

    /// <summary>Records it, event by event where they happened apart and in one transaction where they happened together.</summary>
    public static async Task TellAsync(IDocumentStore store, CancellationToken cancellation)
    {
        foreach (var together in Happened())
        {
            await using var session = store.LightweightSession();
            foreach (var (stream, events) in together)
            {
                var there = await session.Events.FetchStreamStateAsync(stream, cancellation) is not null;
                if (there) session.Events.Append(stream, events.AsEnumerable<object>());
                else Start(session, stream, events);
            }

            await session.SaveChangesAsync(cancellation);
        }
    }

    public static void Start(IDocumentSession session, string stream, IEnumerable<object> events)
    {
        if (stream.StartsWith("candidate-", StringComparison.Ordinal)) session.Events.StartStream<Candidate>(stream, events);
        else if (stream.StartsWith(ChampionSlot.StreamPrefix, StringComparison.Ordinal))
            session.Events.StartStream<ChampionSlot>(stream, events);
        else if (stream.StartsWith(PolicyBook.StreamPrefix, StringComparison.Ordinal))
            session.Events.StartStream<PolicyBook>(stream, events);
        else session.Events.StartStream<SafetyControls>(stream, events);
    }

    private static IEnumerable<(string Stream, LedgerEvent[] Events)[]> Happened()
    {
        static (string, LedgerEvent[]) Of(string candidate, params LedgerEvent[] events) => (CandidateIdentity.StreamOf(candidate), events);
        static (string, LedgerEvent[]) Safety(params LedgerEvent[] events) => (SafetyControls.Stream, events);
        static (string, LedgerEvent[]) Policy(string name, params LedgerEvent[] events) => (PolicyBook.StreamOf(name), events);
        static (string, LedgerEvent[]) Paper(params LedgerEvent[] events) => (ChampionSlot.StreamOf(PromotionTarget.Paper), events);

        yield return [Policy("paper", Published("2026-01-01", 1, FirstPolicy, false))];
        yield return [Policy("paper", Activated("2026-01-02", 1, FirstPolicy, null))];
        yield return [Policy("live", Published("2026-01-02", 1, Sha256Hash.OfText("policy live"), true))];
        yield return [Policy("live", new PolicyActivationApproved
        {
            Actor = "ann", Role = "approver", At = Instant.Parse("2026-01-03"), Version = 1,
            PolicySha256 = Sha256Hash.OfText("policy live"), Reason = "reviewed",
        })];
        yield return [Policy("live", Activated("2026-01-04", 1, Sha256Hash.OfText("policy live"), "ann"))];
        yield return [Safety(
            Drill("2026-01-03T11:00:00Z", KillSwitchDrill),
            Drill("2026-01-03T11:05:00Z", new("strategyDisableDryRunPassed", false, Instant.Parse("2026-01-03T10:30:00Z"), "olga")))];

        yield return [Of(Champion, AFinishedRun(Champion, "2026-01-10", "worker-1"))];
        yield return [Of(Champion, Granted(Champion, "approval-a", "2026-01-11T12:00:00Z", "2026-01-18", "ann"))];
        yield return
        [
            Of(Champion,
            [
                .. Decided(
                    Champion, "decision-a", "2026-01-12T09:00:00Z", "omar", PromotionAction.Promote,
                    new Verdict { Approval = "approval-a", Drills = [KillSwitchDrill] }),
                Promoted("decision-a", "2026-01-12T09:00:00Z", null),
            ]),
            Paper(Installed(Champion, "2026-01-12T09:00:00Z", "decision-a", null)),
        ];

        yield return [Policy("paper", Published("2026-01-20", 2, SecondPolicy, false))];
        yield return [Policy("paper", Activated("2026-02-01", 2, SecondPolicy, null))];
        yield return [Safety(Drill("2026-02-01T08:30:00Z", RevertDrill))];

        yield return [Of(RolledBack, AFinishedRun(RolledBack, "2026-02-02", "worker-2"))];
        yield return [Of(RolledBack, Granted(RolledBack, "approval-b", "2026-02-02T12:00:00Z", "2026-02-09", "worker-2"))];
        yield return
        [
            Of(RolledBack,
            [
                .. Decided(RolledBack, "decision-b", "2026-02-03T09:00:00Z", "omar", PromotionAction.Promote, new Verdict
                {
                    Policy = SecondPolicy, Approval = "approval-b", Drills = [KillSwitchDrill, RevertDrill], Champion = Champion,
                    Submitter = "worker-2",
                }),
                Promoted("decision-b", "2026-02-03T09:00:00Z", Champion),
            ]),
            Of(Champion, Demoted(
                Champion, "2026-02-03T09:00:00Z", "decision-b", RolledBack, "demoted_after_promotion_of_cand-bbbbbbbbbbbb_for_paper",
                false)),
            Paper(
                Removed(Champion, "2026-02-03T09:00:00Z", "decision-b", "demoted_after_promotion_of_cand-bbbbbbbbbbbb_for_paper"),
                Installed(RolledBack, "2026-02-03T09:00:00Z", "decision-b", Champion)),
        ];
        yield return
        [
            Of(RolledBack, Demoted(RolledBack, "2026-02-04T15:00:00Z", null, Champion, "rolled_back", true)),
            Of(Champion, Promoted("decision-a", "2026-02-04T15:00:00Z", null)),
            Paper(
                Removed(RolledBack, "2026-02-04T15:00:00Z", null, "rolled_back"),
                Installed(Champion, "2026-02-04T15:00:00Z", "decision-a", null, "reinstated")),
        ];

        yield return [Of(Denied, AFinishedRun(Denied, "2026-02-04", "worker-1", PromotionTarget.Live))];
        yield return [Of(Denied, Granted(Denied, "approval-c", "2026-02-04T12:00:00Z", "2026-02-11", "ann", PromotionTarget.Live))];
        yield return [Of(Denied, new ApprovalRevoked { Actor = "ann", Role = "approver", At = Instant.Parse(
            "2026-02-05T09:00:00Z"), ApprovalId = "approval-c", Reason = "data doubtful" })];
        yield return [Safety(new KillSwitchEngaged { Actor = "olga", Role = "operator", At = Instant.Parse(
            "2026-02-05T10:00:00Z"), Reason = "venue outage" })];
        yield return [Of(Denied, Decided(Denied, "decision-c", "2026-02-05T12:00:00Z", "worker-1", PromotionAction.Deny, new Verdict
        {
            Target = PromotionTarget.Live,
            Policy = SecondPolicy,
            Failed = new()
            {
                [GateIds.RiskCapacity] = ["drawdown_exceeds_maximum"],
                [GateIds.LiveRampReadiness] = ["live_not_enabled", "approval_token_missing"],
            },
            MoreReasons = ["kill_switch_engaged"],
            Missing = ["gates/promotion-evidence-gate.json"],
            Stale = ["rollback_dry_run_stale"],
            Drills = [KillSwitchDrill, RevertDrill],
            KillSwitch = new EngagedKillSwitch("olga", Instant.Parse("2026-02-05T10:00:00Z"), "venue outage"),
            Claimed = new ClaimedVerdict("promote", true, "live", []),
            Champion = null,
        }))];
        yield return [Safety(new KillSwitchReleased { Actor = "omar", Role = "operator", At = Instant.Parse(
            "2026-02-05T16:00:00Z"), Reason = "venue back" })];

        yield return [Of(Failed, Started(Failed, "2026-02-06T09:00:00Z", "worker-2", PromotionTarget.Paper))];
        yield return [Of(Failed, new SubmissionConflicted
        {
            Actor = "worker-3", Role = "worker", At = Instant.Parse("2026-02-06T09:10:00Z"), RunId = RunOf(Failed),
            EvaluationId = EvaluationOf(Failed),
            Differences =
            [
                new SubmissionDifference("target", null, "paper", "live"),
                new SubmissionDifference("artifact", "gates/file-1.json", "aa", "bb"),
            ],
        })];
        yield return [Of(Failed, new LaneRunFailed
        {
            Actor = "worker-2", Role = "worker", At = Instant.Parse("2026-02-06T09:30:00Z"), RunId = RunOf(Failed),
            EvaluationId = EvaluationOf(Failed),
            ErrorCode = "disk_full", Message = "No space is left.",
        })];
        yield return [Of(Skipped, new LaneRunSkipped
        {
            Actor = "worker-1", Role = "worker", At = Instant.Parse("2026-02-07T09:00:00Z"), RunId = RunOf(Skipped), Reason = "no_signal",
            WindowStart = Instant.Parse("2026-02-06"), WindowEnd = Instant.Parse("2026-02-07"),
        })];
        yield return [Of(Paused, Started(Paused, "2026-02-08T09:00:00Z", "worker-1", PromotionTarget.Paper))];
        yield return [Of(Paused, new CandidatePaused { Actor = "olga", Role = "operator", At = Instant.Parse(
            "2026-02-09T09:00:00Z"), Reason = "under review" })];
        yield return [Of(RolledBack, new CandidatePaused { Actor = "olga", Role = "operator", At = Instant.Parse(
            "2026-02-09T10:00:00Z"), Reason = "after the roll back" })];
        yield return [Of(
            RolledBack,
            new CandidateResumed { Actor = "omar", Role = "operator", At = Instant.Parse("2026-02-10T10:00:00Z"), Reason = "explained" })];
        yield return [Of(RolledBack, new RolledBackEvidenceCleared { Actor = "olga", Role = "operator", At = Instant.Parse(
            "2026-02-10T11:00:00Z"), ArtifactSetSha256 = SetOf(RolledBack), Reason = "fixed" })];

        yield return [Of(Held, AFinishedRun(Held, "2026-02-11", "worker-3", PromotionTarget.Shadow))];
        yield return [Of(Held, Decided(Held, "decision-g", "2026-02-12T09:00:00Z", "worker-3", PromotionAction.Hold, new Verdict
        {
            Target = PromotionTarget.Shadow, PolicyActive = false, Failed = new() { [GateIds.RiskCapacity] = ["drawdown_exceeds_maximum"] },
            Drills = [RevertDrill], Claimed = new ClaimedVerdict("hold", false, "shadow", []), Submitter = "worker-3",
        }))];
        yield return [Of(Held, Granted(Held, "approval-g", "2026-02-13T09:00:00Z", "2026-02-14", "ann", PromotionTarget.Shadow))];
        yield return [Safety(new KillSwitchEngaged { Actor = "olga", Role = "operator", At = Instant.Parse(
            "2026-02-20T07:00:00Z"), Reason = "drill that lasts" })];
    }

    private static PolicyPublished Published(string at, int version, Sha256Hash policy, bool live) => new()
    {
        Actor = "olga",
        Role = "operator",
        At = Instant.Parse(at),
        Version = version,
        PolicySha256 = policy,
        PolicyVersion = $"v{version}",
        EnablesLive = live,
        Note = "as agreed",
    };

    private static PolicyActivated Activated(string at, int version, Sha256Hash policy, string? approvedBy) => new()
    {
        Actor = "olga",
        Role = "operator",
        At = Instant.Parse(at),
        Version = version,
        PolicySha256 = policy,
        ApprovedBy = approvedBy,
        Note = "go",
    };

    private static DrillRecorded Drill(string at, Drill drill) => new()
    {
        Actor = drill.By,
        Role = "operator",
        At = Instant.Parse(at),
        Check = drill.Check,
        Passed = drill.Passed,
        PerformedAt = drill.PerformedAt,
        RollbackTarget = drill.RollbackTarget,
        EvidenceSha256 = Sha256Hash.OfText("evidence"),
    };
}
