using JanusQ.Ledger.Core.Candidates;
using Microsoft.AspNetCore.Authorization;

namespace JanusQ.Ledger.Server.Access;

/// <summary>
/// Who may reach which endpoint. The ledger's own commands check the role again (<see cref="Roles"/>): this only keeps out early who has no
/// business there.
/// </summary>
public static class AccessPolicies
{
    /// <summary>Whoever is authenticated, in any role.</summary>
    public const string Read = "read";

    /// <summary>Reads the transparency log: whoever may read, and everybody where the log is public.</summary>
    public const string ReadLog = "read-log";

    /// <summary>Runs lanes and submits their evidence.</summary>
    public const string Work = "work";

    /// <summary>Asks for promotions.</summary>
    public const string RequestPromotion = "request-promotion";

    /// <summary>Promotes, pauses, rolls back, rehearses, publishes policies.</summary>
    public const string Operate = "operate";

    /// <summary>Agrees to what others ask for.</summary>
    public const string Approve = "approve";

    /// <summary>Verifies: replays decisions, audits the ledger, exports bundles.</summary>
    public const string Audit = "audit";

    /// <summary>Lets others in and keeps them out, and puts right what is derived.</summary>
    public const string Administer = "administer";

    /// <summary>Compares the database's schema with what the program expects.</summary>
    public const string InspectSchema = "inspect-schema";

    /// <summary>Watches the server itself.</summary>
    public const string Watch = "watch";

    /// <summary>The roles of every policy.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> RolesOf = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Read] = [.. Roles.All],
        [ReadLog] = [.. Roles.All],
        [Work] = [Roles.Worker],
        [RequestPromotion] = [Roles.Worker, Roles.Operator, Roles.Admin],
        [Operate] = [Roles.Operator, Roles.Admin],
        [Approve] = [Roles.Approver],
        [Audit] = [Roles.Auditor, Roles.Compliance, Roles.Operator, Roles.Admin],
        [Administer] = [Roles.Admin],
        [InspectSchema] = [Roles.Auditor, Roles.Admin],
        [Watch] = [Roles.Operator, Roles.Admin],
    };

    /// <summary>Adds all of them; an endpoint that names none lets nobody in.</summary>
    public static void Add(AuthorizationBuilder authorization)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        foreach (var (name, roles) in RolesOf)
            authorization.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireRole(roles));
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
    }
}
