using System.ComponentModel;
using System.Text.Json;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>What was decided about a promotion.</summary>
public sealed record PromotionResponse
{
    /// <summary>An example.</summary>
    public static PromotionResponse Example { get; } = new()
    {
        Outcome = RecordingResponse.Recorded,
        CandidateId = "cand-0123456789ab",
        CandidateVersion = 22,
        Appended = 4,
        Decision = JsonElement.Parse(
            """
            {
              "decision_id": "e8f46f7c46deba638e9ab087", "run_id": "2c8b947760033f9f3bd9e223",
              "evaluation_id": "02ab60237c9bf88b1e29b0f4", "target": "paper", "action": "deny", "reasons": ["kill_switch_engaged"],
              "rationale": "promotion_blocked_or_held:kill_switch_engaged", "trace_id": "b286e02e7e91a5d49fa57909",
              "steps": [{"step": "kill_switch", "allowed": false, "reasons": ["kill_switch_engaged"], "details": []}],
              "facts": {
                "decided_at": "2026-02-25T13:00:00+00:00", "policies": [], "drills": [],
                "kill_switch": {"by": "olga", "at": "2026-02-25T12:30:00+00:00", "reason": "a rehearsal"}, "approvals": [],
                "submitters": ["wanda"], "evidence_rolled_back": false
              },
              "facts_sha256": "9a40a60eb407e90ae02a2ff68056717822aa5f8959b626601dacff8b280d7367",
              "artifact_set_sha256": "d81883ac7bb47bb19ce18ad754e0ac9e5f2fa1b76c96c14497ea6efa92473d20",
              "evaluators": {
                "derivation": "promotion-derivation-1", "gate_matrix": "gate-matrix-1", "promotion_checks": "promotion-checks-1"
              },
              "actor": "wanda", "role": "worker", "at": "2026-02-25T13:00:00+00:00"
            }
            """),
    };

    /// <summary><c>recorded</c>, or <c>unchanged</c> where the same was decided before.</summary>
    [Description("recorded, or unchanged where the same was decided before.")]
    public required string Outcome { get; init; }

    /// <summary>The candidate.</summary>
    public required string CandidateId { get; init; }

    /// <summary>Number of events in the candidate's stream: its version.</summary>
    public required long CandidateVersion { get; init; }

    /// <summary>Number of events that were appended now, to all streams together.</summary>
    public required int Appended { get; init; }

    /// <summary>The champion that the promotion demoted, or none.</summary>
    public string? Demoted { get; init; }

    /// <summary>The event <c>promotion_decided</c> (ledger.md section 3).</summary>
    [Description("The event promotion_decided: action, approved mode, all reasons, ids and hashes.")]
    public required JsonElement Decision { get; init; }
}
