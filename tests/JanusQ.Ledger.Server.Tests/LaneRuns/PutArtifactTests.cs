using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.LaneRuns;

public sealed class PutArtifactTests(PostgreSqlFixture postgreSql)
{
    private const string Path = "gates/report.json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_worker_puts_an_artifact_and_a_retry_gets_the_same_answer()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var artifact = ARun.Artifact("gates/bericht ä+%2F#1.json", """{"a":1}""");
        var first = await worker.PutArtifactAsync(ARun.CandidateId, evaluation, artifact, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, 2L, 1), (first.Outcome, first.CandidateVersion, first.Appended));
        var again = await worker.PutArtifactAsync(ARun.CandidateId, evaluation, artifact, Cancellation);
        Assert.Equal(first with { Outcome = RecordingResponse.Unchanged, Appended = 0, LastSequence = null }, again);
        var recorded = Assert.Single(
            (await server.Ledger.Queries.CandidateAsync(ARun.CandidateId, Cancellation))!.Evaluations[0].Artifacts);
        Assert.Equal((artifact.Path, "application/json", 7L), (recorded.Path, recorded.MediaType, recorded.Size));
        Assert.Equal(artifact.Content.ToArray(), await server.Ledger.Content.ReadAsync(recorded.Sha256, Cancellation));
    }

    [Fact]
    public async Task other_bytes_under_the_same_path_are_a_conflict_that_says_what_differs()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, ARun.Artifact(Path, "1"), Cancellation);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "submission_conflicted",
            () => worker.PutArtifactAsync(ARun.CandidateId, evaluation, ARun.Artifact(Path, "2"), Cancellation));
        var difference = Assert.Single(problem.Document.GetProperty("differences").EnumerateArray());
        Assert.Equal(
            ("artifact", Path, Sha256Hash.OfText("1").ToString(), Sha256Hash.OfText("2").ToString()),
            (difference.GetProperty("subject").GetString(), difference.GetProperty("path").GetString(),
                difference.GetProperty("recorded").GetString(), difference.GetProperty("submitted").GetString()));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task large_and_small_ones_are_stored_whole(int size)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var bytes = RandomNumberGenerator.GetBytes(size);
        var upload = new ArtifactUpload("backtest/returns.bin", bytes);
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, upload, Cancellation);
        Assert.Equal(
            RecordingResponse.Unchanged, (await worker.PutArtifactAsync(ARun.CandidateId, evaluation, upload, Cancellation)).Outcome);
        var recorded = Assert.Single(
            (await server.Ledger.Queries.CandidateAsync(ARun.CandidateId, Cancellation))!.Evaluations[0].Artifacts);
        Assert.Equal((Sha256Hash.Of(bytes), (long)size, "application/octet-stream"), (recorded.Sha256, recorded.Size, recorded.MediaType));
        Assert.Equal(bytes, await server.Ledger.Content.ReadAsync(recorded.Sha256, Cancellation));
    }

    [Fact]
    public async Task what_a_janus_artifact_says_of_itself_is_recorded_with_it()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var expected = PromotableRun.Number(0).Submission.Artifacts.Where(artifact => artifact.ManifestHash is not null).ToArray();
        Assert.Equal(2, expected.Length);
        foreach (var artifact in expected)
        {
            await worker.PutArtifactAsync(
                ARun.CandidateId, evaluation, new ArtifactUpload(artifact.Path, artifact.Content.Bytes, artifact.MediaType), Cancellation);
        }

        var recorded = (await server.Ledger.Queries.CandidateAsync(ARun.CandidateId, Cancellation))!.Evaluations[0].Artifacts;
        Assert.Equal(
            expected.Select(artifact => (artifact.Path, artifact.SchemaVersion, artifact.ManifestHash)).OrderBy(
                one => one.Path, StringComparer.Ordinal),
            recorded.Select(artifact => (artifact.Path, artifact.SchemaVersion, artifact.ManifestHash)));
    }

    [Theory]
    [InlineData(null, "content_digest_missing")]
    [InlineData("sha-512=:AAAA:", "content_digest_missing")]
    [InlineData("sha-256=:AAAA:", "request_invalid")]
    [InlineData("sha-256=6b86b273", "request_invalid")]
    [InlineData("sha-256", "request_invalid")]
    [InlineData("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", "content_hash_mismatch")]
    [InlineData("sha-512=:AAAA:, sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", "content_hash_mismatch")]
    public async Task a_digest_that_is_missing_malformed_or_wrong_leaves_nothing(string? digest, string code)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        foreach (var size in new[] { 100, 2_000_000 })
        {
            using var answer = await PutAsync(server, evaluation, Path, new byte[size], digest);
            await AClient.ProblemAsync(HttpStatusCode.BadRequest, code, answer);
        }

        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Theory]
    [InlineData(1001, false)]
    [InlineData(1001, true)]
    [InlineData(2_000_000, false)]
    [InlineData(2_000_000, true)]
    public async Task more_than_the_ledger_stores_is_refused_with_the_limit(int size, bool chunked)
    {
        await using var server = await AServer.StartAsync(postgreSql, options => options with { LargestContent = 1000 });
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        var bytes = new byte[size];
        using var answer = await PutAsync(server, evaluation, Path, bytes, DigestOf(bytes), chunked);
        var problem = await AClient.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "content_too_large", answer);
        if (!chunked) Assert.Equal(1000, (int)problem["limit"]!);
        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Theory]
    [InlineData("gates//report.json")]
    [InlineData("gates%5Creport.json")]
    [InlineData("C%3A/report.json")]
    [InlineData("gates/report.json%00")]
    [InlineData("gates/..%2F..%2Freport.json")]
    public async Task a_path_that_is_none_is_named(string path)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        using var answer = await PutAsync(server, evaluation, path, [1], DigestOf([1]));
        if (answer.StatusCode == HttpStatusCode.BadRequest && answer.Content.Headers.ContentLength == 0)
        {
            // Some do not even get past the server's own reading of addresses.
            Assert.Contains("%00", path, StringComparison.Ordinal);
        }
        else
        {
            var problem = await AClient.ProblemAsync(HttpStatusCode.BadRequest, "command_invalid", answer);
            Assert.Equal("path", (string)problem["field"]!);
        }

        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task an_evaluation_that_nobody_started_takes_nothing()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        await AClient.ProblemAsync(
            HttpStatusCode.NotFound,
            "unknown_evaluation",
            () => worker.PutArtifactAsync(ARun.CandidateId, new string('0', 24), ARun.Artifact(Path, "1"), Cancellation));
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }

    private static string DigestOf(byte[] bytes) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";

    private static async Task<HttpResponseMessage> PutAsync(
        AServer server, string evaluation, string path, byte[] bytes, string? digest, bool chunked = false)
    {
        using var http = server.ClientOf("worker");
        using var request = new HttpRequestMessage(
            HttpMethod.Put, $"v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts/{path}");
        request.Content = chunked ? new StreamContent(new Unseekable(bytes)) : new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (digest is not null) request.Content.Headers.TryAddWithoutValidation("Content-Digest", digest);
        request.Headers.TransferEncodingChunked = chunked;
        return await http.SendAsync(request, Cancellation);
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
