using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary><c>janusq lane run</c>: runs the lane over files, records the run and writes what it emits.</summary>
internal static class LaneRunCommand
{
    /// <summary>The word for the present moment as <c>--evaluated-at</c>.</summary>
    private const string Now = "now";

    public static Command Create(GlobalOptions options)
    {
        var signals = new Option<string>("--signals")
        {
            Description = "Signals document, a JSON array; a name ending in .gz is unpacked.",
            Required = true,
        };
        var strategies = new Option<string>("--strategy-config") { Description = "Strategy configuration, JSON or YAML.", Required = true };
        var policy = new Option<string?>("--gate-policy") { Description = "Gate policy, JSON. Without it the shipped policy." };
        var configMap = Document("--strategy-configmap", "Config map that a paper patch patches, YAML or JSON.");
        var forecast = Document("--forecast-metrics", "Metrics of the forecasts, JSON.");
        var readiness = Document("--rollback-readiness", "Readiness for rollback and operation, JSON.");
        var tca = Document("--tca-metrics", "Execution quality, JSON.");
        var llm = Document("--llm-metrics", "Errors of language models, JSON.");
        var drift = Document("--drift-evidence", "Evidence about drift, JSON.");
        var approval = new Option<string?>("--approval") { Description = "Approval token that is presented for live." };
        var output = new Option<string?>("--output-dir")
        {
            Description = "Folder for the emitted files. Without it they are only recorded.",
        };
        var target = new Option<string>("--promotion-target") { Description = "What the candidate is to be promoted to.", Required = true };
        target.AcceptOnlyFromAmong("shadow", "paper", "live");
        var codeVersion = new Option<string>("--code-version")
        {
            Description = "Version of the code that runs, as recorded.",
            DefaultValueFactory = _ => ProgramVersion.Text,
        };
        var evaluatedAt = new Option<string?>("--evaluated-at")
        {
            Description = "The instant that counts as now in the run. Without it that of the same evaluation where one is recorded, "
                + "else the present; "
                + "'now' always evaluates anew.",
        };
        evaluatedAt.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && text != Now && !Instant.TryParse(text, out _))
                result.AddError($"--evaluated-at '{text}' is not a timestamp such as 2026-02-25T06:00:00Z, and not 'now'.");
        });
        var failOnDeny = new Option<bool>("--fail-on-deny") { Description = "End with 10 where the promotion is denied." };
        var noRecord = new Option<bool>("--no-record") { Description = "Record nothing: no database is needed." };

        var command = new Command("run", "Runs a lane over signals and strategies, records the run and writes what it emits.");
        Option[] all =
        [
            signals, strategies, policy, output, target, configMap, forecast, readiness, tca, llm, drift, approval, codeVersion,
            evaluatedAt, noRecord, failOnDeny,
        ];
        foreach (var option in all) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(noRecord) && result.GetValue(output) is null)
                result.AddError("--no-record without --output-dir would leave nothing at all.");
        });
        command.Runs(options, (parsed, terminal, cancellation) =>
        {
            _ = PromotionTargets.TryParse(parsed.GetRequiredValue(target), out var parsedTarget);
            var text = parsed.GetValue(evaluatedAt);
            return new LaneRunner(terminal, options, parsed)
            {
                Files = new LaneFiles
                {
                    Signals = parsed.GetRequiredValue(signals),
                    StrategyConfig = parsed.GetRequiredValue(strategies),
                    GatePolicy = parsed.GetValue(policy),
                    StrategyConfigMap = parsed.GetValue(configMap),
                    ForecastMetrics = parsed.GetValue(forecast),
                    RollbackReadiness = parsed.GetValue(readiness),
                    TcaMetrics = parsed.GetValue(tca),
                    LlmMetrics = parsed.GetValue(llm),
                    DriftEvidence = parsed.GetValue(drift),
                },
                ApprovalToken = parsed.GetValue(approval),
                FailOnDeny = parsed.GetValue(failOnDeny),
                OutputDirectory = parsed.GetValue(output),
                Target = parsedTarget,
                CodeVersion = parsed.GetRequiredValue(codeVersion),
                EvaluatedAt = text is null or Now ? null : Instant.Parse(text),
                EvaluateAnew = text == Now,
                Record = !parsed.GetValue(noRecord),
            }.RunAsync(cancellation);
        });
        return command;
    }

    private static Option<string?> Document(string name, string description) => new(name) { Description = description };
}
