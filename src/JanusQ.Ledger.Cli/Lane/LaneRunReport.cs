using System.Globalization;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Promotions;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Lane;
using JanusQ.Ledger.Core.Promotion;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Promotions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>What a lane run says at its end: the verdict with its reasons in words, what was recorded, and where the files are.</summary>
internal sealed record LaneRunReport(LaneOutcome Outcome)
{
    private const int MostErrorsShown = 5;

    public required Recording? Recording { get; init; }

    /// <summary>The ledger's decision on the recorded run; none where nothing was recorded.</summary>
    public PromotionAnswer? Promotion { get; init; }

    public required Instant EvaluatedAt { get; init; }

    public required string CodeVersion { get; init; }

    public string? Folder { get; init; }

    public bool FailOnDeny { get; init; }

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
            CommandOutcome.Refused => RefusalAnswer.ExitOf(Recording.Refusal!),
            _ => FailOnDeny && (Promotion?.Decision?.Action ?? Outcome.Recommendation.Action) == PromotionAction.Deny
                ? ExitCode.Denied
                : ExitCode.Done,
        },
    };

    private JsonObject ToJson() => JsonObject.Of(
        ("status", Status),
        ("candidate_id", Outcome.Identity.CandidateId),
        ("run_id", Outcome.Identity.RunId),
        ("evaluation_id", Recording?.EvaluationId),
        ("candidate_version", Recording is null ? JsonValue.Null : Promotion?.CandidateVersion ?? Recording.CandidateVersion),
        ("last_sequence", Recording?.LastSequence is { } sequence ? sequence : JsonValue.Null),
        ("promotion_target", Outcome.Target.Name()),
        ("evaluated_at", EvaluatedAt.ToString()),
        ("code_version", CodeVersion),
        ("verdict", JsonObject.Of(
            ("action", Outcome.Recommendation.Action.Name()),
            ("eligible", Outcome.Recommendation.Eligible),
            ("recommended_mode", Outcome.GateReport.RecommendedMode.Name()),
            ("reasons", new JsonArray(Outcome.Recommendation.Reasons.Select(code => JsonObject.Of(
                ("code", code), ("explanation", Explain(code)))))),
            ("gate_report_trace_id", Outcome.GateReportTraceId),
            ("recommendation_trace_id", Outcome.Recommendation.TraceId))),
        ("promotion", Promotion is { Decision: not null } decided ? PromoteCommand.ToJson(decided) : JsonValue.Null),
        ("candidate_hash", Outcome.CandidateHash),
        ("signal_count", Outcome.SignalCount),
        ("decision_count", Outcome.DecisionCount),
        ("runtime_errors", JsonArray.OfTexts(Outcome.RuntimeErrors.Distinct().Order(CodePoints.Order))),
        ("evidence_summary", Outcome.Evidence.Json),
        ("paper_patch", Outcome.PaperPatchPath),
        ("output_dir", Folder),
        ("files", new JsonArray(Outcome.Files.Append(Outcome.GateInputsFile).Select(file => JsonObject.Of(
            ("path", file.Path), ("sha256", file.Hash), ("size", file.Size))))),
        ("conflicts", new JsonArray((Recording?.Differences ?? []).Select(CandidateDocument.Of))),
        ("refusal", Recording?.Refusal?.ToJson() ?? JsonValue.Null));

    private void Show(IAnsiConsole console)
    {
        var run = $"run {Outcome.Identity.RunId}  for {Outcome.Target.Name()}, evaluated at {EvaluatedAt}";
        console.MarkupLineInterpolated($"[bold]{Outcome.Identity.CandidateId}[/]  {run}");
        Summarize(console);
        ShowVerdict(console);
        console.WriteLine(Status switch
        {
            "recorded" => $"Recorded: evaluation {Recording!.EvaluationId}, {Number(Recording.Appended)} events, candidate version "
                + $"{Number(Recording.CandidateVersion)}.",
            "unchanged" => $"Nothing changed: evaluation {Recording!.EvaluationId} is recorded already, with the same content.",
            "conflict" => $"Conflict: evaluation {Recording!.EvaluationId} is recorded with other content. The attempt is recorded, "
                + "nothing else changed.",
            "refused" => $"Refused: {Recording!.Refusal!.Explanation}",
            _ => "Not recorded, as asked.",
        });
        if (Promotion is { Decision: not null }) PromoteCommand.Show(console, Promotion);
        foreach (var difference in Recording?.Differences ?? []) console.WriteLine($"  differs: {difference.Text()}");
        if (Folder is not null)
            console.WriteLine($"{Number(Outcome.Files.Count + 1)} files in {Folder}, the verdict in {LanePaths.GateReport}");
    }

    private void ShowVerdict(IAnsiConsole console)
    {
        var recommendation = Outcome.Recommendation;
        var colour = recommendation.Action switch { PromotionAction.Promote => "green", PromotionAction.Hold => "yellow", _ => "red" };
        console.MarkupLineInterpolated($"Verdict of the lane: [{colour}]{recommendation.Action.Name()}[/], {recommendation.Rationale}");
        if (recommendation.Reasons.Count == 0) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("reason", "what it means");
        foreach (var code in recommendation.Reasons) table.AddRow(Markup.Escape(code), Markup.Escape(Explain(code) ?? ""));
        console.Write(table);
    }

    private void Summarize(IAnsiConsole console)
    {
        var (events, rewards) = (Outcome.Events, Outcome.Rewards);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("what", "count", "of it");
        table.AddRow("signals", Number(Outcome.SignalCount), "");
        table.AddRow("events", Number(events.EventCount), $"{Number(events.Longs)} long, {Number(events.Shorts)} short, "
            + $"{Number(events.Neutrals)} neutral, {Number(events.Strongs)} strong");
        table.AddRow("decisions", Number(Outcome.DecisionCount), "");
        table.AddRow(
            "rewards",
            Number(rewards.RewardCount),
            $"{Number(rewards.EventMappedCount)} with their event, mean {Shorten(rewards.MeanFinalReward.ToArtifactText())}");
        console.Write(table);
        console.WriteLine(Outcome.Evidence.IsComplete
            ? "The Janus evidence is complete."
            : $"The Janus evidence is not complete: {string.Join(", ", Outcome.Evidence.Reasons)}.");
        var errors = Outcome.RuntimeErrors.GroupBy(error => error, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ToArray();
        foreach (var error in errors.Take(MostErrorsShown))
            console.WriteLine($"  runtime error, {Number(error.Count())} times: {error.Key}");
        if (errors.Length > MostErrorsShown) console.WriteLine($"  and {Number(errors.Length - MostErrorsShown)} other runtime errors");
    }

    private static string? Explain(string code) => ReasonCatalogue.Find(code)?.Meanings[0].Explanation;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length > 12 ? text[..12] + "…" : text;
}
