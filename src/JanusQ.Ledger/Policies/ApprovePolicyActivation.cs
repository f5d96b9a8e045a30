using JanusQ.Ledger.Core.Candidates;
using Marten;

namespace JanusQ.Ledger.Policies;

/// <summary>Agrees to the activation of a version that enables live. Validation and rule: <see cref="PolicyDecider"/>.</summary>
public static class ApprovePolicyActivationHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<PolicyRecording> Handle(
        ApprovePolicyActivation command, IDocumentSession session, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return PolicyStream.DecideAsync(session, command, command.Version, clock, null, cancellation);
    }
}
