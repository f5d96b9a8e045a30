using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Approvals;

/// <summary>How approvals are written as documents: the same for the command line and the server, and stable.</summary>
public static class ApprovalDocument
{
    /// <summary><c>used</c>, <c>revoked</c>, <c>expired</c>, or <c>valid</c> where it counts at an instant.</summary>
    public static string StatusAt(this Approval approval, Instant now)
    {
        ArgumentNullException.ThrowIfNull(approval);
        if (approval.UsedBy is not null) return "used";
        if (approval.RevokedAt is not null) return "revoked";
        return approval.CountsAt(now) ? "valid" : "expired";
    }

    /// <summary>All approvals of a candidate with their status at an instant.</summary>
    public static JsonObject Of(Candidate candidate, Instant now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return JsonObject.Of(
            ("candidate_id", candidate.CandidateId),
            ("approvals", new JsonArray(candidate.Approvals.Select(approval => (JsonValue)Of(approval, now)))));
    }

    /// <summary>An approval with its status at an instant.</summary>
    public static JsonObject Of(Approval approval, Instant now)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return new JsonObject([.. approval.ToJson().Members, new("status", approval.StatusAt(now))]);
    }
}
