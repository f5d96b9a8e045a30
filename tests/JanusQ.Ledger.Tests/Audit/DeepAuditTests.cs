using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using JanusQ.Ledger.Tests.Ingest;
using JanusQ.Ledger.Tests.Log;
using LaneRun = JanusQ.Ledger.Core.Lane.LaneRun;

namespace JanusQ.Ledger.Tests.Audit;

/// <summary>Lanes are run again from the inputs that are stored, and every file that was emitted is compared.</summary>
[Collection(nameof(ASeededLedger))]
public sealed class DeepAuditTests(ASeededLedger seeded, PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_evaluation_gives_the_same_files_again()
    {
        await using var ledger = await seeded.CopyAsync();

        var report = await ledger.VerifyAsync(options => options with { Deep = ASeededLedger.Deep });

        Assert.True(report.IsClean, ATamperedLedger.Of(report.Findings));
        Assert.Equal((12L, 0L, 0), (report.Deep!.Reproduced, report.Deep.Different, report.Deep.NotRun.Length));
        Assert.Null((await ledger.VerifyAsync()).Deep);
    }

    [Fact]
    public async Task since_a_checkpoint_only_what_ended_behind_it_is_run_again()
    {
        await using var ledger = await seeded.CopyAsync();

        var report = await ledger.VerifyAsync(options => options with
        {
            Deep = ASeededLedger.Deep,
            Since = new KeptCheckpoint("kept", seeded.Early),
        });

        Assert.True(report.IsClean, ATamperedLedger.Of(report.Findings));
        Assert.Equal((11L, 0), (report.Deep!.Reproduced, report.Deep.NotRun.Length));
    }

    [Fact]
    public async Task evaluations_of_another_code_version_are_counted_and_said_and_not_run()
    {
        await using var ledger = await seeded.CopyAsync();

        var report = await ledger.VerifyAsync(options => options with { Deep = new DeepAudit(["1.0.0"]), MostFindingsOfACode = 2 });

        Assert.True(report.IsClean, ATamperedLedger.Of(report.Findings));
        var deep = report.Deep!;
        Assert.Equal((3L, 0L), (deep.Reproduced, deep.Different));
        Assert.Equal(9, Assert.Single(deep.NotRunCounts, count => count.Key == "code_version_not_reproduced").Value);
        Assert.Equal(2, deep.NotRun.Length);
        Assert.All(
            deep.NotRun, evaluation => Assert.Contains("code version '1.0.", evaluation.Reason.Explanation, StringComparison.Ordinal));
        Assert.Equal(
            """{"evaluations_different":0,"evaluations_not_run":9,"evaluations_reproduced":3}""",
            CanonicalJson.Text(new JsonObject(deep.ToJson().Members.Take(3))));
    }

    [Fact]
    public async Task a_file_that_was_replaced_everywhere_is_named_with_what_the_lane_makes_of_it()
    {
        await using var ledger = await seeded.CopyAsync();
        await ledger.ReplaceLastAsync(LanePaths.WalkForwardResults, results => results.With("note", "better"));
        await ledger.RebuildAsync();
        await ledger.RelogAsync(1);
        var without = await ledger.VerifyAsync();
        Assert.True(without.IsClean, ATamperedLedger.Of(without.Findings));

        var report = await ledger.VerifyAsync(options => options with { Deep = ASeededLedger.Deep });

        var run = PromotableRun.Number(4, "1.0.3");
        var right = run.Submission.Artifacts.Single(artifact => artifact.Path == LanePaths.WalkForwardResults).Content;
        var finding = Assert.Single(report.Findings);
        Assert.Equal((AuditCheck.Research, AuditCodes.EvaluationFileDiffers), (finding.Check, finding.Code));
        Assert.Equal(CandidateIdentity.StreamOf(run.CandidateId), finding.At!.Value.Stream);
        Assert.Equal($"evaluation {run.EvaluationId} {LanePaths.WalkForwardResults}", finding.Subject);
        Assert.Equal($"{right.Bytes.Length} bytes with the SHA-256 {right.Sha256}", finding.Expected);
        Assert.StartsWith("(h) evaluation_file_differs, event ", finding.ToString(), StringComparison.Ordinal);
        Assert.Equal((11L, 1L), (report.Deep!.Reproduced, report.Deep.Different));
    }

    [Fact]
    public async Task a_file_that_the_lane_does_not_emit_and_one_that_is_not_there_are_found()
    {
        await using var ledger = await seeded.CopyAsync();
        await ledger.RunAsync(
            $$"""
            update janusq.mt_events set data = data || '{"path": "gates/another.json"}'
            where seq_id = (select max(seq_id) from janusq.mt_events where data ->> 'path' = '{{LanePaths.Recalibration}}')
            """);

        var report = await ledger.VerifyAsync(options => options with { Deep = ASeededLedger.Deep, Checks = [] });

        Assert.Equal([AuditCodes.EvaluationFileMissing, AuditCodes.EvaluationFileUnexpected], report.FindingCounts.Keys);
        Assert.Equal((11L, 1L), (report.Deep!.Reproduced, report.Deep.Different));
    }

    [Theory]
    [InlineData("delete from janusq.content where sha256 = ({0})", "input_not_stored")]
    [InlineData("update janusq.content set bytes = '{{}}', size = 2, encoding = 'raw' where sha256 = ({0})", "input_corrupt")]
    [InlineData(
        "delete from janusq.mt_events where type = 'artifact_emitted' and decode(data ->> 'sha256', 'hex') = ({0})", "input_not_recorded")]
    [InlineData(
        """
        update janusq.mt_events
        set data = data || jsonb_build_object('path', 'inputs/strategy_config/other', 'sha256', encode(({0}), 'hex'))
        where seq_id = (select min(seq_id) from janusq.mt_events where data ->> 'path' like 'inputs/signals/%')
        """,
        "input_not_recorded")]
    [InlineData(
        """
        update janusq.mt_events
        set data = data || jsonb_build_object('path', 'inputs/strategy_config/other', 'sha256', encode(({0}), 'hex'))
        where seq_id = (select min(seq_id) from janusq.mt_events where data ->> 'path' like 'gates/%')
        """,
        "input_ambiguous")]
    public async Task an_evaluation_whose_inputs_are_not_there_is_not_run_and_said_with_the_reason(string sql, string reason)
    {
        const string Strategies =
            "select decode(data ->> 'strategy_config_sha256', 'hex') from janusq.mt_events where type = 'lane_run_started' "
            + "order by seq_id limit 1";
        await using var ledger = await seeded.CopyAsync();
        await ledger.RunAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, Strategies));

        var report = await ledger.VerifyAsync(options => options with { Deep = ASeededLedger.Deep, Checks = [] });

        Assert.Equal([], report.Findings);
        Assert.Equal((11L, 0L), (report.Deep!.Reproduced, report.Deep.Different));
        var evaluation = Assert.Single(report.Deep.NotRun);
        Assert.Equal((PromotableRun.Number(0).EvaluationId, reason), (evaluation.EvaluationId, evaluation.Reason.Code));
    }

    [Fact]
    public async Task unfinished_evaluations_and_those_without_inputs_are_counted_and_inputs_that_the_lane_refuses_are_found()
    {
        await using var ledger = await seeded.CopyAsync();
        await using (var host = ledger.Open(ALog.Options()))
        {
            await host.SendAsync(SmallRuns.ARun(1), Cancellation);
            await host.SendAsync(SmallRuns.AFinishedRun(2), Cancellation);
            var recorded = await host.SendAsync(ARunOfNothing(), Cancellation);
            Assert.Null(recorded.Refusal);
        }

        var report = await ledger.VerifyAsync(options => options with { Deep = ASeededLedger.Deep, Checks = [] });

        Assert.Equal(["evaluation_not_completed", "input_not_recorded"], report.Deep!.NotRunCounts.Keys);
        Assert.All(report.Deep.NotRunCounts.Values, count => Assert.Equal(1, count));
        Assert.Equal((12L, 1L), (report.Deep.Reproduced, report.Deep.Different));
        var finding = Assert.Single(report.Findings);
        Assert.Equal(AuditCodes.EvaluationNotReproduced, finding.Code);
        Assert.StartsWith("signals_document_not_a_list: ", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task runs_of_a_lane_in_another_language_are_reproduced_where_everything_that_entered_is_known()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var (live, others) = (0L, 0L);
        foreach (var lane in VectorLane.Finished.Select(VectorLane.Open))
        {
            Assert.Null((await ledger.Host.SendAsync(lane.Read().ToSubmission(ALedger.Worker), Cancellation)).Refusal);
            if (lane.Read().Target == PromotionTarget.Live) live++;
            else others++;
        }

        var options = new AuditOptions { Keys = [ALog.Key(1).Verifier], Checks = [], Deep = new DeepAudit(["7f3c2ab"]) };
        var report = await ledger.Host.Audit.VerifyAsync(options, cancellation: Cancellation);

        Assert.Equal([], report.Findings);
        Assert.Equal((others, 0L), (report.Deep!.Reproduced, report.Deep.Different));
        Assert.True(others > 10 && live > 1);
        Assert.Equal(live, Assert.Single(report.Deep.NotRunCounts, count => count.Key == "approval_token_unknown").Value);
    }

    [Theory]
    [InlineData("presented", "presented", 1, null)]
    [InlineData("presented", null, 0, AuditCodes.EvaluationFileDiffers)]
    [InlineData(null, null, 1, null)]
    public async Task the_approval_token_that_was_presented_for_live_is_taken_from_the_gate_inputs(
        string? presented, string? recorded, long reproduced, string? code)
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var lane = VectorLane.Open("live-promoted");
        var read = lane.Read();
        LaneDocument? Given(string name) =>
            lane.Inputs.Find(input => input.Name == name) is { } input ? new LaneDocument(input.Ref, input.Content.Bytes.ToArray()) : null;
        var outcome = LaneRun.Execute(
            new LaneInputs
            {
                Signals = Given("signals")!,
                StrategyConfig = Given("strategy_config")!,
                GatePolicy = Given("gate_policy")!,
                StrategyConfigMap = Given("strategy_configmap"),
                ForecastMetrics = Given("forecast_metrics"),
                RollbackReadiness = Given("rollback_readiness"),
                TcaMetrics = Given("tca_metrics"),
                LlmMetrics = Given("llm_metrics"),
                DriftEvidence = Given("drift_evidence"),
            },
            new LaneArguments
            {
                PromotionTarget = read.Target.Name(),
                EvaluatedAt = read.EvaluatedAt.ToString(),
                CodeVersion = read.CodeVersion,
                ApprovalToken = presented,
            });
        var files = outcome.Files.ToDictionary(file => file.Path, file => new DocumentContent(file.ToBytes()));
        files[LanePaths.GateInputs] = new DocumentContent(FileJson.Bytes(outcome.GateInputs.With("approval_token", recorded)));
        var submission = (lane with { Files = files }).Read().ToSubmission(ALedger.Worker);
        Assert.Null((await ledger.Host.SendAsync(submission, Cancellation)).Refusal);

        var options = new AuditOptions { Keys = [ALog.Key(1).Verifier], Checks = [], Deep = new DeepAudit([read.CodeVersion]) };
        var report = await ledger.Host.Audit.VerifyAsync(options, cancellation: Cancellation);

        Assert.Equal(reproduced, report.Deep!.Reproduced);
        Assert.Equal(code is null ? [] : [code], report.FindingCounts.Keys);
        Assert.Empty(report.Deep.NotRun);
    }

    /// <summary>A run that says to have come of documents that no lane takes.</summary>
    private static SubmitLaneRun ARunOfNothing()
    {
        var inputs = new[] { "signals", "strategy_config", "gate_policy" }
            .Select(name => SmallRuns.AnArtifact($"inputs/{name}/{name}.json", $$"""{"name": "{{name}}"}""")).ToArray();
        Sha256Hash Of(int input) => inputs[input].Content.Sha256;
        var run = SmallRuns.AFinishedRun(3);
        return new SubmitLaneRun(
            run.Start with { SignalsSha256 = Of(0), StrategyConfigSha256 = Of(1), GatePolicySha256 = Of(2) },
            [.. run.Artifacts, .. inputs]);
    }
}
