using System.Globalization;
using JanusQ.Ledger.Champions;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Champions;

/// <summary>Who is champion of a target, now or as of a point in the past of that place.</summary>
public static class ShowChampionEndpoint
{
    /// <summary><c>GET /v1/champions/{target}</c>.</summary>
    [WolverineGet("/v1/champions/{target}")]
    [Authorize(Policy = AccessPolicies.Read)]
    [TakesQuery(QueryParameters.Version, "As of this version: after so many of the place's events.", QueryForms.Count)]
    [TakesQuery(QueryParameters.At, QueryForms.AtText, Forms.Instant)]
    [TakesIfNoneMatch]
    [GivesAlso(StatusCodes.Status304NotModified, "What the caller has is what there is.")]
    [GivesDocument("The place of the target's champion, with who had it before.", Answer = nameof(AnswerSchemas.PlaceNow))]
    [Refuses("unknown_version")]
    public static async Task<IResult> Handle(string target, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        var (version, at) = QueryParameters.Of(context).Past();
        var asked = RequestBody.Target("target", target);
        var read = await ledger.Snapshots.ChampionAsync(asked, version, at, context.RequestAborted).ConfigureAwait(false);
        if (read.Value is { } place) return new QueryAnswer(ChampionDocument.Of(place), read.Sequence, place.StreamVersion);
        var number = version.GetValueOrDefault();
        return new Problem(new Refusal(
                "unknown_version",
                string.Create(CultureInfo.InvariantCulture, $"The place of {asked.Name()} has fewer than {number} events."))
            .With("target", asked.Name()).With("version", number));
    }
}
