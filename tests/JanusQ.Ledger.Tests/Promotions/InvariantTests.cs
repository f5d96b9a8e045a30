using System.Text;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Tests.Promotions;

/// <summary>
/// Attempts to break the invariants of ledger.md section 6 that are about decisions. One champion (3), replay (4) and retries (6) are tried
/// in Concurrency, the storage (1) and the lane's reproducibility (8) where they live.
/// </summary>
public sealed class InvariantTests(PostgreSqlFixture postgres)
{
    private const string EvidenceGate = "gates/promotion-evidence-gate.json";

    /// <summary>What a lane concludes from its evidence. The ledger draws its own conclusions.</summary>
    private static readonly string[] Conclusions =
    [
        EvidenceGate, "gates/gate-evaluation.json", "gates/promotion-prerequisites.json", "gates/rollback-readiness.json",
        "gates/recalibration-report.json", "paper-candidate/strategy-configmap-patch.yaml", "research/candidate-spec.json",
    ];

    /// <summary>What need not be brought: it is assembled from the rest, or the start of the run names it and it is stored.</summary>
    private static readonly string[] Named =
    [
        "gates/gate-inputs-v1.json", "inputs/signals/signals.json", "inputs/strategy_config/strategies.yaml",
        "inputs/gate_policy/policy.json",
        "inputs/strategy_configmap/strategy-configmap.yaml", "inputs/forecast_metrics/forecast-metrics.json",
        "inputs/rollback_readiness/rollback-readiness.json",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void no_command_has_room_for_a_verdict()
    {
        Type[] verdicts =
        [
            typeof(PromotionAction), typeof(GateResult), typeof(GateReport), typeof(ClaimedVerdict), typeof(DecisionStep),
            typeof(PromotionDecided), typeof(CandidateStage),
            typeof(CandidateRole),
        ];
        foreach (var command in typeof(LedgerCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LedgerCommand))))
        {
            foreach (var property in command.GetProperties())
            {
                var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                Assert.False(
                    verdicts.Contains(type)
                    || type.GenericTypeArguments.Intersect(verdicts).Any() || typeof(LedgerEvent).IsAssignableFrom(type),
                    $"{command.Name}.{property.Name} carries a verdict.");
            }
        }
    }

    [Fact]
    public async Task a_run_that_declares_itself_promoted_is_denied_for_what_it_is_and_for_the_claim()
    {
        await using var ledger = await PreparedAsync();
        var loser = PromotableRun.Loser();
        var promoted = PromotableRun.Number(0).Submission.Artifacts.Single(artifact => artifact.Path == EvidenceGate);
        var forged = loser.With(artifacts => artifacts.Select(artifact => artifact.Path == EvidenceGate ? promoted : artifact));

        var answer = await forged.PromoteAsync(ledger.Host, Cancellation);

        Assert.Equal((PromotionAction.Deny, "promote"), (answer.Decision!.Action, answer.Decision.Claimed!.Action));
        Assert.Superset(
            new HashSet<string> { "claimed_verdict_disagrees", "profitability_market_net_pnl_delta_below_threshold" },
            answer.Decision.Reasons.ToHashSet());
    }

    [Fact]
    public async Task every_document_that_is_missing_denies_and_so_does_every_document_that_is_no_longer_what_it_was()
    {
        await using var ledger = await PreparedAsync();
        var whole = PromotableRun.Number(0);
        await whole.SubmitAsync(ledger.Host, Cancellation);
        await whole.ApproveAsync(ledger.Host, Cancellation);
        await ledger.ExecuteAsync("alter table janusq.content disable trigger user");
        var tried = 0;
        foreach (var artifact in whole.Submission.Artifacts)
        {
            foreach (var (change, kind) in new[] { ("'x'", "corrupt"), ("null", "missing") })
            {
                await ledger.ExecuteAsync("create table janusq.kept as select * from janusq.content");
                await ledger.ExecuteAsync(change == "null"
                    ? $"delete from janusq.content where sha256 = '\\x{artifact.Content.Sha256}'"
                    : $"update janusq.content set bytes = {change}, size = 1, encoding = 'raw' "
                        + $"where sha256 = '\\x{artifact.Content.Sha256}'");

                // Another rehearsal, so that the ledger decides anew and does not answer what it answered before.
                await PromotableRun.RehearseAsync(ledger.Host, "runbook_validated", true, Cancellation, minutes: ++tried);
                var decision = (await whole.RequestAsync(ledger.Host, Cancellation)).Decision!;
                Assert.True(decision.Action == PromotionAction.Deny, $"{artifact.Path} is {kind}, and the candidate is promoted.");
                Assert.True(
                    decision.Reasons.Any(reason => reason.EndsWith(kind, StringComparison.Ordinal)),
                    $"{artifact.Path} is {kind}, and the reasons are {string.Join(", ", decision.Reasons)}");
                await ledger.ExecuteAsync(
                    "truncate janusq.content; insert into janusq.content select * from janusq.kept; drop table janusq.kept");
            }
        }

        Assert.True(tried > 30, $"Only {tried} damages were tried.");
        await PromotableRun.RehearseAsync(ledger.Host, "runbook_validated", true, Cancellation, minutes: ++tried);
        Assert.Equal(PromotionAction.Promote, (await whole.RequestAsync(ledger.Host, Cancellation)).Decision!.Action);
    }

    [Fact]
    public async Task evidence_that_a_run_leaves_out_or_fills_with_something_else_denies_and_its_own_conclusions_change_nothing()
    {
        await using var ledger = await PreparedAsync();
        var whole = (await PromotableRun.Number(1).PromoteAsync(ledger.Host, Cancellation)).Decision!;
        var (number, without) = (0, new List<string>());
        foreach (var path in PromotableRun.Number(0).Submission.Artifacts.Select(artifact => artifact.Path))
        {
            foreach (var replaced in new[] { null, "{}", "not json" })
            {
                var run = PromotableRun.Number(1, codeVersion: $"1.0.{++number}").With(artifacts => artifacts.SelectMany(
                    artifact => artifact.Path != path ? [artifact]
                        : replaced is null ? Array.Empty<SubmittedArtifact>()
                        : [new SubmittedArtifact(path, new DocumentContent(Encoding.UTF8.GetBytes(replaced)), artifact.MediaType)]));
                var answer = await run.PromoteAsync(ledger.Host, Cancellation);
                if (answer.Decision is not { Action: PromotionAction.Promote } decision) continue;
                Assert.Contains(path, Conclusions.Concat(replaced is null ? Named : []));
                Assert.Equal(
                    whole.Steps.Select(step => (step.Step, step.Allowed)), decision.Steps.Select(step => (step.Step, step.Allowed)));
                without.Add(path);
            }
        }

        Assert.Superset(new HashSet<string> { EvidenceGate, "gates/gate-evaluation.json" }, without.ToHashSet());
    }

    [Fact]
    public async Task with_the_shipped_policy_nothing_reaches_live()
    {
        await using var ledger = await PreparedAsync();
        for (var number = 0; number < PromotableRun.Count; number++)
        {
            var asksForLive = PromotableRun.ForLive(number);
            await asksForLive.SubmitAsync(ledger.Host, Cancellation);
            await asksForLive.ApproveAsync(ledger.Host, Cancellation, target: PromotionTarget.Live);
            Assert.Equal(PromotionAction.Deny, (await asksForLive.RequestAsync(ledger.Host, Cancellation)).Decision!.Action);

            var madeForPaper = PromotableRun.Number(number);
            await madeForPaper.PromoteAsync(ledger.Host, Cancellation);
            await madeForPaper.ApproveAsync(ledger.Host, Cancellation, target: PromotionTarget.Live);
            var beyond = await madeForPaper.RequestAsync(ledger.Host, Cancellation, target: PromotionTarget.Live);
            Assert.True(beyond.Refusal is not null || beyond.Decision!.Action == PromotionAction.Deny);
        }

        Assert.Null((await ledger.Host.Facts.ChampionAsync(PromotionTarget.Live, Cancellation)).Champion);
        Assert.NotNull((await ledger.Host.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation)).Champion);
    }

    private async Task<ALedger> PreparedAsync()
    {
        var ledger = await ALedger.OnAnEmptyDatabaseAsync(
            postgres, options => options with { Clock = new StandingClock(PromotableRun.Now) });
        await PromotableRun.PrepareAsync(ledger.Host, Cancellation);
        return ledger;
    }
}
