using CsCheck;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class CandidateProperties
{
    private static readonly Artifact[] Artifacts = [.. Enumerable.Range(0, 4).Select(i => Given.AnArtifact($"gates/{i}.json", $"{i}"))];

    private static readonly Gen<CandidateCommand> AnyCommand = Gen.OneOf(
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 2], (day, target) =>
            (CandidateCommand)(Given.Start with { EvaluatedAt = Instant.Parse($"2026-01-0{day}"), Target = (PromotionTarget)target })),
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 3], Gen.Int[0, 1], (day, path, text) =>
            (CandidateCommand)(Given.Emit($"gates/{path}.json", $"{text}") with { EvaluationId = EvaluationOn(day) })),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], (day, count) =>
            (CandidateCommand)(Given.Complete(Artifacts[..count]) with { EvaluationId = EvaluationOn(day) })),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], (day, message) =>
            (CandidateCommand)(Given.Fail($"{message}") with { EvaluationId = day == 0 ? null : EvaluationOn(day) })),
        Gen.Int[0, 2].Select(reason => (CandidateCommand)Given.Skip($"{reason}")),
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], (day, count) => (CandidateCommand)Whole(day, count)));

    [Fact]
    public void deciding_twice_yields_no_second_event_and_the_same_answer() => AnyCommand.List[0, 30].Sample(
        commands =>
        {
            Candidate? state = null;
            foreach (var command in commands)
            {
                var first = CandidateDecider.Decide(state, command, Given.Now);
                state = Given.Fold(state, first.Events);
                var second = CandidateDecider.Decide(state, command, Given.Now);
                Assert.Empty(second.Events);
                var expected = first.Outcome == CommandOutcome.Recorded ? CommandOutcome.Unchanged : first.Outcome;
                Assert.Equal(expected, second.Outcome);
                Assert.Equal(first.Differences.AsEnumerable(), second.Differences);
            }
        },
        iter: 2000);

    [Fact]
    public void whatever_is_decided_can_be_folded_and_counted() => AnyCommand.List[0, 40].Sample(
        commands =>
        {
            Candidate? state = null;
            var count = 0;
            foreach (var command in commands)
            {
                var events = CandidateDecider.Decide(state, command, Given.Now).Events;
                count += events.Length;
                state = Given.Fold(state, events);
                if (state is null) continue;
                Assert.Equal(count, state.StreamVersion);
                Assert.Equal(
                    state.Evaluations.Length, state.Evaluations.Select(evaluation => evaluation.Start.EvaluationId).Distinct().Count());
                Assert.Equal(state.Conflicts.Length, state.Conflicts.Distinct().Count());
                foreach (var evaluation in state.Evaluations.Where(evaluation => evaluation.Status == EvaluationStatus.Completed))
                    Assert.Equal(evaluation.Artifacts.Hash(), evaluation.ArtifactSetSha256);
            }
        },
        iter: 2000);

    [Fact]
    public void nothing_that_comes_after_completion_changes_what_was_completed() => AnyCommand.List[0, 30].Sample(
        commands =>
        {
            Candidate? state = Given.After(Whole(1, 3));
            var completed = state.Find(EvaluationOn(1));
            foreach (var command in commands) state = Given.Fold(state, CandidateDecider.Decide(state, command, Given.Now).Events);
            Assert.Equal(completed, state!.Find(EvaluationOn(1)));
        },
        iter: 2000);

    /// <summary>Workers that send a run piece by piece, each trying again until it is taken, and late duplicates of everything.</summary>
    [Fact]
    public void any_interleaving_of_retried_commands_gives_one_outcome() =>
        Gen.Shuffle(Enumerable.Range(0, 18).ToArray()).Select(Gen.Int[0, 5], (order, late) => (order, late)).Sample(
            (order, late) =>
            {
                CandidateCommand[] run =
                [
                    Given.Start, .. Artifacts.Select(artifact => Given.Emit() with { Artifact = artifact }), Given.Complete(Artifacts),
                ];
                Candidate? state = null;
                var pending = order.Select(i => run[i % run.Length]).ToList();
                pending.AddRange(run.Skip(late));
                for (var round = 0; pending.Count > 0; round++)
                {
                    Assert.True(round < 10, "the retries come to no end");
                    var refused = new List<CandidateCommand>();
                    foreach (var command in pending)
                    {
                        var decision = CandidateDecider.Decide(state, command, Given.Now);
                        Assert.NotEqual(CommandOutcome.Conflict, decision.Outcome);
                        if (decision.Outcome == CommandOutcome.Refused) refused.Add(command);
                        state = Given.Fold(state, decision.Events);
                    }

                    pending = refused;
                }

                var expected = Given.After(run);
                Assert.Equal(expected.Evaluations.Select(WithoutSubmitters), state!.Evaluations.Select(WithoutSubmitters));
                Assert.Equal(expected.SubmittersOf(Given.Start.RunId).AsEnumerable(), state.SubmittersOf(Given.Start.RunId));
                Assert.Equal(6, state.StreamVersion);
                Assert.Empty(state.Conflicts);
            },
            iter: 2000);

    private static string EvaluationOn(int day) => (Given.Start with { EvaluatedAt = Instant.Parse($"2026-01-0{day}") }).EvaluationId;

    private static RecordLaneRun Whole(int day, int count) => new()
    {
        CandidateId = Given.CandidateId,
        By = Given.Worker,
        Start = Given.Start with { EvaluatedAt = Instant.Parse($"2026-01-0{day}") },
        Artifacts = ArtifactSet.Of(Artifacts[..count]),
    };

    /// <summary>Arrays are compared by reference inside records, so they are compared for themselves.</summary>
    private static Evaluation WithoutSubmitters(Evaluation evaluation) => evaluation with { Submitters = [] };
}
