using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Safety;

/// <summary>What commands about safety controls answer.</summary>
internal static class SafetyAnswers
{
    /// <summary>How the controls stand, with their version, or the problem.</summary>
    public static IResult Of(SafetyRecording recording, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(recording);
        if (recording.Refusal is { } refusal) return new Problem(refusal);
        var document = new SafetyResponse
        {
            Outcome = Answers.OutcomeOf(recording.Outcome),
            KillSwitchEngaged = recording.KillSwitchEngaged,
            Version = recording.StreamVersion,
            Appended = recording.Appended,
            LastSequence = recording.LastSequence,
        };
        return Answers.Versioned(document, recording.StreamVersion, context);
    }
}
