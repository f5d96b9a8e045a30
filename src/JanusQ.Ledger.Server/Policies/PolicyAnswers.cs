using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Policies;

/// <summary>What commands about the policies of a name answer.</summary>
internal static class PolicyAnswers
{
    /// <summary>The version that it is about, with the version of the name's events, or the problem.</summary>
    public static IResult Of(PolicyRecording recording, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(recording);
        if (recording.Refusal is { } refusal) return new Problem(refusal);
        var document = new PolicyResponse
        {
            Outcome = Answers.OutcomeOf(recording.Outcome),
            Name = recording.Name,
            BookVersion = recording.StreamVersion,
            Policy = ElementOf(PolicyBookDocument.Of(recording.Policy!, recording.IsActive)),
            Appended = recording.Appended,
            LastSequence = recording.LastSequence,
        };
        return Answers.Versioned(document, recording.StreamVersion, context);
    }

    private static JsonElement ElementOf(JsonValue document)
    {
        using var parsed = JsonDocument.Parse(FileJson.Bytes(document));
        return parsed.RootElement.Clone();
    }
}
