using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Decisions;
using JanusQ.Ledger.Decisions;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Decisions;

/// <summary>
/// <c>janusq decision show</c> and <c>decision replay</c>: one decision with every reason and hash; the same derived again.
/// </summary>
internal static class DecisionCommands
{
    public static Command Show(GlobalOptions options)
    {
        var id = new Argument<string>("decision-id") { Description = "The decision, 24 hex digits." };
        var command = new Command("show", "Shows one decision: every step with its reasons, the facts and hashes that it rests on.") { id };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var decision = await FindAsync(session, parsed.GetRequiredValue(id), cancellation).ConfigureAwait(false);
            return new Answer(decision.ToJson(), console => DecisionView.Show(console, decision));
        });
        return command;
    }

    public static Command Replay(GlobalOptions options)
    {
        var id = new Argument<string?>("decision-id") { Description = "The decision, 24 hex digits.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every decision of the ledger." };
        var command = new Command("replay", "Derives a decision again from what it recorded and compares byte for byte.") { id, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(all)) result.AddError("Name one decision, or ask for --all.");
        });
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            if (parsed.GetValue(id) is not { } named) return await ReplayAllAsync(session, terminal, cancellation).ConfigureAwait(false);
            var decision = await FindAsync(session, named, cancellation).ConfigureAwait(false);
            var replay = await session.Questions.ReplayAsync(decision, cancellation).ConfigureAwait(false);
            return new Answer(Document(decision, replay), console => DecisionView.Show(console, decision, replay))
            {
                ExitCode = CodeOf(replay),
            };
        });
        return command;
    }

    /// <summary>Replays every decision; all outcomes are counted, those that do not match are shown.</summary>
    public static Task<Answer> ReplayAllAsync(LedgerSession session, Terminal terminal, CancellationToken cancellation) =>
        terminal.ProgressAsync(async addTask =>
        {
            var bar = addTask("replaying every decision");
            var outcomes = new ConcurrentBag<(RecordedDecision Decision, Replay Replay)>();
            await Parallel.ForEachAsync(
                session.Questions.CandidatesWithDecisionsAsync(cancellation),
                cancellation,
                async (candidateId, cancelled) =>
                {
                    foreach (var decision in await session.Questions.DecisionsOfAsync(candidateId, cancelled).ConfigureAwait(false))
                    {
                        outcomes.Add((decision, await session.Questions.ReplayAsync(decision, cancelled).ConfigureAwait(false)));
                        bar?.Increment(1);
                    }
                }).ConfigureAwait(false);
            var counts = new SortedDictionary<string, int>(
                outcomes.GroupBy(one => one.Replay.Outcome.Name()).ToDictionary(group => group.Key, group => group.Count()),
                StringComparer.Ordinal);
            var others = outcomes.Where(one => one.Replay.Outcome != ReplayOutcome.Match)
                .OrderBy(one => one.Decision.Decided.DecisionId, StringComparer.Ordinal).ToList();
            var document = JsonObject.Of(
                ("replayed", counts.Values.Sum()),
                ("outcomes", new JsonObject(counts.Select(count => new KeyValuePair<string, JsonValue>(count.Key, count.Value)))),
                ("not_matching", new JsonArray(others.Select(other => (JsonValue)Document(other.Decision, other.Replay)))));
            return new Answer(document, console =>
            {
                console.WriteLine(counts.Count == 0
                    ? "There are no decisions."
                    : "Decisions replayed: "
                        + string.Join(", ", counts.Select(count => $"{count.Value.ToString(CultureInfo.InvariantCulture)} {count.Key}"))
                        + ".");
                foreach (var (decision, replay) in others) DecisionView.Show(console, decision, replay);
            })
            {
                ExitCode = others.Count == 0 ? ExitCode.Done : ExitCode.IntegrityViolation,
            };
        });

    private static JsonObject Document(RecordedDecision decision, Replay replay) => new(
    [
        new("candidate_id", decision.CandidateId), .. replay.ToJson().Members,
    ]);

    private static ExitCode CodeOf(Replay replay) => replay.Outcome == ReplayOutcome.Match ? ExitCode.Done : ExitCode.IntegrityViolation;

    private static async Task<RecordedDecision> FindAsync(LedgerSession session, string decisionId, CancellationToken cancellation) =>
        await session.Questions.FindDecisionAsync(decisionId, cancellation).ConfigureAwait(false)
            ?? throw new CliFailure(ExitCode.NotFound, "decision_not_found", $"There is no decision '{decisionId}'.");
}
