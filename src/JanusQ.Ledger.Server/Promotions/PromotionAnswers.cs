using System.Text.Json;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Promotions;

/// <summary>What a promotion request answers.</summary>
internal static class PromotionAnswers
{
    /// <summary>The decision, or the problem that there is nothing to decide about.</summary>
    public static IResult Of(PromotionAnswer answer, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Refusal is { } refusal
            ? new Problem(refusal)
            : Answers.Versioned(DocumentOf(answer), answer.CandidateVersion, context);
    }

    /// <summary>A decision as a document.</summary>
    public static PromotionResponse DocumentOf(PromotionAnswer answer) => new()
    {
        Outcome = Answers.OutcomeOf(answer.Outcome),
        CandidateId = answer.CandidateId,
        CandidateVersion = answer.CandidateVersion,
        Appended = answer.Appended,
        Demoted = answer.Demoted,
        Decision = DecisionOf(answer.Decision!),
    };

    // In canonical form, so that the answer to a retry, which was read from the database, is the same to the byte.
    private static JsonElement DecisionOf(PromotionDecided decision)
    {
        using var parsed = JsonDocument.Parse(CanonicalJson.Bytes(RecordedEvent.DataOf(decision)));
        return parsed.RootElement.Clone();
    }
}
