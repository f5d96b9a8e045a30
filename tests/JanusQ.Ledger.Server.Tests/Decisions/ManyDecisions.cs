using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Decisions;

/// <summary>Decisions that cost little: all are denials.</summary>
internal static class ManyDecisions
{
    /// <summary>The decision's id.</summary>
    public static string Id(this MadeDecision decision) => ((PromotionDecided)decision.Recorded.Happened).DecisionId;

    /// <summary>Records a run by its number, and the decision on it.</summary>
    /// <returns>The decision's id.</returns>
    public static async Task<string> DecideAsync(LedgerHost ledger, int number)
    {
        var run = SmallRuns.AFinishedRun(number, 1);
        await ledger.SendAsync(run, TestContext.Current.CancellationToken);
        var answer = await ledger.SendAsync(
            new RequestPromotion { CandidateId = run.Start.CandidateId, By = SmallRuns.Worker, EvaluationId = run.Start.EvaluationId },
            TestContext.Current.CancellationToken);
        return answer.Decision!.DecisionId;
    }
}
