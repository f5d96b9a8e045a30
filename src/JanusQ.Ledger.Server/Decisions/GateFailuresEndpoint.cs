using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Decisions;

/// <summary>How often gates failed, by day, policy, gate and reason.</summary>
public static class GateFailuresEndpoint
{
    private const int DefaultDays = 31;
    private const int MostDays = 366;

    /// <summary><c>GET /v1/statistics/gate-failures</c>.</summary>
    [WolverineGet("/v1/statistics/gate-failures")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery("since", "The first day (UTC); if not said, 31 days before until.", QueryForms.Day)]
    [TakesQuery("until", "The first day after; if not said, tomorrow. At most 366 days after since.", QueryForms.Day)]
    [GivesDocument("A line for each day, policy, gate and reason with failures.", Answer = nameof(AnswerSchemas.GateFailures))]
    public static async Task<IResult> Handle(HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var parameters = QueryParameters.Of(context);
        var until = parameters.Day("until") ?? DateOnly.FromDateTime(ledger.Clock.GetUtcNow().UtcDateTime).AddDays(1);
        var since = parameters.Day("since") ?? DateOnly.FromDayNumber(Math.Max(0, until.DayNumber - DefaultDays));
        if (until.DayNumber - since.DayNumber is < 0 or > MostDays)
            throw RequestBody.Invalid("until", $"a day 0 to {MostDays} days after since");
        var read = await ledger.Queries
            .GateFailuresAsync(since, until, ledger.CatchesUpWhenAsked, context.RequestAborted).ConfigureAwait(false);
        return QueryAnswer.Of(read, rows => JsonObject.Of(("gate_failures", new JsonArray(rows.Select(row => (JsonValue)row.ToJson())))));
    }
}
