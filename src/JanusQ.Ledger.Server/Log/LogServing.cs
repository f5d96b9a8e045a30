using JanusQ.Ledger.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace JanusQ.Ledger.Server.Log;

/// <summary>Who is served the transparency log.</summary>
public sealed class LogServing
{
    /// <summary>
    /// Whether everybody may read checkpoints, tiles, leaves and proofs. A leaf names who did what to which candidate and when, and the
    /// hash of the rest; where that may not be known outside, only who may read the ledger reads its log.
    /// </summary>
    public bool LogIsPublic { get; set; }
}

/// <summary>Adds the serving of the log.</summary>
internal static class LogServingExtensions
{
    /// <summary>Opens <see cref="AccessPolicies.ReadLog"/> to everybody where the settings say so.</summary>
    public static void AddLogServing(this IServiceCollection services, bool isPublic)
    {
        services.AddOptions<LogServing>().Configure(serving => serving.LogIsPublic = isPublic);
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<LogServing>>((authorization, serving) =>
        {
            if (serving.Value.LogIsPublic) authorization.AddPolicy(AccessPolicies.ReadLog, policy => policy.RequireAssertion(_ => true));
        });
    }
}
