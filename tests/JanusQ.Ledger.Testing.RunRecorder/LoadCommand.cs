using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Testing.RunRecorder;

/// <summary>What workers, operators and approvers do in the load.</summary>
public enum LoadAction
{
    Submit,
    Request,
    Approve,
    Revoke,
    Pause,
    Resume,
    PassDrill,
    FailDrill,
    EngageKillSwitch,
    ReleaseKillSwitch,
    Demote,
    RollBack,
    ClearEvidence,
    ActivatePolicy,
}

/// <summary>A command that was answered as recorded.</summary>
/// <param name="Action">What it was.</param>
/// <param name="Mark">A text that stands in the event and in no other of that kind.</param>
public sealed record Acknowledged(LoadAction Action, string Mark);

/// <summary>One command of the load on one of the known runs.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Run">The number of the run.</param>
public sealed record LoadCommand(LoadAction Action, int Run)
{
    private static readonly PromotableRun[] Runs = [.. Enumerable.Range(0, PromotableRun.Count).Select(
        number => PromotableRun.Number(number))];

    /// <summary>Issues the command.</summary>
    /// <param name="host">The ledger.</param>
    /// <param name="mark">A text that no other command of the load has.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <returns>None where nothing new was recorded.</returns>
    public async Task<Acknowledged?> IssueAsync(LedgerHost host, string mark, CancellationToken cancellation)
    {
        var run = Runs[Run];
        var (by, id) = (PromotableRun.Operator, run.CandidateId);
        var outcome = Action switch
        {
            LoadAction.Submit => (await run.SubmitAsync(host, cancellation)).Outcome,
            LoadAction.Approve => (await run.ApproveAsync(host, cancellation, reason: mark)).Outcome,
            LoadAction.Revoke => await RevokeAsync(host, run, mark, cancellation),
            LoadAction.Pause =>
                (await host.SendAsync(new PauseCandidate { CandidateId = id, By = by, Reason = mark }, cancellation)).Outcome,
            LoadAction.Resume =>
                (await host.SendAsync(new ResumeCandidate { CandidateId = id, By = by, Reason = mark }, cancellation)).Outcome,
            LoadAction.PassDrill or LoadAction.FailDrill => (await PromotableRun.RehearseAsync(
                host, "killSwitchDryRunPassed", Action == LoadAction.PassDrill, cancellation, MinutesOf(mark), mark)).Outcome,
            LoadAction.EngageKillSwitch => (await host.SendAsync(new EngageKillSwitch { By = by, Reason = mark }, cancellation)).Outcome,
            LoadAction.ReleaseKillSwitch => (await host.SendAsync(new ReleaseKillSwitch { By = by, Reason = mark }, cancellation)).Outcome,
            LoadAction.Demote => (await host.SendAsync(
                new DemoteChampion { CandidateId = id, By = by, Target = PromotionTarget.Paper, Reason = mark }, cancellation)).Outcome,
            LoadAction.RollBack => (await host.SendAsync(
                new RollBackChampion { CandidateId = id, By = by, Target = PromotionTarget.Paper, Reason = mark }, cancellation)).Outcome,
            LoadAction.ClearEvidence => await ClearAsync(host, run, mark, cancellation),
            LoadAction.ActivatePolicy => (await host.SendAsync(
                new ActivatePolicy { Name = PromotableRun.PolicyName, By = by, Note = mark }, cancellation)).Outcome,
            _ => CommandOutcome.Unchanged,
        };
        if (Action == LoadAction.Request)
        {
            var answer = await run.RequestAsync(host, cancellation);
            return answer.Outcome == CommandOutcome.Recorded ? new Acknowledged(Action, answer.Decision!.DecisionId) : null;
        }

        if (outcome != CommandOutcome.Recorded) return null;
        return new Acknowledged(Action, Action == LoadAction.Submit ? run.EvaluationId : mark);
    }

    /// <summary>Later commands rehearse later, so that the latest command is the latest rehearsal.</summary>
    private static int MinutesOf(string mark) => mark.Aggregate(7, (hash, letter) => ((hash * 31) + letter) % 55);

    private static async Task<CommandOutcome> RevokeAsync(LedgerHost host, PromotableRun run, string mark, CancellationToken cancellation)
    {
        var candidate = await host.Queries.CandidateAsync(run.CandidateId, cancellation);
        var now = Instant.Of(PromotableRun.Now);
        if (candidate?.Approvals.LastOrDefault(approval => approval.CountsAt(now)) is not { } approval) return CommandOutcome.Unchanged;
        var revoke = new RevokeApproval
        {
            CandidateId = run.CandidateId,
            By = PromotableRun.Approver,
            ApprovalId = approval.ApprovalId,
            Reason = mark,
        };
        return (await host.SendAsync(revoke, cancellation)).Outcome;
    }

    private static async Task<CommandOutcome> ClearAsync(LedgerHost host, PromotableRun run, string mark, CancellationToken cancellation)
    {
        var candidate = await host.Queries.CandidateAsync(run.CandidateId, cancellation);
        if (candidate is not { RolledBackEvidence: [var barred, ..] }) return CommandOutcome.Unchanged;
        var clear = new ClearRolledBackEvidence
        {
            CandidateId = run.CandidateId,
            By = PromotableRun.Operator,
            ArtifactSetSha256 = barred,
            Reason = mark,
        };
        return (await host.SendAsync(clear, cancellation)).Outcome;
    }
}
