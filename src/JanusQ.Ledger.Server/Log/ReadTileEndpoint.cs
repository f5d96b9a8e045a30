using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Access;
using JanusQ.Ledger.Server.Description;
using JanusQ.Ledger.Server.Errors;
using JanusQ.Ledger.Server.Reading;
using Microsoft.AspNetCore.Authorization;
using Wolverine.Http;

namespace JanusQ.Ledger.Server.Log;

/// <summary>
/// Tiles of hashes and bundles of leaves (C2SP tlog-tiles), full and partial ones, as far as the last checkpoint speaks for them.
/// </summary>
public static class ReadTileEndpoint
{
    /// <summary><c>GET /tile/L/N[.p/W]</c> and <c>GET /tile/entries/N[.p/W]</c>.</summary>
    [WolverineGet("/tile/{**tile}")]
    [Authorize(Policy = AccessPolicies.ReadLog)]
    [GivesDocument("The hashes one after another, or the leaves each behind its length.", LogAnswer.Bytes)]
    [Sends(AnswerHeaders.NeverChanges)]
    [Refuses("tile_path_malformed", LogRefusals.NotSignedYet)]
    public static async Task<IResult> Handle(string tile, HttpContext context, LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ledger);
        QueryParameters.Of(context);
        if (!TilePath.TryParse($"tile/{tile}", out var asked, out var refusal)) return new Problem(refusal);

        // The hashes of a tile of any one width never change, so a partial one may be kept as well: another width has another address.
        return await ledger.Log.Reader.ReadTileAsync(asked, context.RequestAborted).ConfigureAwait(false) is { } bytes
            ? new LogAnswer(bytes, LogAnswer.Bytes, true)
            : new Problem(new Refusal(LogRefusals.NotSignedYet, $"The last checkpoint does not speak for all of {asked}."));
    }
}
