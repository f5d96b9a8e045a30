using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Champions;

/// <summary>
/// Takes a champion from its place, brings its predecessor back and bars its evidence. Rule: <see cref="ChampionDecider"/>.
/// </summary>
public static class RollBackChampionEndpoint
{
    /// <summary><c>POST /v1/champions/{target}/rollback</c>.</summary>
    [WolverinePost("/v1/champions/{target}/rollback")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<PlaceRequest>]
    [Gives<PlaceResponse>]
    [Refuses("command_invalid", "unknown_candidate", "not_champion", "version_required", "version_changed")]
    public static async Task<IResult> Handle(string target, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<PlaceRequest>(context).ConfigureAwait(false);
        var command = new RollBackChampion
        {
            CandidateId = request.CandidateId,
            Target = RequestBody.Target("target", target),
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return PlaceAnswers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
