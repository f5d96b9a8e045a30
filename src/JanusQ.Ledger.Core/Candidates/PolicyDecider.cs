using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>
/// The policies of one name and command to events (ledger.md section 4): invalid documents never get in, and what enables live is activated
/// only with the approval of somebody who neither published it nor activates it.
/// </summary>
public static class PolicyDecider
{
    /// <summary>Decides one command.</summary>
    /// <param name="book">The state, or none before the first event.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The instant that the event carries.</param>
    public static StreamDecision<PolicyEvent> Decide(PolicyBook? book, PolicyCommand command, Instant now)
    {
        if ((Check(command) ?? Roles.Check(command)) is { } refusal) return StreamDecision.Refuse<PolicyEvent>(refusal);
        var state = book ?? PolicyBook.Empty(command.Name);
        if (!string.Equals(state.Name, command.Name, StringComparison.Ordinal))
            throw new ArgumentException($"The state is of {state.Name}, the command for {command.Name}.", nameof(book));
        var decision = command switch
        {
            PublishPolicy publish => Publish(state, publish, now),
            ActivatePolicy activate => Activate(state, activate, now),
            ApprovePolicyActivation approve => Approve(state, approve, now),
            _ => throw new ArgumentException($"The decider does not know {command.GetType().Name}.", nameof(command)),
        };

        // What is so already needs no version: the caller may ask again because it never saw the answer.
        return decision.Outcome != CommandOutcome.Unchanged && command.CheckVersion(state.StreamVersion) is { } changed
            ? StreamDecision.Refuse<PolicyEvent>(changed)
            : decision;
    }

    private static StreamDecision<PolicyEvent> Publish(PolicyBook state, PublishPolicy publish, Instant now)
    {
        PolicyDocument policy;
        try
        {
            policy = PolicyDocument.Read(publish.Document.ToArray());
        }
        catch (RefusedException invalid)
        {
            return StreamDecision.Refuse<PolicyEvent>(invalid.Refusal);
        }

        if (!state.Versions.IsEmpty && state.Versions[^1].PolicySha256 == policy.Hash) return StreamDecision.Unchanged<PolicyEvent>();
        return StreamDecision.Record<PolicyEvent>(new PolicyPublished
        {
            Actor = publish.By.Actor,
            Role = publish.By.Role,
            At = now,
            Version = state.Versions.Length + 1,
            PolicySha256 = policy.Hash,
            PolicyVersion = policy.Policy.Version,
            EnablesLive = policy.Policy.EnablesLive,
            Note = publish.Note,
        });
    }

    private static StreamDecision<PolicyEvent> Activate(PolicyBook state, ActivatePolicy activate, Instant now)
    {
        if (!TryFind(state, activate.Version, out var version, out var unknown)) return StreamDecision.Refuse<PolicyEvent>(unknown);
        if (state.ActiveVersion == version.Version) return StreamDecision.Unchanged<PolicyEvent>();
        var actor = activate.By.Actor;
        if (version.EnablesLive && !IsIndependent(version.ActivationApprovedBy, actor, version.PublishedBy))
            return StreamDecision.Refuse<PolicyEvent>(CommandRefusals.ActivationApprovalMissing(state.Name, version.Version, actor));
        return StreamDecision.Record<PolicyEvent>(new PolicyActivated
        {
            Actor = actor,
            Role = activate.By.Role,
            At = now,
            Version = version.Version,
            PolicySha256 = version.PolicySha256,
            ApprovedBy = version.EnablesLive ? version.ActivationApprovedBy : null,
            Note = activate.Note,
        });
    }

    private static StreamDecision<PolicyEvent> Approve(PolicyBook state, ApprovePolicyActivation approve, Instant now)
    {
        if (!TryFind(state, approve.Version, out var version, out var unknown)) return StreamDecision.Refuse<PolicyEvent>(unknown);
        if (!version.EnablesLive)
            return StreamDecision.Refuse<PolicyEvent>(CommandRefusals.ActivationApprovalNotNeeded(state.Name, version.Version));
        var actor = approve.By.Actor;
        if (string.Equals(actor, version.PublishedBy, StringComparison.Ordinal))
            return StreamDecision.Refuse<PolicyEvent>(CommandRefusals.NotIndependent(actor, $"published version {version.Version}"));

        // What is active was approved already: an approval that comes late must not wait for another activation, long after.
        if (state.ActiveVersion == version.Version || string.Equals(actor, version.ActivationApprovedBy, StringComparison.Ordinal))
            return StreamDecision.Unchanged<PolicyEvent>();
        return StreamDecision.Record<PolicyEvent>(new PolicyActivationApproved
        {
            Actor = actor,
            Role = approve.By.Role,
            At = now,
            Version = version.Version,
            PolicySha256 = version.PolicySha256,
            Reason = approve.Reason,
        });
    }

    private static bool TryFind(
        PolicyBook state,
        int? asked,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PublishedPolicy? version,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? unknown)
    {
        version = state.Find(asked ?? state.Versions.Length);
        unknown = version is not null ? null
            : state.Versions.IsEmpty ? CommandRefusals.UnknownPolicy(state.Name)
            : CommandRefusals.UnknownPolicyVersion(state.Name, asked ?? state.Versions.Length);
        return version is not null;
    }

    private static bool IsIndependent(string? approver, string activator, string publisher) =>
        approver is not null && !string.Equals(approver, activator, StringComparison.Ordinal)
            && !string.Equals(approver, publisher, StringComparison.Ordinal);

    /// <summary>Why the form of a command is refused, as <see cref="CommandValidation"/> does; none if it is well formed.</summary>
    public static Refusal? Check(PolicyCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CommandValidation.Check(command.By)
            ?? CommandValidation.Expect(PolicyBook.IsName(command.Name), "name", "1 to 60 of a-z 0-9 - beginning with a letter or digit")
            ?? command switch
            {
                PublishPolicy publish => CommandValidation.Text("note", publish.Note, CommandValidation.LongestText),
                ActivatePolicy activate => CheckVersion(activate.Version ?? 1)
                    ?? CommandValidation.Text("note", activate.Note, CommandValidation.LongestText),
                ApprovePolicyActivation approve => CheckVersion(approve.Version)
                    ?? CommandValidation.Text("reason", approve.Reason, CommandValidation.LongestText),
                _ => throw new ArgumentException($"{command.GetType().Name} has no validation.", nameof(command)),
            };
    }

    private static Refusal? CheckVersion(int version) => CommandValidation.Expect(version >= 1, "version", "a number from 1");
}
