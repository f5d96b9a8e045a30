using JanusQ.Ledger.Core.Candidates;
using Marten;

namespace JanusQ.Ledger.Safety;

/// <summary>Engages the kill switch: every promotion is denied. Validation and rule: <see cref="SafetyDecider"/>.</summary>
public static class EngageKillSwitchHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<SafetyRecording> Handle(
        EngageKillSwitch command, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        SafetyStream.DecideAsync(session, command, clock, null, cancellation);
}
