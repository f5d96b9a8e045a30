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

/// <summary>Makes a version the one that decisions may rest on. Validation and rule: <see cref="PolicyDecider"/>.</summary>
public static class ActivatePolicyEndpoint
{
    /// <summary><c>POST /v1/policies/{name}/activate</c>.</summary>
    [WolverinePost("/v1/policies/{name}/activate")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<ActivatePolicyRequest>]
    [Gives<PolicyResponse>]
    [Refuses(
        "command_invalid", "unknown_policy", "unknown_policy_version", "activation_approval_missing", "version_required",
        "version_changed")]
    public static async Task<IResult> Handle(string name, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ActivatePolicyRequest>(context).ConfigureAwait(false);
        var command = new ActivatePolicy
        {
            Name = name,
            Version = request.Version,
            Note = request.Note,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return PolicyAnswers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
