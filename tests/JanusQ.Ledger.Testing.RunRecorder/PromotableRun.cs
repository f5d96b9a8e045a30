using System.Text;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Ingest;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Safety;
using LaneRun = JanusQ.Ledger.Core.Lane.LaneRun;

namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>
/// Real lane runs over the sample that every check lets through to paper when the facts are right, and the facts that make them right.
/// Different strategies make different candidates.
/// </summary>
public sealed class PromotableRun
{
    public const string PolicyName = "autonomy-gates-v3";

    public static readonly Submitter Worker = new("wanda", "worker");
    public static readonly Submitter Operator = new("olga", "operator");
    public static readonly Submitter Approver = new("anna", "approver");

    public static readonly Instant EvaluatedAt = Instant.Parse("2026-02-25T12:00:00Z");

    /// <summary>When everything is rehearsed, approved and decided.</summary>
    public static readonly DateTimeOffset Now = EvaluatedAt.ToDateTimeOffset().AddHours(1);

    public static readonly string[] RequiredDrills =
        ["operational_ready", "runbook_validated", "killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"];

    private static readonly byte[] Policy = Shipped("config", "gate-policy.json");
    private static readonly byte[] Signals = Shipped("config", "sample", "signals.json");

    /// <summary>The number of runs that <see cref="Number"/> knows.</summary>
    public const int Count = 6;

    private static readonly (int Buy, int Sell, int Quantity)[] Winners =
    [
        (60, 50, 1), (60, 50, 2), (58, 48, 1), (60, 45, 1), (58, 48, 2), (60, 45, 2)
    ];

    private readonly SubmitLaneRun _submission;

    private PromotableRun(SubmitLaneRun submission) => _submission = submission;

    public string CandidateId => _submission.Start.CandidateId;

    public string RunId => _submission.Start.RunId;

    public string EvaluationId => _submission.Start.EvaluationId;

    public SubmitLaneRun Submission => _submission;

    public static byte[] PolicyDocument => Policy;

    /// <summary>A run by its number, from 0, whose strategies beat the baseline.</summary>
    public static PromotableRun Number(int number, string codeVersion = "1.0.0") =>
        Of(StrategiesOf(Winners[number]), codeVersion, PromotionTarget.Paper);

    /// <summary>A run whose strategies do not beat the baseline.</summary>
    public static PromotableRun Loser(string codeVersion = "1.0.0") => Of(StrategiesOf((70, 50, 1)), codeVersion, PromotionTarget.Paper);

    /// <summary>A run by its number that asks for live.</summary>
    public static PromotableRun ForLive(int number) => Of(StrategiesOf(Winners[number]), "1.0.0", PromotionTarget.Live);

    /// <summary>The same run with other artifacts.</summary>
    public PromotableRun With(Func<IEnumerable<SubmittedArtifact>, IEnumerable<SubmittedArtifact>> change) =>
        new(_submission with { Artifacts = [.. change(_submission.Artifacts)] });

    public static PromotableRun Of(string strategies, string codeVersion, PromotionTarget target)
    {
        var inputs = new LaneInputs
        {
            Signals = new LaneDocument("signals.json", Signals),
            StrategyConfig = new LaneDocument("strategies.yaml", Encoding.UTF8.GetBytes(strategies)),
            GatePolicy = new LaneDocument("policy.json", Policy),
            StrategyConfigMap = Document(
                "strategy-configmap.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: janusq-strategy-config\n  namespace: janusq\n"),
            ForecastMetrics = Document(
                "forecast-metrics.json", """{"fallback_rate":"0.0100","inference_latency_ms_p95":"87","calibration_score_min":"0.9300"}"""),
            RollbackReadiness = Document(
                "rollback-readiness.json",
                """
                {"rollbackReadiness":{"killSwitchDryRunPassed":true,"gitopsRevertDryRunPassed":true,"strategyDisableDryRunPassed":true,
                 "dryRunCompletedAt":"2026-02-25T06:00:00Z","humanApproved":true,"rollbackTarget":"release-2026-02-20"},
                 "operational_ready":true,"runbook_validated":true,"kill_switch_dry_run_passed":true,"rollback_dry_run_passed":true}
                """),
        };
        var outcome = LaneRun.Execute(inputs, new LaneArguments
        {
            PromotionTarget = target.Name(),
            EvaluatedAt = EvaluatedAt.ToString(),
            CodeVersion = codeVersion,
        });
        var files = outcome.Files.Append(outcome.GateInputsFile)
            .ToDictionary(file => file.Path, file => new DocumentContent(file.ToBytes()), StringComparer.Ordinal);
        var documents = FinishedLane.InputNames.Zip(
            new[]
            {
                inputs.Signals, inputs.StrategyConfig, inputs.GatePolicy, inputs.StrategyConfigMap, inputs.ForecastMetrics,
                inputs.RollbackReadiness,
            },
            (name, document) => new LaneInputDocument(name, document!.Ref, new DocumentContent(document.Bytes)));
        return new PromotableRun(FinishedLane.Read(files, documents).ToSubmission(Worker));
    }

    /// <summary>Publishes and activates the policy and records every rehearsal.</summary>
    public static async Task PrepareAsync(LedgerHost host, CancellationToken cancellation)
    {
        await host.SendAsync(
            new PublishPolicy { Name = PolicyName, By = Operator, Document = Policy, Note = "shipped" }, cancellation);
        await host.SendAsync(new ActivatePolicy { Name = PolicyName, By = Operator, Note = "shipped" }, cancellation);
        foreach (var check in RequiredDrills) await RehearseAsync(host, check, true, cancellation);
    }

    public static Task<SafetyRecording> RehearseAsync(
        LedgerHost host, string check, bool passed, CancellationToken cancellation, int minutes = 0,
        string rollbackTarget = "release-2026-02-20") =>
        host.SendAsync(
            new SubmitDrill(new RecordDrill
            {
                By = Operator,
                Check = check,
                Passed = passed,
                PerformedAt = Instant.Of(EvaluatedAt.ToDateTimeOffset().AddMinutes(minutes)),
                RollbackTarget = rollbackTarget,
            }),
            cancellation);

    public Task<Recording> SubmitAsync(LedgerHost host, CancellationToken cancellation) => host.SendAsync(_submission, cancellation);

    public Task<Recording> ApproveAsync(
        LedgerHost host,
        CancellationToken cancellation,
        Submitter? by = null,
        string reason = "reviewed",
        PromotionTarget target = PromotionTarget.Paper) => host.SendAsync(
        new ApprovePromotion
        {
            CandidateId = CandidateId,
            By = by ?? Approver,
            EvaluationId = EvaluationId,
            Target = target,
            ExpiresIn = TimeSpan.FromDays(7),
            Reason = reason,
        },
        cancellation);

    public Task<PromotionAnswer> RequestAsync(
        LedgerHost host, CancellationToken cancellation, Submitter? by = null, PromotionTarget? target = null) => host.SendAsync(
        new RequestPromotion { CandidateId = CandidateId, By = by ?? Worker, EvaluationId = EvaluationId, Target = target }, cancellation);

    /// <summary>Submits, approves and requests.</summary>
    public async Task<PromotionAnswer> PromoteAsync(LedgerHost host, CancellationToken cancellation)
    {
        await SubmitAsync(host, cancellation);
        await ApproveAsync(host, cancellation);
        return await RequestAsync(host, cancellation);
    }

    private static string StrategiesOf((int Buy, int Sell, int Quantity) parameters) =>
        $$"""
        {"strategies":[{"strategy_id":"macd-rsi","strategy_type":"legacy_macd_rsi","version":"1.0.0","base_timeframe":"1Min","priority":10,
          "params":{"buy_rsi_threshold":{{parameters.Buy}},"sell_rsi_threshold":{{parameters.Sell}},"qty":{{parameters.Quantity}} } }]}
        """;

    private static LaneDocument Document(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static byte[] Shipped(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "JanusQ.Ledger.sln"))) folder = folder.Parent;
        return File.ReadAllBytes(Path.Combine([folder!.FullName, .. parts]));
    }
}
