using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>What a lane run says at its end.</summary>
internal sealed record LaneRunReport(DerivedRun Run, Recording? Recording, string? Folder, PromotionTarget Target, string CodeVersion)
{
    private const int MostErrorsShown = 5;

    private string Status => Recording?.Outcome switch
    {
        null => "not_recorded",
        CommandOutcome.Recorded => "recorded",
        CommandOutcome.Unchanged => "unchanged",
        CommandOutcome.Conflict => "conflict",
        _ => "refused",
    };

    public Answer ToAnswer() => new(ToJson(), Show)
    {
        ExitCode = Recording?.Outcome switch
        {
            CommandOutcome.Conflict => ExitCode.Conflict,
            CommandOutcome.Refused => ExitCode.Failed,
            _ => ExitCode.Done,
        },
    };

    private JsonObject ToJson()
    {
        var evidence = Run.Evidence;
        return JsonObject.Of(
            ("status", Status),
            ("candidate_id", Run.Inputs.Identity.CandidateId),
            ("run_id", Run.Inputs.Identity.RunId),
            ("evaluation_id", Recording?.EvaluationId),
            ("candidate_version", Recording is null ? JsonValue.Null : Recording.CandidateVersion),
            ("last_sequence", Recording?.LastSequence is { } sequence ? sequence : JsonValue.Null),
            ("promotion_target", Target.ToText()),
            ("evaluated_at", Run.EvaluatedAt.ToString()),
            ("code_version", CodeVersion),
            ("signal_count", Run.Inputs.Signals.Count),
            ("symbol_count", Run.Inputs.Signals.SymbolCount),
            ("decision_count", evidence.Runtime.Decisions.Count),
            ("runtime_errors", JsonArray.OfTexts(evidence.Runtime.Errors.Distinct().Order(CodePoints.Order))),
            ("evidence_summary", evidence.Summary.Json),
            ("output_dir", Folder),
            ("files", new JsonArray(evidence.Files.Select(file => JsonObject.Of(("path", file.Path), ("sha256", file.Content.FileHash()))))),
            ("conflicts", Differences()),
            ("refusal", Recording?.Refusal?.ToJson() ?? JsonValue.Null));
    }

    private JsonArray Differences() => new((Recording?.Differences ?? []).Select(difference => (JsonValue)CandidateView.DifferenceJson(difference)));

    private void Show(IAnsiConsole console)
    {
        var identity = Run.Inputs.Identity;
        console.MarkupLineInterpolated($"[bold]{identity.CandidateId}[/]  run {identity.RunId}  for {Target.ToText()}, evaluated at {Run.EvaluatedAt}");
        var sentence = Status switch
        {
            "recorded" => $"Recorded: evaluation {Recording!.EvaluationId}, {Recording.Appended} events, candidate version {Recording.CandidateVersion}.",
            "unchanged" => $"Nothing changed: evaluation {Recording!.EvaluationId} is recorded already, with the same content.",
            "conflict" => $"Conflict: evaluation {Recording!.EvaluationId} is recorded with other content. The attempt is recorded, nothing else changed.",
            "refused" => $"Refused: {Recording!.Refusal!.Explanation}",
            _ => "Not recorded, as asked.",
        };
        console.WriteLine(sentence);
        foreach (var difference in Recording?.Differences ?? []) console.WriteLine($"  differs: {difference.Text()}");
        Summarize(console);
        if (Folder is not null) console.WriteLine($"Files: {string.Join(", ", Run.Evidence.Files.Select(file => file.Path))} in {Folder}");
    }

    private void Summarize(IAnsiConsole console)
    {
        var evidence = Run.Evidence;
        var events = evidence.EventCar.Summary;
        var rewards = evidence.Reward.Summary;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("what", "count", "of it");
        table.AddRow("signals", Number(Run.Inputs.Signals.Count), $"{Number(Run.Inputs.Signals.SymbolCount)} symbols");
        table.AddRow("events", Number(events.EventCount), $"{Number(events.Longs)} long, {Number(events.Shorts)} short, {Number(events.Neutrals)} neutral, {Number(events.Strongs)} strong");
        table.AddRow("decisions", Number(evidence.Runtime.Decisions.Count), $"{Number(Run.Inputs.Strategies.Count)} strategies");
        table.AddRow("rewards", Number(rewards.RewardCount), $"{Number(rewards.EventMappedCount)} with their event, mean {Shorten(rewards.MeanFinalReward.ToArtifactText())}");
        console.Write(table);
        console.WriteLine(evidence.Summary.IsComplete
            ? "The Janus evidence is complete."
            : $"The Janus evidence is not complete: {string.Join(", ", evidence.Summary.Reasons)}.");
        var errors = evidence.Runtime.Errors.GroupBy(error => error, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ToArray();
        foreach (var error in errors.Take(MostErrorsShown)) console.WriteLine($"  runtime error, {Number(error.Count())} times: {error.Key}");
        if (errors.Length > MostErrorsShown) console.WriteLine($"  and {Number(errors.Length - MostErrorsShown)} other runtime errors");
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length > 12 ? text[..12] + "…" : text;
}
