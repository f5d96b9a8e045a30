using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary>Has a server look after its database.</summary>
internal sealed class RemoteMaintenance(LedgerClient client)
{
    /// <summary>Makes projections anew, or only compares them.</summary>
    public async Task<JsonObject> RebuildAsync(string? projection, bool onlyCompare, CancellationToken cancellation)
    {
        var request = new RebuildRequest { Projection = projection, Compare = onlyCompare };
        return RemoteAnswer.ObjectOf(
            await RemoteAnswer.AskAsync(client.RebuildProjectionsAsync(request, cancellation)).ConfigureAwait(false));
    }

    /// <summary>Everything in which its database is not what its program expects.</summary>
    public async Task<JsonObject> SchemaDifferencesAsync(CancellationToken cancellation) =>
        RemoteAnswer.ObjectOf(await RemoteAnswer.AskAsync(client.ShowSchemaDifferencesAsync(cancellation)).ConfigureAwait(false));
}
