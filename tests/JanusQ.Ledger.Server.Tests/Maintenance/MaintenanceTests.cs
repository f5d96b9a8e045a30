using System.Net;
using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Audits;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Maintenance;

/// <summary>A server puts right what is derived, and says what its database is not.</summary>
public sealed class MaintenanceTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_is_not_as_the_events_say_is_told_and_put_right_also_by_a_server_with_the_role_of_a_program()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql);
        await signed.Server.Ledger.Projections.CatchUpAsync(Cancellation);
        await signed.TamperAsync("delete from compliance.policies");
        var login = $"login_{Guid.NewGuid():N}"[..20];
        await signed.TamperAsync($"create role {login} login password 'secret' in role janusq_app");
        try
        {
            var role = new NpgsqlConnectionStringBuilder(signed.Server.ConnectionString) { Username = login, Password = "secret" };
            await using (var server = await signed.Server.BesideAsync(new(), role.ConnectionString))
            {
                var client = AClient.Of(server, "admin");
                var compared = await client.RebuildProjectionsAsync(new RebuildRequest { Compare = true }, Cancellation);
                Assert.Equal((false, 1L), (compared.GetProperty("rebuilt").GetBoolean(), Missing(compared)));
                Assert.Equal(
                    server.Ledger.Projections.Names,
                    compared.GetProperty("projections").EnumerateArray().Select(one => one.GetProperty("name").GetString()));

                var rebuilt = await client.RebuildProjectionsAsync(new RebuildRequest { Projection = "Compliance" }, Cancellation);
                Assert.Equal(
                    (true, 1L, 1),
                    (rebuilt.GetProperty("rebuilt").GetBoolean(), Missing(rebuilt), rebuilt.GetProperty("projections").GetArrayLength()));
                Assert.Equal(0, Missing(await client.RebuildProjectionsAsync(new RebuildRequest { Compare = true }, Cancellation)));
                await AClient.ProblemAsync(HttpStatusCode.NotFound, "projection_not_found", () =>
                    client.RebuildProjectionsAsync(new RebuildRequest { Projection = "Nothing" }, Cancellation));
                var problem = await AClient.ProblemAsync(HttpStatusCode.BadRequest, "request_invalid", () =>
                    client.RebuildProjectionsAsync(new RebuildRequest { Projection = "" }, Cancellation));
                Assert.Equal("projection", problem.Field);

                var schema = await AClient.Of(server, "auditor").ShowSchemaDifferencesAsync(Cancellation);
                Assert.True(schema.GetProperty("equal").GetBoolean(), schema.GetRawText());
                var audit = new AuditRequest { Keys = [ASignedLedger.Key.Verifier.ToString()] };
                Assert.Equal("verified", (await client.AuditAsync(audit, Cancellation)).GetProperty("status").GetString());
            }
        }
        finally
        {
            await signed.TamperAsync($"drop owned by {login}; drop role {login}");
        }
    }

    [Fact]
    public async Task what_the_database_is_not_is_told_to_an_auditor()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql);
        await using (var source = NpgsqlDataSource.Create(signed.Server.ConnectionString))
        {
            await using var drop = source.CreateCommand("drop trigger append_only on janusq.mt_events");
            await drop.ExecuteNonQueryAsync(Cancellation);
        }

        var found = await AClient.Of(signed.Server, "auditor").ShowSchemaDifferencesAsync(Cancellation);
        Assert.False(found.GetProperty("equal").GetBoolean());
        var difference = Assert.Single(found.GetProperty("differences").EnumerateArray());
        Assert.Equal("missing", difference.GetProperty("kind").GetString());
        Assert.Contains("append_only", difference.GetProperty("what").GetString(), StringComparison.Ordinal);
    }

    private static long Missing(JsonElement document) =>
        document.GetProperty("projections").EnumerateArray().Sum(one => one.GetProperty("missing").GetInt64());
}
