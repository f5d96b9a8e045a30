using System.Collections.Immutable;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Decisions;

/// <summary>The policy that a run was made with, as far as it can be read.</summary>
/// <param name="Document">The document; none where there is none that can be read.</param>
/// <param name="Policy">The effective policy; none where it is not valid.</param>
internal sealed record PinnedPolicy(JsonValue? Document, GatePolicy? Policy)
{
    /// <summary>No policy at all.</summary>
    public static readonly PinnedPolicy None = new(null, null);

    /// <summary>Hash of the canonical JSON: its name in the ledger.</summary>
    public Sha256Hash? Hash { get; } = Document is null ? null : CanonicalJson.Hash(Document);

    /// <summary>Reads and validates it, and looks whether decisions may rest on it.</summary>
    public static PinnedPolicy Read(
        Sha256Hash sha256, VerifiedContent content, ImmutableArray<PolicyStanding> standings, StepFindings findings)
    {
        var pinned = Read(sha256, content, findings);
        if (standings.IsEmpty) findings.Add(LedgerReasons.PolicyNotPublished, ("policy_sha256", ToJson(pinned.Hash)));
        else if (!standings.Any(standing => standing.Active))
            findings.Add(LedgerReasons.PolicyNotActive, ("published_as", new JsonArray(standings.Select(standing => standing.ToJson()))));
        return pinned;
    }

    private static PinnedPolicy Read(Sha256Hash sha256, VerifiedContent content, StepFindings findings)
    {
        var state = content.Read(sha256, out var bytes);
        if (bytes is null)
        {
            findings.Add(state == ContentState.Corrupt ? LedgerReasons.PolicyCorrupt : LedgerReasons.PolicyMissing, ("sha256", sha256));
            return None;
        }

        if (!JsonValue.TryRead(bytes, out var document, out var rejection))
        {
            findings.Add(LedgerReasons.PolicyInvalid, ("error", "json_rejected"), ("message", rejection.Message));
            return None;
        }

        if (document is not JsonObject members)
        {
            findings.Add(LedgerReasons.PolicyInvalid, ("error", "document_not_object"));
            return new PinnedPolicy(document, null);
        }

        if (PolicyDocument.TryLoad(members, out var loaded, out var faults)) return new PinnedPolicy(members, loaded.Policy);
        findings.Add(LedgerReasons.PolicyInvalid, ("keys", JsonArray.OfTexts(faults.Select(fault => fault.Key))));
        return new PinnedPolicy(members, null);
    }

    private static JsonValue ToJson(Sha256Hash? hash) => hash is { } value ? value : JsonValue.Null;
}
