using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Marten;

namespace JanusQ.Ledger.Safety;

/// <summary>Record a rehearsal of a safety control, with the bytes of its evidence.</summary>
/// <param name="Drill">The rehearsal. Names its evidence by hash only where that is stored already.</param>
/// <param name="Evidence">The evidence, or none.</param>
public sealed record SubmitDrill(RecordDrill Drill, DocumentContent? Evidence = null);

/// <summary>Records a rehearsal and stores its evidence, in one transaction. Validation and rule: <see cref="SafetyDecider"/>.</summary>
public static class RecordDrillHandler
{
    /// <summary>Handles the command.</summary>
    /// <exception cref="RefusedException"><c>content_too_large</c>: nothing is recorded.</exception>
    public static Task<SafetyRecording> Handle(
        SubmitDrill command, IDocumentSession session, ContentStore store, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(store);
        var (drill, evidence) = command;
        if (evidence is not null)
        {
            store.RefuseTooLarge(evidence);
            if (drill.EvidenceSha256 is { } claimed && claimed != evidence.Sha256)
                throw ContentRefusals.HashMismatch(claimed, evidence.Sha256);
            drill = drill with { EvidenceSha256 = evidence.Sha256 };
        }

        return SafetyStream.DecideAsync(session, drill, clock, new DrillEvidence(store, drill.EvidenceSha256, evidence), cancellation);
    }
}

/// <summary>The evidence of a rehearsal: its bytes come along, or they are stored already.</summary>
internal sealed class DrillEvidence(ContentStore store, Sha256Hash? sha256, DocumentContent? brought)
{
    public NamedContents? Contents => brought is null ? null : new NamedContents(store, [brought]);

    public async Task<Refusal?> RefuseIfAbsentAsync(CancellationToken cancellation)
    {
        if (sha256 is not { } named || brought is not null) return null;
        var stored = await store.FindStoredAsync([named], cancellation);
        return stored.Contains(named) ? null : ContentRefusals.NotStored(named);
    }
}
