using System.Diagnostics;
using System.Security.Claims;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Server.Access;

/// <summary>Who calls: the name and role under which the caller was authenticated, never one that the request claims.</summary>
internal static class Caller
{
    /// <summary>Header with the id of the whole piece of work that a request belongs to.</summary>
    public const string CorrelationHeader = "X-Correlation-Id";

    private const int LongestCorrelation = 200;

    /// <summary>The caller as the commands know it.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lets in who was not authenticated.</exception>
    public static Submitter Submitter(this HttpContext context)
    {
        var (name, role) = (context.User.Identity?.Name, context.User.FindFirstValue(ClaimTypes.Role));
        if (name is null || role is null) throw new InvalidOperationException("The caller of a command is not authenticated.");
        return new Submitter(name, role, context.CorrelationId());
    }

    /// <summary>What a request is known by in events, problem details and logs: as the caller names it, else the trace's id.</summary>
    public static string CorrelationId(this HttpContext context)
    {
        var named = context.Request.Headers[CorrelationHeader].ToString();
        var isName = named.Length is >= 1 and <= LongestCorrelation && named.All(static c => c is > ' ' and <= '~');
        return isName ? named : Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
    }
}
