using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Policies;

/// <summary>Agrees to the activation of a version that enables live. Validation and rule: <see cref="PolicyDecider"/>.</summary>
public static class ApproveActivationEndpoint
{
    /// <summary><c>POST /v1/policies/{name}/activation-approvals</c>.</summary>
    [WolverinePost("/v1/policies/{name}/activation-approvals")]
    [Authorize(Policy = AccessPolicies.Approve)]
    [Takes<ApproveActivationRequest>]
    [Gives<PolicyResponse>]
    [Refuses(
        "command_invalid", "unknown_policy", "unknown_policy_version", "activation_approval_not_needed", "approval_not_independent",
        "version_required", "version_changed")]
    public static async Task<IResult> Handle(string name, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ApproveActivationRequest>(context).ConfigureAwait(false);
        var command = new ApprovePolicyActivation
        {
            Name = name,
            Version = request.Version,
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return PolicyAnswers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
