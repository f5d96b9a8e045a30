using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Candidates;

/// <summary>Bars every promotion of a candidate. Validation and rule: <see cref="CandidateDecider"/>.</summary>
public static class PauseCandidateEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/pause</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/pause")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<ReasonRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "unknown_candidate", "version_required", "version_changed")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ReasonRequest>(context).ConfigureAwait(false);
        var command = new PauseCandidate
        {
            CandidateId = candidateId,
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
