using System.CommandLine;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Promotions;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Ingest;
using JanusQ.Ledger.Promotions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>
/// <c>janusq lane ingest</c>: records a finished run from its folder, whatever language the lane is written in, and decides.
/// </summary>
internal static class LaneIngestCommand
{
    public static Command Create(GlobalOptions options)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "The folder of the finished run: the emitted files, with the documents that entered under inputs/NAME/REF; "
                + "or args.json, input/ and expected/ (or output/).",
        };
        var documents = FinishedLane.InputNames.ToDictionary(
            name => name,
            name => new Option<string?>("--" + name.Replace('_', '-'))
            {
                Description = $"The document {name} that entered the run, where the folder does not hold it.",
            });
        var failOnDeny = new Option<bool>("--fail-on-deny") { Description = "Ends with 10 where the decision is a denial." };
        var command = new Command("ingest", "Records a finished run from its folder: verifies every hash, recomputes, and decides.")
        {
            folder,
            failOnDeny,
        };
        foreach (var option in documents.Values) command.Options.Add(option);
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var given = documents.Where(document => parsed.GetValue(document.Value) is not null)
                .ToDictionary(document => document.Key, document => parsed.GetValue(document.Value)!);
            var lane = await LaneFolder.Open(parsed.GetRequiredValue(folder)).ReadAsync(given, cancellation).ConfigureAwait(false);
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var (recording, decided) = await session.Commands.IngestAsync(
                lane, session.As(Roles.Worker), cancellation).ConfigureAwait(false);
            if (recording.Refusal is { } refusal) throw refusal.ToFailure();
            if (recording.Outcome == CommandOutcome.Conflict) return Conflict(recording);
            if (decided!.Refusal is { } undecided) throw undecided.ToFailure();
            return ToAnswer(lane, recording, decided, parsed.GetValue(failOnDeny));
        });
        return command;
    }

    private static Answer ToAnswer(FinishedLane lane, Recording recording, PromotionAnswer decided, bool failOnDeny)
    {
        var status = recording.Outcome == CommandOutcome.Recorded ? "recorded" : "unchanged";
        return new Answer(
            JsonObject.Of(
                ("status", status),
                ("candidate_id", lane.CandidateId),
                ("run_id", lane.RunId),
                ("evaluation_id", recording.EvaluationId),
                ("promotion_target", lane.Target.Name()),
                ("appended", recording.Appended),
                ("promotion", PromoteCommand.ToJson(decided))),
            console =>
            {
                console.WriteLine($"{lane.CandidateId}  run {lane.RunId}: evaluation {recording.EvaluationId} is {status}.");
                PromoteCommand.Show(console, decided);
            })
        {
            ExitCode = failOnDeny && decided.Decision!.Action == PromotionAction.Deny ? ExitCode.Denied : ExitCode.Done,
        };
    }

    private static Answer Conflict(Recording recording) => new(
        JsonObject.Of(
            ("status", "conflict"),
            ("candidate_id", recording.CandidateId),
            ("evaluation_id", recording.EvaluationId),
            ("conflicts", new JsonArray(recording.Differences.Select(difference => (JsonValue)CandidateDocument.Of(difference))))),
        console =>
        {
            console.WriteLine($"Conflict: evaluation {recording.EvaluationId} is recorded with other content. The attempt is recorded, "
                + "nothing else changed.");
            foreach (var difference in recording.Differences) console.WriteLine($"  differs: {difference.Text()}");
        })
    {
        ExitCode = ExitCode.Conflict,
    };
}
