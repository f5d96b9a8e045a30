using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.LaneRuns;
using JanusQ.Ledger.Testing;
using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace JanusQ.Ledger.Server.Tests.Contents;

public sealed class PutContentTests(PostgreSqlFixture postgreSql)
{
    private const string DigestOfNothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(100_000, false)]
    [InlineData(3_000_000, false)]
    [InlineData(3_000_000, true)]
    public async Task a_worker_puts_a_document_under_its_hash_and_a_retry_changes_nothing(int size, bool isChunked)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var bytes = RandomNumberGenerator.GetBytes(size);
        var hash = Sha256Hash.Of(bytes);
        foreach (var outcome in new[] { "recorded", "unchanged" })
        {
            using var answer = await PutAsync(server, "worker", hash.ToString(), bytes, isChunked: isChunked);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var document = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
            Assert.Equal((outcome, hash.ToString()), ((string)document["outcome"]!, (string)document["sha256"]!));
        }

        Assert.Equal(bytes, await server.Ledger.Content.ReadAsync(hash, Cancellation));
        Assert.Equal((0L, 1L), await AClient.RecordedAsync(server));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_000_000)]
    public async Task what_does_not_hash_to_its_address_leaves_nothing(int size)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var (bytes, other) = (new byte[size], Sha256Hash.OfText("other"));
        using var answer = await PutAsync(server, "worker", other.ToString(), bytes);
        var problem = await AClient.ProblemAsync(HttpStatusCode.BadRequest, "content_hash_mismatch", answer);
        Assert.Equal(
            ("sha256", other.ToString(), Sha256Hash.Of(bytes).ToString()),
            ((string?)problem["field"], (string?)problem["claimed"], (string?)problem["actual"]));
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }

    [Theory]
    [InlineData(DigestOfNothing, "content_hash_mismatch")]
    [InlineData("sha-512=:AAAA:", "request_invalid")]
    [InlineData("sha-256=:AAAA:", "request_invalid")]
    [InlineData("", "request_invalid")]
    public async Task a_digest_that_says_something_else_than_the_address_leaves_nothing(string digest, string code)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var bytes = "signals"u8.ToArray();
        using var answer = await PutAsync(server, "worker", Sha256Hash.Of(bytes).ToString(), bytes, digest);
        Assert.Equal("Content-Digest", (string?)(await AClient.ProblemAsync(HttpStatusCode.BadRequest, code, answer))["field"]);
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task a_digest_that_says_the_same_is_taken_and_an_address_that_is_no_hash_is_not()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var answer = await PutAsync(server, "worker", Sha256Hash.Of([]).ToString(), [], DigestOfNothing);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var address in new[] { "ff", Sha256Hash.Of([]).ToString().ToUpperInvariant() })
        {
            using var refused = await PutAsync(server, "worker", address, []);
            var problem = await AClient.ProblemAsync(HttpStatusCode.BadRequest, "request_invalid", refused);
            Assert.Equal("sha256", (string?)problem["field"]);
        }
    }

    [Theory]
    [InlineData(2_000, false)]
    [InlineData(2_000, true)]
    public async Task a_document_larger_than_the_ledger_takes_is_refused(int size, bool isChunked)
    {
        await using var server = await AServer.StartAsync(postgreSql, options => options with { LargestContent = 1_000 });
        var bytes = new byte[size];
        using var answer = await PutAsync(server, "worker", Sha256Hash.Of(bytes).ToString(), bytes, isChunked: isChunked);
        await AClient.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "content_too_large", answer);
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task the_client_puts_documents_that_a_run_then_names()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var signals = "[]"u8.ToArray();
        var put = await worker.PutContentAsync(signals, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, Sha256Hash.Of(signals).ToString()), (put.Outcome, put.Sha256));
        Assert.Equal(RecordingResponse.Unchanged, (await worker.PutContentAsync(signals, Cancellation)).Outcome);
        await worker.StartLaneRunAsync(ARun.CandidateId, ARun.Start with { SignalsSha256 = put.Sha256 }, Cancellation);
        Assert.Equal(signals, await worker.GetBytesAsync($"v1/contents/{put.Sha256}", cancellation: Cancellation));
    }

    private static async Task<HttpResponseMessage> PutAsync(
        AServer server, string role, string address, byte[] bytes, string? digest = null, bool isChunked = false)
    {
        using var client = server.ClientOf(role);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/contents/{address}");
        request.Headers.TransferEncodingChunked = isChunked;
        request.Content = isChunked ? new StreamContent(new MemoryStream(bytes)) : new ByteArrayContent(bytes);
        if (digest is not null) request.Content.Headers.TryAddWithoutValidation("Content-Digest", digest);
        return await client.SendAsync(request, Cancellation);
    }
}
