using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>
/// The form of commands before they are sent, by the ledger's own rules: what they name becomes a part of an address, where a name that is
/// none leads elsewhere or nowhere, and is refused in other words than on a database.
/// </summary>
internal static class CommandForm
{
    // Who acts is whom the key belongs to; that, the server knows.
    private static readonly Submitter KeyHolder = new("key-holder", Roles.Operator);

    /// <summary>A command about a candidate, if it is well formed.</summary>
    /// <exception cref="RefusedException"><c>command_invalid</c>, with field and expectation.</exception>
    public static T Checked<T>(T command)
        where T : CandidateCommand
    {
        CandidateCommand asked = command;
        Demand(CommandValidation.Check(asked with { By = KeyHolder }));
        return command;
    }

    /// <summary>An approval, if it is well formed.</summary>
    /// <exception cref="RefusedException"><c>command_invalid</c>, with field and expectation.</exception>
    public static ApprovePromotion Checked(ApprovePromotion command)
    {
        Demand(CommandValidation.Check(new GrantApproval
        {
            CandidateId = command.CandidateId,
            By = KeyHolder,
            EvaluationId = command.EvaluationId,
            Target = command.Target,
            ExpiresAt = command.ExpiresAt,
            ExpiresIn = command.ExpiresIn,
            Reason = command.Reason,
            Policy = null,
        }));
        return command;
    }

    /// <summary>A command about a policy, if it is well formed.</summary>
    /// <exception cref="RefusedException"><c>command_invalid</c>, with field and expectation.</exception>
    public static T CheckedPolicy<T>(T command)
        where T : PolicyCommand
    {
        PolicyCommand asked = command;
        Demand(PolicyDecider.Check(asked with { By = KeyHolder }));
        return command;
    }

    private static void Demand(Refusal? refusal)
    {
        if (refusal is not null) throw new RefusedException(refusal);
    }
}
