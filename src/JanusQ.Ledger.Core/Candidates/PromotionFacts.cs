using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>An approval as it stands (ledger.md section 4): bound, single-use, expiring, never of the run's own submitter.</summary>
public sealed record Approval
{
    /// <summary>24 lower-case hex digits.</summary>
    public required string ApprovalId { get; init; }

    /// <summary>Who approved.</summary>
    public required string Approver { get; init; }

    /// <summary>The run that it is bound to.</summary>
    public required string RunId { get; init; }

    /// <summary>The evaluation whose artifact set it is bound to.</summary>
    public required string EvaluationId { get; init; }

    /// <summary>The target that it is bound to.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The policy that it is bound to.</summary>
    public required Sha256Hash PolicySha256 { get; init; }

    /// <summary>The artifact set that it unlocks.</summary>
    public required Sha256Hash ArtifactSetSha256 { get; init; }

    /// <summary>When it was granted.</summary>
    public required Instant GrantedAt { get; init; }

    /// <summary>From when on it no longer counts.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was taken back, or none.</summary>
    public Instant? RevokedAt { get; init; }

    /// <summary>The decision that used it, or none.</summary>
    public string? UsedBy { get; init; }

    /// <summary>Whether it counts at an instant: not used, not revoked, not expired.</summary>
    public bool CountsAt(Instant now) => UsedBy is null && RevokedAt is null && now < ExpiresAt;

    /// <summary>The approval as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("approval_id", ApprovalId),
        ("approver", Approver),
        ("run_id", RunId),
        ("evaluation_id", EvaluationId),
        ("target", Target.Name()),
        ("policy_sha256", PolicySha256),
        ("artifact_set_sha256", ArtifactSetSha256),
        ("granted_at", GrantedAt.ToString()),
        ("expires_at", ExpiresAt.ToString()),
        ("reason", Reason),
        ("revoked_at", RevokedAt?.ToString()),
        ("used_by", UsedBy));
}

/// <summary>A pause that lasts.</summary>
/// <param name="By">Who paused.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why.</param>
public sealed record CandidatePause(string By, Instant At, string Reason)
{
    /// <summary>The pause as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(("by", By), ("at", At.ToString()), ("reason", Reason));
}

/// <summary>What is recorded about the policy that a run was made with.</summary>
/// <param name="Name">The name under which it was published.</param>
/// <param name="Version">Its version there.</param>
/// <param name="Active">Whether that version is the active one of the name.</param>
public sealed record PolicyStanding(string Name, int Version, bool Active)
{
    /// <summary>The standing as an object.</summary>
    public JsonObject ToJson() => JsonObject.Of(("name", Name), ("version", Version), ("active", Active));
}

/// <summary>
/// What the ledger's own events say when a decision is made (ledger.md section 4, "Facts"). Recorded with the decision, so that a replay
/// reads nothing else.
/// </summary>
public sealed record PromotionFacts
{
    /// <summary>When the decision is made.</summary>
    public required Instant DecidedAt { get; init; }

    /// <summary>Every name under which the run's policy was published, sorted by name; none if it never was.</summary>
    public ImmutableArray<PolicyStanding> Policies { get; init; } = [];

    /// <summary>The latest rehearsal of each check, sorted by check.</summary>
    public ImmutableArray<Drill> Drills { get; init; } = [];

    /// <summary>The kill switch if it is engaged.</summary>
    public EngagedKillSwitch? KillSwitch { get; init; }

    /// <summary>The candidate's pause, or none.</summary>
    public CandidatePause? Pause { get; init; }

    /// <summary>The approvals of the candidate for the run and the target, in the order in which they were granted.</summary>
    public ImmutableArray<Approval> Approvals { get; init; } = [];

    /// <summary>Everyone who submitted anything to the run: none of them can approve it. Sorted.</summary>
    public ImmutableArray<string> Submitters { get; init; } = [];

    /// <summary>Whether the artifact set was rolled back from this target or another and was not cleared since.</summary>
    public bool EvidenceRolledBack { get; init; }

    /// <summary>The champion of the target before, or none.</summary>
    public string? Champion { get; init; }

    /// <summary>The facts as an object, without the instant.</summary>
    public JsonObject ToJson() => JsonObject.Of(
        ("policies", new JsonArray(Policies.Select(policy => (JsonValue)policy.ToJson()))),
        ("drills", new JsonArray(Drills.Select(drill => (JsonValue)drill.ToJson()))),
        ("kill_switch", KillSwitch is { } engaged ? engaged.ToJson() : JsonValue.Null),
        ("pause", Pause is { } pause ? pause.ToJson() : JsonValue.Null),
        ("approvals", new JsonArray(Approvals.Select(approval => (JsonValue)approval.ToJson()))),
        ("submitters", JsonArray.OfTexts(Submitters)),
        ("evidence_rolled_back", EvidenceRolledBack),
        ("champion", Champion));
}

/// <summary>A decision as the candidate's state keeps it.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="RunId">The run decided about.</param>
/// <param name="EvaluationId">The evaluation decided about.</param>
/// <param name="Target">The target asked for.</param>
/// <param name="Action">promote, hold or deny.</param>
/// <param name="Reasons">All reasons.</param>
/// <param name="TraceId">The recommendation's trace id.</param>
/// <param name="FactsSha256">What is equal when the same is asked again.</param>
/// <param name="At">When it was made.</param>
/// <param name="ApprovedMode">The mode approved; none for a denial.</param>
public sealed record DecidedPromotion(
    string DecisionId,
    string RunId,
    string EvaluationId,
    PromotionTarget Target,
    Promotion.PromotionAction Action,
    ImmutableArray<string> Reasons,
    string TraceId,
    Sha256Hash FactsSha256,
    Instant At,
    PromotionTarget? ApprovedMode = null);
