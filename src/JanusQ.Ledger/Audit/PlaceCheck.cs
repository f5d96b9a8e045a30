using System.Text.Json;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>Check (g) of audit.md section 4, as far as it is about places: who was champion, from the first event on.</summary>
internal sealed class PlaceCheck(AuditFindings findings)
{
    private const string Select =
        $"""
        select id, seq_id, stream_id, version, type, data::text from {LedgerStore.Schema}.mt_events
        where type in ('champion_installed', 'champion_removed', 'candidate_promoted', 'candidate_demoted')
            or (type = 'promotion_decided' and data ->> 'action' = 'promote')
        order by seq_id
        """;

    /// <summary>Number of changes of places.</summary>
    public long Changes { get; private set; }

    /// <summary>
    /// Checks all places. That takes the whole history in any case: what is installed may rest on any decision before it.
    /// </summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var places = new PlaceAudit();
        await using var command = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var at = new EventPlace(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3));
            try
            {
                var type = EventNames.All.First(name => name.Name == reader.GetString(4)).Type;
                places.Take(at, (LedgerEvent)JsonSerializer.Deserialize(reader.GetString(5), type, LedgerJson.Options)!);
            }
            catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
            {
                findings.Add(
                    new AuditFinding(AuditCheck.Places, AuditCodes.HistoryBroken, "data of the event's type", unreadable.Message)
                    {
                        At = at,
                    });
            }
        }

        findings.Add(places.End());
        Changes = places.Changes;
    }
}
