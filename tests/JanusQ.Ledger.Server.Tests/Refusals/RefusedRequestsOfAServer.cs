using JanusQ.Ledger.Access;
using JanusQ.Ledger.Server.Tests.Hosting;

namespace JanusQ.Ledger.Server.Tests.Refusals;

/// <summary>What a server has written down.</summary>
internal static class RefusedRequestsOfAServer
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The entries of the security log, oldest first, once there are so many.</summary>
    public static async Task<IReadOnlyList<SecurityEntry>> RefusedAsync(this AServer server, int count)
    {
        var entries = await server.Ledger.SecurityLog.LatestAsync(10_000, Cancellation);
        for (var i = 0; i < 100 && entries.Length < count; i++)
        {
            await Task.Delay(50, Cancellation);
            entries = await server.Ledger.SecurityLog.LatestAsync(10_000, Cancellation);
        }

        return [.. entries.Reverse()];
    }

    /// <summary>Number of events in the ledger.</summary>
    public static async Task<long> EventsAsync(this AServer server)
    {
        await using var command = server.Ledger.Database.CreateCommand("select count(*) from janusq.mt_events");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
