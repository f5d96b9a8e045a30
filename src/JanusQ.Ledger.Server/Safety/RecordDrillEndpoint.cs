using System.Diagnostics.CodeAnalysis;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Safety;

/// <summary>Records a rehearsal of a safety control, with its evidence. Validation and rule: <see cref="SafetyDecider"/>.</summary>
public static class RecordDrillEndpoint
{
    /// <summary><c>POST /v1/drills</c>.</summary>
    [WolverinePost("/v1/drills")]
    [Authorize(Policy = AccessPolicies.Operate)]
    [Takes<RecordDrillRequest>]
    [Gives<SafetyResponse>]
    [Refuses("command_invalid", "content_hash_mismatch", "content_not_stored", "content_too_large")]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var request = await RequestBody.ReadAsync<RecordDrillRequest>(context).ConfigureAwait(false);
        var drill = new RecordDrill
        {
            Check = request.Check,
            Passed = request.Passed,
            PerformedAt = RequestBody.Instant("performed_at", request.PerformedAt),
            RollbackTarget = request.RollbackTarget,
            EvidenceSha256 = RequestBody.OptionalHash("evidence_sha256", request.EvidenceSha256),
            By = context.Submitter(),
        };
        var command = new SubmitDrill(drill, EvidenceOf(request.Evidence));
        return SafetyAnswers.Of(await SendAsync(command, context, ledger).ConfigureAwait(false), context);
    }

    private static async Task<SafetyRecording> SendAsync(SubmitDrill command, HttpContext context, LedgerHost ledger)
    {
        try
        {
            var recording = await ledger.SendAsync(command, context.RequestAborted).ConfigureAwait(false);
            return recording with { Refusal = WithField(recording.Refusal) };
        }
        catch (RefusedException refused)
        {
            throw new RefusedException(WithField(refused.Refusal));
        }
    }

    // The ledger's refusals are about a document and know nothing of the member by which it came.
    [return: NotNullIfNotNull(nameof(refusal))]
    private static Refusal? WithField(Refusal? refusal) => refusal?.Code switch
    {
        "content_hash_mismatch" or "content_not_stored" => refusal.With("field", "evidence_sha256"),
        "content_too_large" => refusal.With("field", "evidence"),
        _ => refusal,
    };

    private static DocumentContent? EvidenceOf(string? base64)
    {
        if (base64 is null) return null;
        try
        {
            return new DocumentContent(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            throw RequestBody.Invalid("evidence", "bytes in base64");
        }
    }
}
