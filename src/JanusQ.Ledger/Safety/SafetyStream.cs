using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Store;
using Marten;

namespace JanusQ.Ledger.Safety;

/// <summary>What became of a command about safety controls.</summary>
public sealed record SafetyRecording : StreamRecording
{
    /// <summary>Whether the kill switch is engaged after it.</summary>
    public required bool KillSwitchEngaged { get; init; }
}

/// <summary>Every use case about safety controls: nobody decides a promotion while one changes.</summary>
internal static class SafetyStream
{
    public static async Task<SafetyRecording> DecideAsync(
        IDocumentSession session, SafetyCommand command, TimeProvider clock, DrillEvidence? evidence, CancellationToken cancellation)
    {
        await LedgerLocks.ChangeFactsAsync(session, cancellation);
        var stream = await session.Events.FetchForWriting<SafetyControls>(command.Stream, cancellation);
        var decision = SafetyDecider.Decide(stream.Aggregate, command, Instant.Of(clock.GetUtcNow()));
        if (evidence is not null && !decision.Events.IsEmpty && await evidence.RefuseIfAbsentAsync(cancellation) is { } refusal)
            decision = new StreamDecision<SafetyEvent> { Outcome = CommandOutcome.Refused, Refusal = refusal };
        var controls = decision.Events.Aggregate(
            stream.Aggregate ?? SafetyControls.Unrehearsed, (state, happened) => state.After(happened));
        var position = await LedgerStream.AppendAsync(session, stream, decision, command.By, evidence?.Contents, cancellation);
        return new SafetyRecording
        {
            Outcome = decision.Outcome,
            KillSwitchEngaged = controls.KillSwitch is not null,
            StreamVersion = position.Version,
            LastSequence = position.LastSequence,
            Appended = decision.Events.Length,
            Refusal = decision.Refusal,
        };
    }
}
