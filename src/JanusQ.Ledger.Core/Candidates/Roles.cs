using System.Collections.Immutable;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Candidates;

/// <summary>The roles in which somebody can act, and the one rule of which role may issue which command (ledger.md section 4).</summary>
public static class Roles
{
    /// <summary>Runs lanes and submits their evidence.</summary>
    public const string Worker = "worker";

    /// <summary>Promotes, pauses and rolls back; rehearses safety controls; publishes policies.</summary>
    public const string Operator = "operator";

    /// <summary>Agrees to promotions and activations that others ask for.</summary>
    public const string Approver = "approver";

    /// <summary>Reads.</summary>
    public const string Compliance = "compliance";

    /// <summary>Reads and verifies.</summary>
    public const string Auditor = "auditor";

    /// <summary>May do what an operator may, and nothing that needs an approver.</summary>
    public const string Admin = "admin";

    /// <summary>All roles.</summary>
    public static readonly ImmutableArray<string> All = [Worker, Operator, Approver, Compliance, Auditor, Admin];

    private static readonly ImmutableArray<string> Workers = [Worker];
    private static readonly ImmutableArray<string> Requesters = [Worker, Operator, Admin];
    private static readonly ImmutableArray<string> Operators = [Operator, Admin];
    private static readonly ImmutableArray<string> Approvers = [Approver];

    /// <summary>The roles that may issue a command.</summary>
    /// <exception cref="ArgumentException">The rule does not know the command.</exception>
    public static ImmutableArray<string> For(LedgerCommand command) => command switch
    {
        StartLaneRun or EmitArtifact or EmitArtifacts or CompleteLaneRun or FailLaneRun or SkipLaneRun or RecordLaneRun => Workers,
        GrantApproval or RevokeApproval or ApprovePolicyActivation => Approvers,
        PauseCandidate or ResumeCandidate or ClearRolledBackEvidence => Operators,
        RecordDrill or EngageKillSwitch or ReleaseKillSwitch => Operators,
        RequestPromotion => Requesters,
        DemoteChampion or RollBackChampion => Operators,
        PublishPolicy or ActivatePolicy => Operators,
        _ => throw new ArgumentException($"No rule says who may issue {command?.GetType().Name}.", nameof(command)),
    };

    /// <summary>Why the one who asks may not: <c>not_authorised</c> with role and what is needed; none if it may.</summary>
    public static Refusal? Check(LedgerCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var needed = For(command);
        return needed.Contains(command.By.Role, StringComparer.Ordinal) ? null : Refuse(command.By.Actor, command.By.Role, needed);
    }

    /// <summary>The refusal of somebody whose role is none of those that are needed.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="role">In which role.</param>
    /// <param name="needed">The roles that may.</param>
    public static Refusal Refuse(string actor, string role, IReadOnlyCollection<string> needed) =>
        new Refusal("not_authorised", $"{actor} acts as {role}; this needs the role {string.Join(" or ", needed)}.")
            .With("role", role).With("needed", JsonArray.OfTexts(needed));
}
