using System.Net;
using System.Security.Cryptography;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Server.Tests.Contents;

public sealed class ReadContentTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData((4 * 1024 * 1024) + 1)]
    [InlineData(9_000_000)]
    public async Task a_document_is_read_by_its_hash_byte_for_byte_for_good_and_never_to_be_shown(int size)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var bytes = SomeBytes(size);
        var hash = Sha256Hash.Of(bytes);
        await server.Ledger.Content.PutAsync(new DocumentContent(bytes), Cancellation);
        using var client = server.ClientOf("worker");

        var got = await Got.FromAsync(client, $"/v1/contents/{hash}");

        Assert.Equal(HttpStatusCode.OK, got.Status);
        Assert.True(bytes.AsSpan().SequenceEqual(got.Bytes));
        Assert.Equal("application/octet-stream", got.Headers["Content-Type"]);
        Assert.Equal("max-age=31536000, private, immutable", got.Headers["Cache-Control"]);
        Assert.Equal("nosniff", got.Headers["X-Content-Type-Options"]);
        Assert.Equal($"attachment; filename=\"{hash}\"", got.Headers["Content-Disposition"]);
        Assert.Equal("default-src 'none'; sandbox", got.Headers["Content-Security-Policy"]);
        Assert.Equal($"\"{hash}\"", got.Headers["ETag"]);
        var again = await Got.FromAsync(client, $"/v1/contents/{hash}", ("If-None-Match", $"\"{hash}\""));
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.Status, again.Bytes.Length));
        var other = await Got.FromAsync(client, $"/v1/contents/{Sha256Hash.OfText("another")}", ("If-None-Match", "*"));
        Assert.Equal((HttpStatusCode.NotFound, "unknown_artifact", null), other.Problem);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(5_000_000)]
    public async Task a_document_that_was_altered_is_never_handed_out_whole(int size)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var bytes = SomeBytes(size);
        await server.Ledger.Content.PutAsync(new DocumentContent(bytes), Cancellation);
        await using (var command = server.Ledger.Database.CreateCommand(
            """
            alter table janusq.content disable trigger user;
            update janusq.content set bytes = set_byte(bytes, length(bytes) - 1, (get_byte(bytes, length(bytes) - 1) + 1) % 256);
            """))
            await command.ExecuteNonQueryAsync(Cancellation);
        using var client = server.ClientOf("worker");
        var path = $"/v1/contents/{Sha256Hash.Of(bytes)}";
        if (size < 4 * 1024 * 1024)
        {
            var got = await Got.FromAsync(client, path);
            Assert.Equal((HttpStatusCode.InternalServerError, "integrity_violation", null), got.Problem);
            Assert.False(got.Headers.ContainsKey("ETag"));
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => Got.FromAsync(client, path));
        }
    }

    [Fact]
    public async Task callers_who_take_a_large_document_slowly_keep_nobody_else_from_anything()
    {
        const int Slow = 6;
        await using var server = await AServer.StartAsync(postgreSql, options => options with
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { MaxPoolSize = 3 }.ConnectionString,
        });
        var bytes = SomeBytes(24 * 1024 * 1024);
        await server.Ledger.Content.PutAsync(new DocumentContent(bytes), Cancellation);
        var path = $"/v1/contents/{Sha256Hash.Of(bytes)}";
        using var client = server.ClientOf("worker");
        var slow = new List<HttpResponseMessage>();
        for (var i = 0; i < Slow; i++)
            slow.Add(await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation));

        var got = await Got.FromAsync(client, path).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.True(bytes.AsSpan().SequenceEqual(got.Bytes));
        Assert.All(slow, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        foreach (var answer in slow) answer.Dispose();
    }

    // Nothing that compresses, so what is stored are the very bytes.
    private static byte[] SomeBytes(int size)
    {
        var bytes = new byte[size];
        var (block, counter) = (SHA256.HashData([1]), 0);
        for (var at = 0; at < size; at += block.Length)
        {
            block.AsSpan(0, Math.Min(block.Length, size - at)).CopyTo(bytes.AsSpan(at));
            block = SHA256.HashData([.. block, (byte)counter++]);
        }

        return bytes;
    }
}
