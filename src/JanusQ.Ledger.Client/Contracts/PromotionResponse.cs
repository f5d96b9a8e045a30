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
        Decision = JsonSerializer.SerializeToElement(new { decision_id = "0123456789abcdef01234567", target = "paper", action = "deny" }),
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
