using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>What the commands of operators and approvers answer.</summary>
internal static class RecordingAnswer
{
    /// <summary>
    /// The answer to a command that was recorded or changes nothing: <c>status</c>, where the stream stands, and what it is about.
    /// </summary>
    /// <param name="recording">What became of the command.</param>
    /// <param name="done">A sentence for people, where it was recorded.</param>
    /// <param name="already">A sentence for people, where it changes nothing.</param>
    /// <param name="about">Members that say what it is about.</param>
    /// <exception cref="CliFailure">It was refused.</exception>
    public static Answer ToAnswer(
        this StreamRecording recording, string done, string already, params ReadOnlySpan<(string Name, JsonValue Value)> about)
    {
        if (recording.Refusal is { } refusal) throw refusal.ToFailure();
        var recorded = recording.Outcome == CommandOutcome.Recorded;
        var document = new JsonObject(
        [
            new("status", recorded ? "recorded" : "unchanged"),
            .. JsonObject.Of(about).Members,
            new("stream_version", recording.StreamVersion),
            new("last_sequence", recording.LastSequence is { } sequence ? sequence : JsonValue.Null),
        ]);
        return new Answer(document, console => console.WriteLine(recorded ? done : already));
    }
}
