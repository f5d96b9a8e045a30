using JanusQ.Ledger.Core.Candidates;
using Marten;

namespace JanusQ.Ledger.Safety;

/// <summary>Releases the kill switch. Validation and rule: <see cref="SafetyDecider"/>.</summary>
public static class ReleaseKillSwitchHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<SafetyRecording> Handle(
        ReleaseKillSwitch command, IDocumentSession session, TimeProvider clock, CancellationToken cancellation) =>
        SafetyStream.DecideAsync(session, command, clock, null, cancellation);
}
