using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Reading;
using JanusQ.Ledger.Server.Work;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Audits;

/// <summary>
/// Verifies the whole ledger (audit.md section 4), one audit at a time. The report is the server's own word: who does not believe it
/// verifies a bundle. It ends when the caller goes away. What is checked: <see cref="LedgerAudit"/>.
/// </summary>
public static class VerifyLedgerEndpoint
{
    /// <summary><c>POST /v1/audits</c>.</summary>
    [WolverinePost("/v1/audits")]
    [Authorize(Policy = AccessPolicies.Audit)]
    [Takes<AuditRequest>]
    [GivesDocument(
        "The report: everything that is not as it must be, and how much was looked at.", Answer = nameof(AnswerSchemas.AuditReport))]
    [Refuses(HeavyWork.AuditRunning, "verifier_key_missing", "kept_checkpoint_unverified", "log_policy_malformed")]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger, ServerSettings settings, HeavyWork work)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(work);
        var request = await RequestBody.ReadAsync<AuditRequest>(context).ConfigureAwait(false);
        if (request.Reproduces is { Count: > 0 } && !request.Deep) throw RequestBody.Invalid("reproduces", "nothing without deep");
        var given = KeysOf(request.Keys ?? []);
        var keys = given.IsEmpty ? await OperatorKeys.FindAsync(ledger, settings, context.RequestAborted).ConfigureAwait(false) : given;
        var audit = new AuditOptions
        {
            Keys = keys,
            Kept = [.. (request.Kept ?? []).Select((one, number) => CheckpointOf(At("kept", number), one))],
            Since = request.Since is { } since ? CheckpointOf("since", since) : null,
            Policy = request.Policy is { } policy ? PolicyText.Read(policy) : null,
            Deep = request.Deep ? new DeepAudit([ProgramVersion.Text, .. request.Reproduces ?? []]) : null,
        };
        var report = await work.Audits
            .RunAsync(context, cancellation => ledger.Audit.VerifyAsync(audit, cancellation: cancellation)).ConfigureAwait(false);
        return new DocumentAnswer(report.ToJson(audit, given.IsEmpty));
    }

    private static ImmutableArray<VerifierKey> KeysOf(IReadOnlyList<string> texts) => [.. texts.Select((text, number) =>
        VerifierKey.TryParse(text, out var key, out var refusal)
            ? key
            : throw RequestBody.Invalid(At("keys", number), $"a verifier key ({refusal.Explanation})"))];

    private static KeptCheckpoint CheckpointOf(string field, KeptCheckpointDocument document) =>
        document.Name.Length is < 1 or > 200 ? throw RequestBody.Invalid($"{field}.name", "1 to 200 characters")
        : SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(document.Note), out var signed, out var refusal)
            ? new KeptCheckpoint(document.Name, signed)
            : throw RequestBody.Invalid($"{field}.note", $"a signed checkpoint ({refusal.Explanation})");

    private static string At(string field, int number) => string.Create(CultureInfo.InvariantCulture, $"{field}[{number}]");
}
