using System.Globalization;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using JasperFx.Events;
using Marten;
using Marten.Events;
using static JanusQ.Ledger.Tests.Compliance.Happenings;

namespace JanusQ.Ledger.Tests.Compliance;

/// <summary>
/// A year of a large desk, from March 2025 to February 2026, always the same: most runs end in a denial, some are held, few are promoted,
/// some fail, conflict, are skipped or never end.
/// </summary>
internal static class ManyCandidates
{
    private const int Days = 365;
    private const int Streams = 2000;

    private static readonly DateTimeOffset Begin = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Reasons =
    [
        "drawdown_exceeds_maximum", "turnover_exceeds_maximum", "coverage_error_above_maximum", "fragility_above_maximum"
    ];

    /// <summary>Appends them, many streams at a time.</summary>
    public static async Task AppendAsync(IDocumentStore store, int count, CancellationToken cancellation)
    {
        var graph = (EventGraph)((DocumentStore)store).Options.Events;
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Streams))
        {
            var streams = numbers.Select(number =>
            {
                var candidate = string.Create(CultureInfo.InvariantCulture, $"cand-{number:x12}");
                var action = StreamAction.Start(graph, CandidateIdentity.StreamOf(candidate), HappenedTo(candidate, number));
                action.AggregateType = typeof(Candidate);
                return action;
            }).ToArray();
            await InsertAsync(store, streams, cancellation);
        }

        // Champions come and go in one stream: a promotion every hour and a bit, each demoting the one before.
        var champions = Enumerable.Range(0, count / 50).SelectMany(i => new object[]
        {
            Installed(Name(i * 50), At(i * 50, "12:00:00"), $"decision-{i * 50}", i == 0
                ? null
                : Name((i - 1) * 50), target: PromotionTarget.Live),
            Removed(Name(i * 50), At(i * 50, "12:30:00"), null, "replaced", PromotionTarget.Live),
        });
        var place = StreamAction.Start(graph, ChampionSlot.StreamOf(PromotionTarget.Live), [.. champions]);
        place.AggregateType = typeof(ChampionSlot);
        await InsertAsync(store, [place], cancellation);
    }

    /// <summary>What is inserted in bulk passes no session that would put the hashes of their data on the events.</summary>
    private static Task InsertAsync(IDocumentStore store, IReadOnlyList<StreamAction> streams, CancellationToken cancellation)
    {
        var (data, serializer) = (new EventData(), store.Options.Serializer());
        foreach (var inserted in streams.SelectMany(stream => stream.Events))
            inserted.SetHeader(LedgerStore.DataHashHeader, data.HashOf(serializer.ToJson(inserted.Data)).ToString());
        return store.BulkInsertEventsAsync(streams, cancellation: cancellation);
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"cand-{number:x12}");

    private static string Day(int number) => Begin.AddDays(number * 7 % Days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string At(int number, string time) => $"{Day(number)}T{time}Z";

    private static object[] HappenedTo(string candidate, int number)
    {
        var (day, worker) = (Day(number), $"worker-{number % 40}");
        if (number % 33 == 1)
        {
            return [new LaneRunSkipped
            {
                Actor = worker, Role = "worker", At = Instant.Parse($"{day}T09:00:00Z"), RunId = RunOf(candidate), Reason = "no_signal",
                WindowStart = Instant.Parse(day), WindowEnd = Instant.Parse($"{day}T08:00:00Z"),
            }];
        }

        var target = (number % 10) switch { 0 => PromotionTarget.Live, < 5 => PromotionTarget.Shadow, _ => PromotionTarget.Paper };
        if (number % 500 == 2) return [Started(candidate, $"{day}T09:00:00Z", worker, target)];
        if (number % 25 == 3)
        {
            return
            [
                Started(candidate, $"{day}T09:00:00Z", worker, target),
                new LaneRunFailed
                {
                    Actor = worker, Role = "worker", At = Instant.Parse($"{day}T09:20:00Z"), RunId = RunOf(candidate),
                    EvaluationId = EvaluationOf(candidate),
                    ErrorCode = number % 2 == 0 ? "disk_full" : "timeout", Message = "It did not end well.",
                },
            ];
        }

        var events = new List<object>(AFinishedRun(candidate, day, worker, target, 3));
        if (number % 200 == 4)
        {
            events.Add(new SubmissionConflicted
            {
                Actor = "worker-3",
                Role = "worker",
                At = Instant.Parse($"{day}T09:40:00Z"),
                RunId = RunOf(candidate),
                EvaluationId = EvaluationOf(candidate),
                Differences = [new SubmissionDifference("artifact", "gates/file-1.json", "aa", "bb")],
            });
        }

        var promoted = number % 50 == 0;
        var held = number % 5 == 1;
        var approval = promoted || number % 20 == 7 ? $"approval-{number}" : null;
        if (approval is not null)
            events.Add(Granted(candidate, approval, $"{day}T10:00:00Z", $"{day}T23:00:00Z", $"approver-{number % 3}", target));
        var verdict = new Verdict
        {
            Target = target,
            Policy = number % 4 == 0 ? FirstPolicy : SecondPolicy,
            Failed = promoted || held
                ? []
                : new()
                {
                    [GateIds.InOrder[number % 8]] = [Reasons[number % 4]],
                    [GateIds.InOrder[number * 3 % 8]] = [$"reason_{number % 97}"],
                },
            MoreReasons = number % 5000 == 8 ? ["kill_switch_engaged"] : [],
            Drills = [new Drill("killSwitchDryRunPassed", true, Instant.Parse($"{day}T01:00:00Z"), "olga")],
            Submitter = worker,
            Approval = promoted ? approval : null,
            Claimed = number % 3 == 0
                ? new ClaimedVerdict(number % 300 == 9 ? "promote" : promoted ? "promote" : held ? "hold" : "deny", promoted, null, [])
                : null,
        };
        var action = promoted ? PromotionAction.Promote : held ? PromotionAction.Hold : PromotionAction.Deny;
        events.AddRange(Decided(candidate, $"decision-{number}", $"{day}T12:00:00Z", worker, action, verdict));
        if (promoted)
        {
            events.Add(Promoted($"decision-{number}", $"{day}T12:00:00Z", null, PromotionTarget.Live));
            events.Add(Demoted(candidate, $"{day}T12:30:00Z", null, null, "replaced", number % 1000 == 0, PromotionTarget.Live));
        }

        if (number % 400 == 5)
            events.Add(
                new CandidatePaused { Actor = "olga", Role = "operator", At = Instant.Parse($"{day}T13:00:00Z"), Reason = "under review" });
        return [.. events];
    }
}
