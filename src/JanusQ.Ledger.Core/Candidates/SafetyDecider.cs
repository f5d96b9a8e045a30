using System.Buffers;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>
/// Safety controls and command to events (ledger.md section 4): a rehearsal is recorded once, the kill switch is engaged once and released
/// once.
/// </summary>
public static class SafetyDecider
{
    private const int LongestCheck = 100;

    private static readonly SearchValues<char> CheckCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>Decides one command.</summary>
    /// <param name="controls">The state, or none before the first event.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The instant that the event carries.</param>
    public static StreamDecision<SafetyEvent> Decide(SafetyControls? controls, SafetyCommand command, Instant now)
    {
        if ((Check(command, now) ?? Roles.Check(command)) is { } refusal) return StreamDecision.Refuse<SafetyEvent>(refusal);
        var state = controls ?? SafetyControls.Unrehearsed;
        var (actor, role) = (command.By.Actor, command.By.Role);
        var decision = command switch
        {
            RecordDrill drill => Record(state, drill, now),
            EngageKillSwitch engage => state.KillSwitch is not null
                ? StreamDecision.Unchanged<SafetyEvent>()
                : StreamDecision.Record<SafetyEvent>(
                    new KillSwitchEngaged { Actor = actor, Role = role, At = now, Reason = engage.Reason }),
            ReleaseKillSwitch release => state.KillSwitch is null
                ? StreamDecision.Unchanged<SafetyEvent>()
                : StreamDecision.Record<SafetyEvent>(
                    new KillSwitchReleased { Actor = actor, Role = role, At = now, Reason = release.Reason }),
            _ => throw new ArgumentException($"The decider does not know {command.GetType().Name}.", nameof(command)),
        };

        // What is so already needs no version: the caller may ask again because it never saw the answer.
        return decision.Outcome != CommandOutcome.Unchanged && command.CheckVersion(state.StreamVersion) is { } changed
            ? StreamDecision.Refuse<SafetyEvent>(changed)
            : decision;
    }

    private static StreamDecision<SafetyEvent> Record(SafetyControls state, RecordDrill drill, Instant now)
    {
        var identity = SafetyControls.IdentityOf(drill.Check, drill.Passed, drill.PerformedAt, drill.RollbackTarget, drill.EvidenceSha256);
        if (state.Recorded.Contains(identity, StringComparer.Ordinal)) return StreamDecision.Unchanged<SafetyEvent>();
        return StreamDecision.Record<SafetyEvent>(new DrillRecorded
        {
            Actor = drill.By.Actor,
            Role = drill.By.Role,
            At = now,
            Check = drill.Check,
            Passed = drill.Passed,
            PerformedAt = drill.PerformedAt,
            RollbackTarget = drill.RollbackTarget,
            EvidenceSha256 = drill.EvidenceSha256,
        });
    }

    private static Refusal? Check(SafetyCommand command, Instant now)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CommandValidation.Check(command.By) ?? command switch
        {
            RecordDrill drill => CommandValidation.Expect(IsCheck(drill.Check), "check", "1 to 100 letters, digits and _")
                ?? CommandValidation.Expect(drill.PerformedAt <= now, "performed_at", "an instant that is not in the future")
                ?? (drill.RollbackTarget is null
                    ? null
                    : CommandValidation.Text("rollback_target", drill.RollbackTarget, CommandValidation.LongestName)),
            EngageKillSwitch engage => CommandValidation.Text("reason", engage.Reason, CommandValidation.LongestText),
            ReleaseKillSwitch release => CommandValidation.Text("reason", release.Reason, CommandValidation.LongestText),
            _ => throw new ArgumentException($"{command.GetType().Name} has no validation.", nameof(command)),
        };
    }

    private static bool IsCheck(string? check) =>
        check is { Length: >= 1 and <= LongestCheck } && !check.AsSpan().ContainsAnyExcept(CheckCharacters);
}
