using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>What commands answer.</summary>
internal static class Answers
{
    /// <summary>A recording, or the problem that it is: a refusal by its code, a conflict with everything that differs.</summary>
    public static IResult Of(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        if (recording.Refusal is { } refusal) return new Problem(refusal);
        if (recording.Outcome == CommandOutcome.Conflict) return new Problem(ConflictOf(recording));
        return Results.Json(
            new RecordingResponse
            {
                Outcome = OutcomeOf(recording.Outcome),
                CandidateId = recording.CandidateId,
                EvaluationId = recording.EvaluationId,
                ApprovalId = recording.ApprovalId,
                CandidateVersion = recording.CandidateVersion,
                Appended = recording.Appended,
                LastSequence = recording.LastSequence,
            },
            ApiJson.Options);
    }

    /// <summary>A document of the ledger.</summary>
    public static IResult Of(JsonValue document) => Results.Bytes(FileJson.Bytes(document), "application/json");

    /// <summary>The word for an outcome that is no problem.</summary>
    public static string OutcomeOf(CommandOutcome outcome) =>
        outcome == CommandOutcome.Recorded ? RecordingResponse.Recorded : RecordingResponse.Unchanged;

    private static Refusal ConflictOf(Recording recording) =>
        new Refusal("submission_conflicted", "Other content was recorded before under the same evaluation and path; the attempt is recorded, nothing else changed.")
            .With("evaluation_id", recording.EvaluationId)
            .With("differences", new JsonArray(recording.Differences.Select(difference => (JsonValue)JsonObject.Of(
                ("subject", difference.Subject), ("path", difference.Path), ("recorded", difference.Recorded), ("submitted", difference.Submitted)))));
}
