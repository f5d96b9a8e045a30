using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Versions;

namespace JanusQ.Ledger.Server.Errors;

/// <summary>What commands answer.</summary>
internal static class Answers
{
    /// <summary>A recording, or the problem that it is: a refusal by its code, a conflict with everything that differs.</summary>
    public static IResult Of(Recording recording, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return ProblemOf(recording) ?? Versioned(DocumentOf(recording), recording.CandidateVersion, context);
    }

    /// <summary>The problem that a recording is, or none.</summary>
    public static Problem? ProblemOf(Recording recording) =>
        recording.Refusal is { } refusal ? new Problem(refusal)
        : recording.Outcome == CommandOutcome.Conflict ? new Problem(ConflictOf(recording))
        : null;

    /// <summary>A recording that is no problem, as a document.</summary>
    public static RecordingResponse DocumentOf(Recording recording) => new()
    {
        Outcome = OutcomeOf(recording.Outcome),
        CandidateId = recording.CandidateId,
        EvaluationId = recording.EvaluationId,
        ApprovalId = recording.ApprovalId,
        CandidateVersion = recording.CandidateVersion,
        Appended = recording.Appended,
        LastSequence = recording.LastSequence,
    };

    /// <summary>A document with the version of what it is about as its ETag.</summary>
    public static IResult Versioned<T>(T document, long version, HttpContext context)
    {
        IfMatch.Answer(context, version);
        return Results.Json(document, ApiJson.Options);
    }

    /// <summary>The word for an outcome that is no problem.</summary>
    public static string OutcomeOf(CommandOutcome outcome) =>
        outcome == CommandOutcome.Recorded ? RecordingResponse.Recorded : RecordingResponse.Unchanged;

    private static Refusal ConflictOf(Recording recording) =>
        new Refusal(
            "submission_conflicted",
            "Other content was recorded before under the same evaluation and path; the attempt is recorded, nothing else changed.")
            .With("candidate_id", recording.CandidateId)
            .With("evaluation_id", recording.EvaluationId)
            .With("differences", new JsonArray(recording.Differences.Select(CandidateDocument.Of)));
}
