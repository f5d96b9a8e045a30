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

/// <summary>
/// Allows an artifact set that was rolled back to be promoted again. Validation and rule: <see cref="CandidateDecider"/>.
/// </summary>
public static class ClearEvidenceEndpoint
{
    /// <summary><c>POST /v1/candidates/{candidateId}/evidence/clear</c>.</summary>
    [WolverinePost("/v1/candidates/{candidateId}/evidence/clear")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<ClearEvidenceRequest>]
    [Gives<RecordingResponse>]
    [Refuses("command_invalid", "unknown_candidate", "evidence_not_rolled_back", "version_required", "version_changed")]
    public static async Task<IResult> Handle(string candidateId, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<ClearEvidenceRequest>(context).ConfigureAwait(false);
        var command = new ClearRolledBackEvidence
        {
            CandidateId = candidateId,
            ArtifactSetSha256 = RequestBody.Hash("artifact_set_sha256", request.ArtifactSetSha256),
            Reason = request.Reason,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        return Answers.Of(await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false), context);
    }
}
