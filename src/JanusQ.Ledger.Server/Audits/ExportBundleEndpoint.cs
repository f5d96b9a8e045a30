using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Work;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Audits;

/// <summary>
/// Exports a candidate, a decision or the whole ledger as a bundle that proves itself without the server: the very bytes that an export on
/// the database gives. What is not signed yet is signed first. What is in it: <see cref="BundleExport"/>.
/// </summary>
public static class ExportBundleEndpoint
{
    /// <summary><c>POST /v1/bundles</c>.</summary>
    [WolverinePost("/v1/bundles")]
    [Authorize(Policy = AccessPolicies.Audit)]
    [Takes<ExportBundleRequest>]
    [GivesDocument("The bundle, with its digest in Content-Digest (RFC 9530).", BundleAnswer.MediaType)]
    [Sends(AnswerHeaders.NeverKeep, AnswerHeaders.Digest, AnswerHeaders.FileName)]
    [Refuses(
        HeavyWork.TooManyExports, "unknown_candidate", "unknown_decision", LogRefusals.KeyMissing, LogRefusals.NotSignedYet, "log_held_up",
        "log_busy", "log_policy_malformed", "checkpoint_origin_unknown", "checkpoint_log_signature_missing", "checkpoint_quorum_missing",
        "note_unverified", "integrity_violation")]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger, ServerSettings settings, HeavyWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var request = await RequestBody.ReadAsync<ExportBundleRequest>(context).ConfigureAwait(false);
        if (request is { CandidateId: not null, DecisionId: not null })
            throw RequestBody.Invalid("decision_id", "only one of candidate_id and decision_id");
        if (request.CandidateId is { } candidate && !CandidateIdentity.IsCandidateId(candidate))
            throw RequestBody.Invalid("candidate_id", "a candidate's id such as cand-0123456789ab");
        if (request.DecisionId is { } decision && !CandidateIdentity.IsId(decision))
            throw RequestBody.Invalid("decision_id", "24 lower-case hex digits");
        var order = new ExportOrder
        {
            CandidateId = request.CandidateId,
            DecisionId = request.DecisionId,
            Until = request.Until is { } until ? RequestBody.Instant("until", until) : null,
            WithStatements = request.Statements,
            Policy = request.Policy is { } policy ? PolicyText.Read(policy) : null,
            Patience = PatienceOf(request.PatienceSeconds),
        };
        return new BundleAnswer(order, ledger, settings, work.Exports);
    }

    private static TimeSpan PatienceOf(long? seconds) => seconds switch
    {
        null => ExportOrder.UsualPatience,
        >= 1 and <= ExportBundleRequest.LongestPatience => TimeSpan.FromSeconds(seconds.Value),
        _ => throw RequestBody.Invalid("patience_seconds", $"1 to {ExportBundleRequest.LongestPatience}"),
    };
}
