using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary><c>janusq policy dry-run</c>: what a policy would enforce on a gate report, touching nothing (ledger.md section 7).</summary>
internal static class PolicyDryRunCommand
{
    public static Command Create(GlobalOptions options)
    {
        var policy = new Option<string>("--policy") { Description = "Policy document, JSON.", Required = true };
        var gateReport = new Option<string>("--gate-report") { Description = "Gate report, draft or final, JSON.", Required = true };
        var target = new Option<string?>("--promotion-target") { Description = "The target asked for. Without it the gate report's." };
        target.AcceptOnlyFromAmong([.. PromotionTargets.All.Select(known => known.Name())]);
        var missing = new Option<string?>("--simulate-missing-artifact") { Description = "Path of an artifact that counts as missing." };
        var stale = new Option<bool>("--simulate-stale-rollback") { Description = "The rollback rehearsal counts as too old." };
        var artifacts = new Option<string?>("--artifacts")
        {
            Description = "Folder of the run's artifacts. Without it the one above 'gates' where the gate report stands there, else none.",
        };
        var state = new Option<string?>("--candidate-state")
        {
            Description = "Candidate state, JSON. Without it a candidate that is not paused and was rehearsed just now is assumed.",
        };
        var drift = new Option<string?>("--drift-evidence") { Description = "Evidence about drift, which live needs, JSON." };
        var now = new Option<string?>("--now") { Description = "Counts as now, such as 2026-02-25T06:00:00Z. Without it the present." };
        now.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Instant.TryParse(text, out _))
                result.AddError($"--now '{text}' is not a timestamp such as 2026-02-25T06:00:00Z.");
        });
        var failOnDeny = new Option<bool>("--fail-on-deny") { Description = "End with 10 where the promotion would be denied." };
        var command = new Command("dry-run", "Shows what a policy would enforce on a gate report, touching nothing.")
        {
            policy, gateReport, target, missing, stale, artifacts, state, drift, now, failOnDeny,
        };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            Task<EvaluationFile> ReadAsync(Option<string> option, string name) =>
                EvaluationFile.ReadAsync(name, option.Name, parsed.GetRequiredValue(option), cancellation);
            Task<EvaluationFile?> TryReadAsync(Option<string?> option, string name) =>
                EvaluationFile.TryReadAsync(name, option.Name, parsed.GetValue(option), cancellation);

            var policyFile = await ReadAsync(policy, EvaluationDocuments.Policy).ConfigureAwait(false);
            var report = await ReadAsync(gateReport, EvaluationDocuments.GateReport).ConfigureAwait(false);
            var candidateState = await TryReadAsync(state, EvaluationDocuments.CandidateState).ConfigureAwait(false);
            var driftEvidence = await TryReadAsync(drift, "drift_evidence").ConfigureAwait(false);
            var request = new PolicyDryRunRequest
            {
                Policy = policyFile.ToPolicy(),
                GateReport = report.Document,
                Target = TargetOf(parsed.GetValue(target), report),
                Artifacts = parsed.GetValue(artifacts) is { } folder
                    ? FolderArtifacts.Open(artifacts.Name, folder)
                    : FolderArtifacts.Around(report.Path),
                Now = parsed.GetValue(now) is { } text ? Instant.Parse(text) : Instant.Of(TimeProvider.System.GetUtcNow()),
                CandidateState = candidateState?.Document,
                DriftEvidence = driftEvidence?.Document,
                SimulateMissingArtifact = parsed.GetValue(missing),
                SimulateStaleRollback = parsed.GetValue(stale),
            };
            WarnOfSimulatingNothing(request, terminal);
            var document = PolicyDryRun.Evaluate(request);
            var denied = document["action"] is not JsonText action || action.Value == PromotionAction.Deny.Name();
            return new Answer(document, console => PolicyDryRunView.Show(console, document))
            {
                ExitCode = denied && parsed.GetValue(failOnDeny) ? ExitCode.Denied : ExitCode.Done,
            };
        });
        return command;
    }

    private static PromotionTarget TargetOf(string? asked, EvaluationFile report)
    {
        if (PromotionTargets.TryParse(asked, out var target)) return target;
        try
        {
            return PromotionTargets.Read(report.Document["promotion_target"]);
        }
        catch (RefusedException refused)
        {
            throw new CliFailure(
                ExitCode.Failed,
                refused.Refusal.Code,
                $"--gate-report '{report.Path}': {refused.Refusal.Explanation} Or give --promotion-target.")
            {
                Details = JsonObject.Of(("file", report.Path), ("refused", refused.Refusal.ToJson())),
            };
        }
    }

    /// <summary>A mistyped path would simulate nothing and look like a pass.</summary>
    private static void WarnOfSimulatingNothing(PolicyDryRunRequest request, Terminal terminal)
    {
        if (request.SimulateMissingArtifact is not { } path || request.Artifacts.Contains(path)) return;
        if (PolicyRequirements.Of(request.Policy.Policy, request.Target).RequiredArtifacts.Contains(path, StringComparer.Ordinal)) return;
        terminal.Notice($"--simulate-missing-artifact '{path}' changes nothing: there is no such artifact, and none is required.");
    }
}
