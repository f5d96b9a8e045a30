using System.Globalization;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Decisions;
using JanusQ.Ledger.Cli.Lane;
using JanusQ.Ledger.Cli.Promotions;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Safety;
using Spectre.Console;
using LaneRun = JanusQ.Ledger.Core.Lane.LaneRun;

namespace JanusQ.Ledger.Cli.Demo;

/// <summary>
/// The demo's story: a policy and rehearsals, runs that are denied for one reason each, a promotion, a champion replaced and rolled back, a
/// promotion that is refused again, and in the end every decision derived once more.
/// </summary>
internal sealed class DemoStory(LedgerSession session, Terminal terminal)
{
    private const string PolicyName = "autonomy-gates-v3";
    private const PromotionTarget Target = PromotionTarget.Paper;

    private static readonly Instant EvaluatedAt = Instant.Parse("2026-02-25T12:00:00Z");

    private static readonly string[] Rehearsed =
        ["operational_ready", "runbook_validated", "killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"];

    private static readonly Submitter Operator = new("olga", Roles.Operator);
    private static readonly Submitter Approver = new("anna", Roles.Approver);

    private readonly List<JsonValue> _chapters = [];

    private Submitter Worker => new(session.Actor, Roles.Worker);

    public async Task<Answer> TellAsync(CancellationToken cancellation)
    {
        Say("server", session.Facts.ToString(), JsonObject.Of(("version", session.Facts.Version)));
        var (first, second, weak) =
            (Submission(Shipped.FirstStrategies), Submission(Shipped.SecondStrategies), Submission(Shipped.SampleStrategies));
        await PrepareAsync(cancellation).ConfigureAwait(false);

        Chapter("A lane turns signals into evidence, and the ledger records it");
        var submitted = await RunAsync("recorded", first, cancellation).ConfigureAwait(false);
        await TellRecordingAsync(submitted, cancellation).ConfigureAwait(false);

        Chapter("Denied: the worker is sure, but nobody else has approved it");
        await DecideAsync("denied_without_approval", first, PromotionAction.Deny, cancellation).ConfigureAwait(false);

        Chapter("Approved by somebody who had no part in the run: promoted");
        await ApproveAsync(first, cancellation).ConfigureAwait(false);
        await DecideAsync("promoted", first, PromotionAction.Promote, cancellation).ConfigureAwait(false);

        Chapter("Denied: other strategies that do not beat the baseline");
        await RunAsync("recorded_weak", weak, cancellation).ConfigureAwait(false);
        await DecideAsync("denied_by_evidence", weak, PromotionAction.Deny, cancellation).ConfigureAwait(false);

        await TellChallengeAsync(first, second, cancellation).ConfigureAwait(false);

        Chapter("Everything that happened to the first candidate, in order");
        var candidateId = first.Identity.CandidateId;
        var history = await session.Questions.HistoryAsync(candidateId, cancellation).ConfigureAwait(false);
        Tell("history", new Answer(
            JsonObject.Of(("events", JsonArray.OfTexts(history.Select(recorded => recorded.Type)))),
            console => CandidateHistoryCommand.Show(console, history)));

        Chapter("Looking back: the candidate as it was at version 3");
        var earlier = await session.Questions.CandidateAtVersionAsync(candidateId, 3, cancellation).ConfigureAwait(false)
            ?? throw new CliFailure(ExitCode.IntegrityViolation, "history_lost", "The candidate's state at version 3 cannot be derived.");
        Tell("earlier", new Answer(CandidateDocument.Of(earlier), console => CandidateView.Show(console, earlier)));

        Chapter("Stored artifacts are recomputed, not believed");
        await VerifyAsync(candidateId, cancellation).ConfigureAwait(false);

        Chapter("Every decision is derived again from what it recorded");
        var replayed = await DecisionCommands.ReplayAllAsync(session, terminal, cancellation).ConfigureAwait(false);
        Tell("replayed", replayed);
        if (replayed.ExitCode != ExitCode.Done)
            throw new CliFailure(
                ExitCode.IntegrityViolation, "decision_not_reproducible", "A decision does not replay to what is recorded.");
        return new Answer(JsonObject.Of(("story", new JsonArray(_chapters))), console =>
            console.MarkupLine("\nNow on your own signals: [bold]janusq lane run --signals FILE --strategy-config FILE --promotion-target "
                + "paper --output-dir out[/]"));
    }

    private static LaneSubmission Submission(LaneDocument strategies) => new(
        new LaneInputs
        {
            Signals = Shipped.SampleSignals,
            StrategyConfig = strategies,
            GatePolicy = Shipped.GatePolicy,
            StrategyConfigMap = Shipped.SampleConfigMap,
            ForecastMetrics = Shipped.SampleForecastMetrics,
            RollbackReadiness = Shipped.SampleRollbackReadiness,
        },
        Target,
        "demo");

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        Chapter("An operator publishes a policy and rehearses the safety controls");
        var ledger = session.Commands;
        var published = await ledger.SendAsync(
            new PublishPolicy { Name = PolicyName, By = Operator, Document = Shipped.GatePolicy.Bytes, Note = "the shipped policy" },
            cancellation).ConfigureAwait(false);
        await ledger.SendAsync(
            new ActivatePolicy { Name = PolicyName, By = Operator, Note = "for the demo" }, cancellation).ConfigureAwait(false);
        foreach (var check in Rehearsed)
        {
            var drill = new RecordDrill
            {
                By =
                Operator,
                Check = check,
                Passed = true,
                PerformedAt = Now,
                RollbackTarget = "release-2026-02-20"
            };
            await ledger.SendAsync(new SubmitDrill(drill), cancellation).ConfigureAwait(false);
        }

        var policy = published.Policy!;
        Say(
            "prepared",
            $"Policy {PolicyName} version {policy.Version} ({policy.PolicySha256}) is active. Rehearsed: {string.Join(", ", Rehearsed)}.",
            JsonObject.Of(("policy_sha256", policy.PolicySha256), ("rehearsed", JsonArray.OfTexts(Rehearsed))));
    }

    private async Task TellRecordingAsync(SubmitLaneRun submitted, CancellationToken cancellation)
    {
        Chapter("The same run again changes nothing");
        var again = await session.Commands.SendAsync(submitted, cancellation).ConfigureAwait(false);
        Say(
            "repeated",
            $"Outcome: {again.Outcome}; {again.Appended} events appended, the candidate stays at version {again.CandidateVersion}.",
            JsonObject.Of(("outcome", again.Outcome.ToString()), ("appended", again.Appended)));

        Chapter("One changed byte in an artifact is a conflict: the attempt is recorded, nothing else changes");
        var conflict = await session.Commands.SendAsync(Falsify(submitted), cancellation).ConfigureAwait(false);
        Say(
            "contradicted",
            $"Outcome: {conflict.Outcome}. "
            + $"{string.Join(Environment.NewLine, conflict.Differences.Select(difference => difference.Text()))}",
            JsonObject.Of(
                ("outcome", conflict.Outcome.ToString()),
                ("differences", new JsonArray(conflict.Differences.Select(CandidateDocument.Of)))));
    }

    private async Task TellChallengeAsync(LaneSubmission first, LaneSubmission second, CancellationToken cancellation)
    {
        var ledger = session.Commands;
        var challenger = second.Identity.CandidateId;
        Chapter("Denied: a challenger arrives while the kill switch is engaged");
        await RunAsync("recorded_challenger", second, cancellation).ConfigureAwait(false);
        await ApproveAsync(second, cancellation).ConfigureAwait(false);
        await ledger.SendAsync(
            new EngageKillSwitch { By = Operator, Reason = "a broker reports stale quotes" }, cancellation).ConfigureAwait(false);
        await DecideAsync("denied_by_kill_switch", second, PromotionAction.Deny, cancellation).ConfigureAwait(false);

        Chapter("Denied: the kill switch is released, the challenger is paused for a review");
        await ledger.SendAsync(
            new ReleaseKillSwitch { By = Operator, Reason = "quotes are fresh again" }, cancellation).ConfigureAwait(false);
        await ledger.SendAsync(
            new PauseCandidate { CandidateId = challenger, By = Operator, Reason = "review" }, cancellation).ConfigureAwait(false);
        await DecideAsync("denied_while_paused", second, PromotionAction.Deny, cancellation).ConfigureAwait(false);

        Chapter("The challenger is resumed and takes the champion's place");
        await ledger.SendAsync(
            new ResumeCandidate { CandidateId = challenger, By = Operator, Reason = "reviewed" }, cancellation).ConfigureAwait(false);
        await DecideAsync("replaced", second, PromotionAction.Promote, cancellation).ConfigureAwait(false);

        Chapter("Rolled back: the first candidate is champion again");
        var back = await ledger.SendAsync(
            new RollBackChampion { CandidateId = challenger, By = Operator, Target = Target, Reason = "it trades too much" },
            cancellation).ConfigureAwait(false);
        Expect(back.Champion == first.Identity.CandidateId, "the predecessor is champion again");
        Tell("rolled_back", PlaceCommands.ToAnswer(back));

        Chapter("Denied: what was rolled back is not promoted again until an operator clears it");
        await ApproveAsync(second, cancellation).ConfigureAwait(false);
        await DecideAsync("denied_after_roll_back", second, PromotionAction.Deny, cancellation).ConfigureAwait(false);
    }

    private async Task<SubmitLaneRun> RunAsync(string chapter, LaneSubmission submission, CancellationToken cancellation)
    {
        var (run, submitted) = await terminal.ProgressAsync(async addTask =>
        {
            var task = addTask("running the lane over the sample");
            var outcome = LaneRun.Execute(submission.Inputs, new LaneArguments
            {
                PromotionTarget = submission.Target.Name(),
                EvaluatedAt = EvaluatedAt.ToString(),
                CodeVersion = submission.CodeVersion,
            });
            task?.Increment(50);
            var toSubmit = submission.Of(outcome, EvaluatedAt, Worker);
            var recording = await session.Commands.SendAsync(toSubmit, cancellation).ConfigureAwait(false);
            task?.Increment(50);
            return (new LaneRunReport(outcome) { Recording = recording, EvaluatedAt = EvaluatedAt, CodeVersion = submission.CodeVersion },
                toSubmit);
        }).ConfigureAwait(false);
        Tell(chapter, run.ToAnswer());
        return submitted;
    }

    private Task<Recording> ApproveAsync(LaneSubmission submission, CancellationToken cancellation) => session.Commands.SendAsync(
        new ApprovePromotion
        {
            CandidateId = submission.Identity.CandidateId,
            By = Approver,
            Target = Target,
            ExpiresIn = TimeSpan.FromDays(7),
            Reason = "evidence reviewed",
        },
        cancellation);

    private async Task DecideAsync(string chapter, LaneSubmission submission, PromotionAction expected, CancellationToken cancellation)
    {
        var answer = await session.Commands.SendAsync(
            new RequestPromotion { CandidateId = submission.Identity.CandidateId, By = Worker, Target = Target },
            cancellation).ConfigureAwait(false);
        Tell(chapter, PromoteCommand.ToAnswer(answer, failOnDeny: false));
        Expect(answer.Decision!.Action == expected, $"the decision is to {expected.Name()}");
    }

    private static Instant Now => Instant.Of(TimeProvider.System.GetUtcNow());

    private static void Expect(bool holds, string what)
    {
        if (!holds) throw new CliFailure(ExitCode.Failed, "story_went_wrong", $"The story goes wrong: expected that {what}.");
    }

    private static SubmitArtifact Falsify(SubmitLaneRun submitted)
    {
        var original = submitted.Artifacts.Single(artifact => artifact.Path == LanePaths.EventCar);
        var bytes = original.Content.Bytes.ToArray();
        var digit = Array.FindLastIndex(bytes, value => value is >= (byte)'0' and <= (byte)'9');
        bytes[digit] = (byte)(bytes[digit] == '9' ? '0' : bytes[digit] + 1);
        var start = submitted.Start;
        return new SubmitArtifact(start.CandidateId, start.EvaluationId, original with { Content = new DocumentContent(bytes) }, start.By);
    }

    private async Task VerifyAsync(string candidateId, CancellationToken cancellation)
    {
        var candidate = await session.Questions.CandidateAsync(candidateId, cancellation).ConfigureAwait(false)
            ?? throw new CliFailure(ExitCode.IntegrityViolation, "candidate_lost", "The candidate that was just recorded is not there.");
        var artifacts = candidate.Evaluations[^1].Artifacts;
        var eventCar = await ReadAsync(artifacts, LanePaths.EventCar, cancellation).ConfigureAwait(false);
        var reward = await ReadAsync(artifacts, LanePaths.Reward, cancellation).ConfigureAwait(false);
        var findings = ArtifactVerification.VerifyEventCar(eventCar).Concat(ArtifactVerification.VerifyReward(reward, eventCar)).ToArray();
        Say(
            "verified",
            findings.Length == 0
                ? "Manifest hashes, ids, counts, directions, gates and rewards all follow from the stored entries."
                : string.Join(Environment.NewLine, findings.Select(finding => finding.ToString())),
            JsonObject.Of(("findings", JsonArray.OfTexts(findings.Select(finding => finding.ToString())))));
        if (findings.Length > 0)
        {
            throw new CliFailure(
                ExitCode.IntegrityViolation,
                "artifact_not_reproducible",
                $"{findings.Length.ToString(CultureInfo.InvariantCulture)} members of the stored artifacts do not follow "
                + "from their entries.");
        }
    }

    private async Task<JsonValue> ReadAsync(ArtifactSet artifacts, string path, CancellationToken cancellation)
    {
        var artifact = artifacts.Find(path)
            ?? throw new CliFailure(ExitCode.IntegrityViolation, "artifact_missing", $"The evaluation has no {path}.");
        var bytes = await session.Questions.ReadContentAsync(artifact.Sha256, cancellation).ConfigureAwait(false)
            ?? throw new CliFailure(
                ExitCode.IntegrityViolation, "content_missing", $"The bytes of {path} ({artifact.Sha256}) are not stored.");
        return JsonValue.Read(bytes);
    }

    private void Chapter(string title)
    {
        if (terminal.Format == OutputFormat.Table) terminal.Out.MarkupLineInterpolated($"\n[bold yellow]{title}[/]");
    }

    private void Say(string chapter, string text, JsonObject document) =>
        Tell(chapter, new Answer(document, console => console.WriteLine(text)));

    private void Tell(string chapter, Answer answer)
    {
        _chapters.Add(JsonObject.Of(("chapter", chapter), ("result", answer.Document)));
        if (terminal.Format == OutputFormat.Table) answer.Show(terminal.Out);
    }
}
