using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Safety;

/// <summary>Engages the kill switch: every promotion is denied. Validation and rule: <see cref="SafetyDecider"/>.</summary>
public static class EngageKillSwitchEndpoint
{
    /// <summary><c>POST /v1/kill-switch/engage</c>.</summary>
    [WolverinePost("/v1/kill-switch/engage")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<ReasonRequest>]
    [Gives<SafetyResponse>]
    [Refuses("command_invalid", "version_required", "version_changed")]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ReasonRequest>(context).ConfigureAwait(false);
        var command = new EngageKillSwitch
        {
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return SafetyAnswers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
