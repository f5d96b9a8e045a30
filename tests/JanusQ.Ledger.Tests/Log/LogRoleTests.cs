using JanusQ.Ledger.Log;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Log;

/// <summary>What the program's role may do is enough to keep the log, and not enough to change anything of it.</summary>
public sealed class LogRoleTests(PostgreSqlFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_programs_role_keeps_the_log_and_changes_nothing_of_it()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await using var program = await ALogin.MakeAsync(log.ConnectionString, "in role janusq_app");
        await using (var ledger = log.Ledger.Another(
            options => options with { ConnectionString = program.ConnectionString, Log = ALog.Options() }))
        {
            await ledger.SendAsync(ALedger.AFinishedRun(), Cancellation);
            await log.AppendAsync(300);
            Assert.Equal(317, (await ledger.Log.CatchUpAsync(ALog.Patience, Cancellation)).Checkpoint!.Size);
            Assert.Equal((317, 0, 0), await ledger.Log.Reader.StatusAsync(Cancellation) is { } status
                ? (status.Size, status.EventsBehind, status.OpenAppends) : default);
            Assert.Equal(1, (await ledger.Log.Reader.ProveAsync(2, Cancellation)).Index);
        }

        foreach (var table in new[] { "log_leaf", "log_tile", "log_checkpoint", "log_cosignature" })
        {
            foreach (var sql in new[]
            {
                $"delete from janusq.{table}", $"truncate janusq.{table}", $"alter table janusq.{table} disable trigger all",
                $"drop table janusq.{table}", $"drop trigger append_only on janusq.{table}",
                $"update janusq.{table} set {Column(table)} = {Column(table)}",
            })
            {
                Assert.True(await program.TryAsync(sql) == PostgresErrorCodes.InsufficientPrivilege, sql);
            }
        }

        Assert.Equal(317, await log.CheckAsync());
    }

    [Fact]
    public async Task an_auditor_reads_the_log_and_writes_nothing()
    {
        await using var log = await ALog.OnAnEmptyDatabaseAsync(postgres);
        await log.AppendAsync(3);
        await log.CatchUpAsync();
        await using var auditor = await ALogin.MakeAsync(log.ConnectionString, "in role janusq_auditor");
        await using var source = NpgsqlDataSource.Create(auditor.ConnectionString);
        Assert.Equal(3, (await new LogReader(source).LatestCheckpointAsync(Cancellation))!.Size);
        Assert.Equal(2, (await new LogReader(source).ProveAsync(3, Cancellation)).Index);
        foreach (var table in new[] { "log_leaf", "log_tile", "log_checkpoint", "log_cosignature" })
        {
            var refused = await auditor.TryAsync($"insert into janusq.{table} select * from janusq.{table}");
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused);
        }
    }

    private static string Column(string table) => table switch
    {
        "log_leaf" => "leaf_hash",
        "log_tile" => "hashes",
        "log_checkpoint" => "note",
        _ => "signature",
    };
}
