using System.Text;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Versions;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Policies;

/// <summary>Gives a policy document the next version of a name. Validation and rule: <see cref="PolicyDecider"/>.</summary>
public static class PublishPolicyEndpoint
{
    /// <summary><c>POST /v1/policies/{name}/versions</c>.</summary>
    [WolverinePost("/v1/policies/{name}/versions")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<PublishPolicyRequest>]
    [Gives<PolicyResponse>]
    [Refuses(
        "command_invalid", "json_rejected", "document_not_object", "policy_invalid", "content_too_large", "version_required",
        "version_changed")]
    public static async Task<IResult> Handle(string name, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var version = IfMatch.Version(context);
        var request = await RequestBody.ReadAsync<PublishPolicyRequest>(context).ConfigureAwait(false);
        var command = new PublishPolicy
        {
            Name = name,
            Document = Encoding.UTF8.GetBytes(request.Document),
            Note = request.Note,
            By = context.Submitter(),
            ExpectedVersion = version,
        };
        var recording = await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false);
        return PolicyAnswers.Of(recording with { Refusal = WithField(recording.Refusal) }, context);
    }

    // The ledger's refusals are about a document and know nothing of the member by which it came.
    private static Refusal? WithField(Refusal? refusal) =>
        refusal is { Code: "json_rejected" or "document_not_object" or "policy_invalid" } ? refusal.With("field", "document") : refusal;
}
