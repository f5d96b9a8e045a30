using JanusQ.Ledger.Core.Candidates;
using Marten;

namespace JanusQ.Ledger.Policies;

/// <summary>Makes a version the one that decisions may rest on. Validation and rule: <see cref="PolicyDecider"/>.</summary>
public static class ActivatePolicyHandler
{
    /// <summary>Handles the command.</summary>
    public static Task<PolicyRecording> Handle(
        ActivatePolicy command, IDocumentSession session, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        return PolicyStream.DecideAsync(session, command, command.Version, clock, null, cancellation);
    }
}
