using System.Collections.Immutable;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Audit;

/// <summary>A checkpoint that somebody outside kept.</summary>
/// <param name="Name">Where it was kept, for findings.</param>
/// <param name="Signed">The checkpoint.</param>
public sealed record KeptCheckpoint(string Name, SignedCheckpoint Signed);

/// <summary>What is verified, and against what.</summary>
public sealed record AuditOptions
{
    /// <summary>The verifier keys that are trusted: the log's own, old ones too.</summary>
    public required ImmutableArray<VerifierKey> Keys { get; init; }

    /// <summary>Checkpoints that were kept outside: the log must contain each of them.</summary>
    public ImmutableArray<KeptCheckpoint> Kept { get; init; } = [];

    /// <summary>Whose cosignatures the checkpoint that is relied on must have (C2SP tlog-policy); none asks for no witness.</summary>
    public WitnessPolicy? Policy { get; init; }

    /// <summary>
    /// A checkpoint up to which everything was verified before; only what is behind it is looked at. It must be one that was kept outside.
    /// </summary>
    public KeptCheckpoint? Since { get; init; }

    /// <summary>The checks that are made; (a) to (g) unless said otherwise. (a) and (b) are one.</summary>
    public ImmutableArray<AuditCheck> Checks { get; init; } = [.. Enum.GetValues<AuditCheck>().Where(
        check => check != AuditCheck.Research)];

    /// <summary>That check (h) is made too, and for what; none for that it is not.</summary>
    public DeepAudit? Deep { get; init; }

    /// <summary>
    /// Findings of one code that are kept in full, and evaluations that are not run again for one reason; more are only counted.
    /// </summary>
    public int MostFindingsOfACode { get; init; } = 100;
}

/// <summary>How far a step has come.</summary>
/// <param name="Step">The step.</param>
/// <param name="Done">Done so far.</param>
/// <param name="Total">Of how many, as far as that is known.</param>
public sealed record AuditProgress(string Step, long Done, long? Total);

/// <summary>How much was looked at.</summary>
public sealed record AuditCounts
{
    /// <summary>Events that were hashed.</summary>
    public long Events { get; init; }

    /// <summary>Events that the log has not taken yet: nothing is proven of them.</summary>
    public long EventsBehind { get; init; }

    /// <summary>Leaves.</summary>
    public long Leaves { get; init; }

    /// <summary>Leaves for which no checkpoint speaks yet.</summary>
    public long LeavesUnsigned { get; init; }

    /// <summary>Tiles.</summary>
    public long Tiles { get; init; }

    /// <summary>Checkpoints of the log, and those that were kept outside.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Witnesses' cosignatures that are kept and good for their checkpoints.</summary>
    public long Cosignatures { get; init; }

    /// <summary>Hashes of documents in events.</summary>
    public long References { get; init; }

    /// <summary>Stored documents.</summary>
    public long Contents { get; init; }

    /// <summary>Their bytes.</summary>
    public long ContentBytes { get; init; }

    /// <summary>Janus artifacts.</summary>
    public long Artifacts { get; init; }

    /// <summary>Decisions.</summary>
    public long Decisions { get; init; }

    /// <summary>Projections.</summary>
    public long Projections { get; init; }

    /// <summary>Changes of places.</summary>
    public long PlaceChanges { get; init; }

    /// <summary>The counts as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("events", Events),
        ("events_behind", EventsBehind),
        ("leaves", Leaves),
        ("leaves_unsigned", LeavesUnsigned),
        ("tiles", Tiles),
        ("checkpoints", Checkpoints),
        ("cosignatures", Cosignatures),
        ("references", References),
        ("contents", Contents),
        ("content_bytes", ContentBytes),
        ("artifacts", Artifacts),
        ("decisions", Decisions),
        ("projections", Projections),
        ("place_changes", PlaceChanges));
}

/// <summary>What came of it.</summary>
/// <param name="Counts">How much was looked at.</param>
/// <param name="Findings">What is not as it must be, by check and place; of one code not more than were asked for.</param>
/// <param name="FindingCounts">How many there are of each code, those included that are not in the list.</param>
/// <param name="Signed">
/// The last checkpoint that is good, with the cosignatures of it that are, or none: everything up to its size is proven.
/// </param>
/// <param name="Since">The size from which on was verified: 0 for everything.</param>
public sealed record AuditReport(
    AuditCounts Counts,
    ImmutableArray<AuditFinding> Findings,
    ImmutableSortedDictionary<string, long> FindingCounts,
    SignedCheckpoint? Signed,
    long Since)
{
    /// <summary>The witnesses of the given policy that cosigned that checkpoint, where they are enough for it.</summary>
    public ImmutableArray<VerifierKey> CosignedBy { get; init; } = [];

    /// <summary>The status of a report without findings.</summary>
    public const string Verified = "verified";

    /// <summary>The status of a report with findings.</summary>
    public const string Violated = "violated";

    /// <summary>What came of check (h); none where it was not asked for.</summary>
    public DeepReport? Deep { get; init; }

    /// <summary>Whether the checkpoint is cosigned as the policy asks, or none was given.</summary>
    public bool IsPolicySatisfied => !FindingCounts.ContainsKey(AuditCodes.CheckpointPolicyUnsatisfied);

    /// <summary>Whether everything is as it must be.</summary>
    public bool IsClean => FindingCounts.IsEmpty;

    /// <summary>The report as a document, the same from a program on the database and from a server.</summary>
    /// <param name="audit">What was verified, and against what.</param>
    /// <param name="keysFromOperator">Whether the keys come from the operator of the ledger, against whom they then prove nothing.</param>
    public JsonObject ToJson(AuditOptions audit, bool keysFromOperator)
    {
        ArgumentNullException.ThrowIfNull(audit);
        return JsonObject.Of(
            ("status", IsClean ? Verified : Violated),
            ("verifier_keys", JsonArray.OfTexts(audit.Keys.Select(key => key.ToString()))),
            ("keys_from", keysFromOperator ? "operator" : "caller"),
            ("since", Since),
            ("checkpoint", Signed is { } signed
                ? JsonObject.Of(
                    ("origin", signed.Checkpoint.Origin),
                    ("size", signed.Checkpoint.Size),
                    ("root", signed.Checkpoint.Root),
                    ("note", signed.ToString()))
                : JsonValue.Null),
            ("policy", audit.Policy is null ? JsonValue.Null : IsPolicySatisfied ? "satisfied" : "unsatisfied"),
            ("cosigned_by", JsonArray.OfTexts(CosignedBy.Select(key => key.ToString()))),
            ("counts", Counts.ToJson()),
            ("deep", Deep?.ToJson() ?? JsonValue.Null),
            ("finding_counts", new JsonObject(FindingCounts.Select(count => new KeyValuePair<string, JsonValue>(count.Key, count.Value)))),
            ("findings", new JsonArray(Findings.Select(finding => (JsonValue)finding.ToJson()))));
    }
}
