using System.Globalization;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>The rest of check (b): the versions of every stream are 1, 2, 3 and so on, and its head is the last of them.</summary>
internal static class StreamCheck
{
    private const string Broken =
        $"""
        select coalesce(s.id, e.stream_id), s.version, e.least, e.most, e.versions, e.events, coalesce(s.is_archived, false)
        from {LedgerStore.Schema}.mt_streams s full join (
            select stream_id, min(version) as least, max(version) as most, count(distinct version) as versions, count(*) as events
            from {LedgerStore.Schema}.mt_events group by stream_id) e on e.stream_id = s.id
        where coalesce(s.version, 0) <> coalesce(e.most, 0) or s.id is null or e.least <> 1 or e.most <> e.versions
            or e.versions <> e.events or s.is_archived
        """;

    public static async Task RunAsync(NpgsqlConnection connection, AuditFindings findings, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Broken, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var stream = reader.IsDBNull(0) ? "" : reader.GetString(0);
            long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
            void Add(string code, string expected, string found) =>
                findings.Add(new AuditFinding(AuditCheck.Completeness, code, expected, found) { Stream = stream });

            var (head, least, most, versions, events) = (Number(1), Number(2), Number(3), Number(4), Number(5));
            if (reader.GetBoolean(6)) Add(AuditCodes.EventHidden, "a stream that is not archived", "one that is");
            if (head is null || head != (most ?? 0))
                Add(AuditCodes.StreamHeadMismatch, Say($"the version {most ?? 0} of its last event"), Say($"the head {head ?? 0}"));
            if (most is null || (least == 1 && most == versions && versions == events)) continue;
            Add(
                AuditCodes.StreamVersionsBroken,
                Say($"the versions 1 to {events}, each once"),
                Say($"{versions} versions from {least} to {most} in {events} events"));
        }
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
