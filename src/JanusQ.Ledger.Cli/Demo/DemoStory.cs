using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Lane;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.LaneRuns;
using Spectre.Console;
using LaneRun = JanusQ.Ledger.Core.Lane.LaneRun;

namespace JanusQ.Ledger.Cli.Demo;

/// <summary>The demo's story: a run is recorded, repeated, contradicted, looked back upon and verified.</summary>
internal sealed class DemoStory(LedgerSession session, Terminal terminal)
{
    private static readonly Instant EvaluatedAt = Instant.Parse("2026-02-25T06:00:00Z");

    private readonly List<JsonValue> _chapters = [];

    public async Task<Answer> TellAsync(CancellationToken cancellation)
    {
        Say("server", session.Facts.ToString(), JsonObject.Of(("version", session.Facts.Version)));
        var submission = new LaneSubmission(
            new LaneInputs { Signals = Shipped.SampleSignals, StrategyConfig = Shipped.SampleStrategies, GatePolicy = Shipped.GatePolicy },
            PromotionTarget.Paper,
            "demo");

        Chapter("A lane turns signals into evidence, and the ledger records it");
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
            var toSubmit = submission.Of(outcome, EvaluatedAt, session.As(Roles.Worker));
            var recording = await session.SubmitAsync(toSubmit, cancellation).ConfigureAwait(false);
            task?.Increment(50);
            return (new LaneRunReport(outcome) { Recording = recording, EvaluatedAt = EvaluatedAt, CodeVersion = submission.CodeVersion }, toSubmit);
        }).ConfigureAwait(false);
        Tell("recorded", run.ToAnswer());

        Chapter("The same run again changes nothing");
        var again = await session.SubmitAsync(submitted, cancellation).ConfigureAwait(false);
        Say(
            "repeated",
            $"Outcome: {again.Outcome}; {again.Appended} events appended, the candidate stays at version {again.CandidateVersion}.",
            JsonObject.Of(("outcome", again.Outcome.ToString()), ("appended", again.Appended)));

        Chapter("One changed byte in an artifact is a conflict: the attempt is recorded, nothing else changes");
        var conflict = await session.Ledger.SendAsync(Falsify(submitted), cancellation).ConfigureAwait(false);
        Say(
            "contradicted",
            $"Outcome: {conflict.Outcome}. {string.Join(Environment.NewLine, conflict.Differences.Select(difference => difference.Text()))}",
            JsonObject.Of(("outcome", conflict.Outcome.ToString()), ("differences", new JsonArray(conflict.Differences.Select(CandidateDocument.Of)))));

        var candidateId = submission.Identity.CandidateId;
        Chapter("Everything that happened, in order");
        var history = await session.Ledger.Queries.HistoryAsync(candidateId, cancellation).ConfigureAwait(false);
        Tell("history", new Answer(
            JsonObject.Of(("events", JsonArray.OfTexts(history.Select(recorded => recorded.Type)))),
            console => CandidateHistoryCommand.Show(console, history)));

        Chapter("Looking back: the candidate as it was at version 3");
        var earlier = await session.Ledger.Queries.CandidateAtVersionAsync(candidateId, 3, cancellation).ConfigureAwait(false)
            ?? throw new CliFailure(ExitCode.IntegrityViolation, "history_lost", "The candidate's state at version 3 cannot be derived.");
        Tell("earlier", new Answer(CandidateDocument.Of(earlier), console => CandidateView.Show(console, earlier)));

        Chapter("Stored artifacts are recomputed, not believed");
        await VerifyAsync(candidateId, cancellation).ConfigureAwait(false);
        return new Answer(JsonObject.Of(("story", new JsonArray(_chapters))), console =>
            console.MarkupLine("\nNow on your own signals: [bold]janusq lane run --signals FILE --strategy-config FILE --promotion-target paper --output-dir out[/]"));
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
        var candidate = await session.Ledger.Queries.CandidateAsync(candidateId, cancellation).ConfigureAwait(false)
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
                $"{findings.Length.ToString(CultureInfo.InvariantCulture)} members of the stored artifacts do not follow from their entries.");
        }
    }

    private async Task<JsonValue> ReadAsync(ArtifactSet artifacts, string path, CancellationToken cancellation)
    {
        var artifact = artifacts.Find(path) ?? throw new CliFailure(ExitCode.IntegrityViolation, "artifact_missing", $"The evaluation has no {path}.");
        var bytes = await session.Ledger.Content.ReadAsync(artifact.Sha256, cancellation).ConfigureAwait(false)
            ?? throw new CliFailure(ExitCode.IntegrityViolation, "content_missing", $"The bytes of {path} ({artifact.Sha256}) are not stored.");
        return JsonValue.Read(bytes);
    }

    private void Chapter(string title)
    {
        if (terminal.Format == OutputFormat.Table) terminal.Out.MarkupLineInterpolated($"\n[bold yellow]{title}[/]");
    }

    private void Say(string chapter, string text, JsonObject document) => Tell(chapter, new Answer(document, console => console.WriteLine(text)));

    private void Tell(string chapter, Answer answer)
    {
        _chapters.Add(JsonObject.Of(("chapter", chapter), ("result", answer.Document)));
        if (terminal.Format == OutputFormat.Table) answer.Show(terminal.Out);
    }
}
