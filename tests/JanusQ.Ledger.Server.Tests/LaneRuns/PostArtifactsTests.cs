using System.Net;
using System.Text;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Server.Uploads;
using JanusQ.Ledger.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests.LaneRuns;

public sealed class PostArtifactsTests(PostgreSqlFixture postgreSql)
{
    private const string DigestOfOne = "sha-256=:a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=:";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly ArtifactUpload[] Three =
    [
        ARun.Artifact("gates/a.json", "1"), ARun.Artifact("gates/b \"ü\".json", "2"), new("notes/c", "3"u8.ToArray(), "text/x-note"),
    ];

    [Fact]
    public async Task many_artifacts_go_in_at_once_and_a_retry_gets_the_same_answer()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var first = await worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, 4L, 3), (first.Outcome, first.CandidateVersion, first.Appended));
        var again = await worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three, Cancellation);
        Assert.Equal(first with { Outcome = RecordingResponse.Unchanged, Appended = 0, LastSequence = null }, again);
        var recorded = (await server.Ledger.Queries.CandidateAsync(ARun.CandidateId, Cancellation))!.Evaluations[0].Artifacts;
        Assert.Equal(
            [("gates/a.json", "application/json"), ("gates/b \"ü\".json", "application/json"), ("notes/c", "text/x-note")],
            recorded.Select(artifact => (artifact.Path, artifact.MediaType)));
    }

    [Fact]
    public async Task what_was_left_half_done_is_completed()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, Three[1], Cancellation);
        var healed = await worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three, Cancellation);
        Assert.Equal((RecordingResponse.Recorded, 2), (healed.Outcome, healed.Appended));
        var done = await worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(Three), Cancellation);
        Assert.Equal(RecordingResponse.Recorded, done.Outcome);
    }

    [Fact]
    public async Task one_that_differs_is_a_conflict_and_none_of_the_others_is_recorded()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        await worker.PutArtifactAsync(ARun.CandidateId, evaluation, ARun.Artifact("gates/a.json", "other"), Cancellation);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "submission_conflicted",
            () => worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three, Cancellation));
        Assert.Equal(
            "gates/a.json", Assert.Single(problem.Document.GetProperty("differences").EnumerateArray()).GetProperty("path").GetString());
        var candidate = await server.Ledger.Queries.CandidateAsync(ARun.CandidateId, Cancellation);
        Assert.Single(candidate!.Evaluations[0].Artifacts);
        Assert.Single(candidate.Conflicts);
    }

    [Fact]
    public async Task a_complete_evaluation_takes_no_more()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        await worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three[..2], Cancellation);
        await worker.CompleteLaneRunAsync(ARun.CandidateId, evaluation, ARun.CompletionOf(Three[..2]), Cancellation);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "evaluation_completed",
            () => worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three, Cancellation));
        Assert.Equal("notes/c", problem.Document.GetProperty("path").GetString());
        Assert.Equal(
            RecordingResponse.Unchanged,
            (await worker.PostArtifactsAsync(ARun.CandidateId, evaluation, Three[..2], Cancellation)).Outcome);
    }

    [Theory]
    [InlineData("form-data; name=\"gates/x.json\"", null, "content_digest_missing", "Content-Digest")]
    [InlineData(
        "form-data; name=\"gates/x.json\"", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", "content_hash_mismatch", null)]
    [InlineData("form-data; name=\"../x.json\"", DigestOfOne, "command_invalid", "path")]
    [InlineData("form-data; name=\"/etc/x.json\"", DigestOfOne, "command_invalid", "path")]
    [InlineData("form-data; name=\"gates/a.json\"", DigestOfOne, "command_invalid", "path")]
    [InlineData("form-data", DigestOfOne, "command_invalid", "path")]
    [InlineData("attachment; name=\"gates/x.json\"", DigestOfOne, "request_invalid", "Content-Disposition")]
    [InlineData(null, DigestOfOne, "request_invalid", "Content-Disposition")]
    public async Task one_wrong_part_and_nothing_is_recorded(string? disposition, string? digest, string code, string? field)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        using var body = new MultipartContent("form-data")
        {
            PartOf("form-data; name=\"gates/a.json\"", DigestOfOne),
            PartOf(disposition, digest),
        };
        using var answer = await PostAsync(server, evaluation, body);
        var problem = await AClient.ProblemAsync(HttpStatusCode.BadRequest, code, answer);
        if (field is not null) Assert.Equal(field, (string)problem["field"]!);
        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "", "request_invalid", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b--\r\n", "request_invalid", 400)]
    [InlineData(
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=x\r\n" + "Content-Digest: " + DigestOfOne + "\r\n\r\ncut", "request_invalid", 400)]
    [InlineData("multipart/form-data", "--b--\r\n", "request_invalid", 400)]
    [InlineData("application/json", "{}", "media_type_unsupported", 415)]
    public async Task a_body_of_another_form_is_refused(string type, string text, string code, int status)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await PostAsync(server, evaluation, body);
        var problem = await AClient.ProblemAsync((HttpStatusCode)status, code, answer);
        Assert.NotNull(problem["detail"]);
    }

    [Fact]
    public async Task a_name_that_is_no_utf8_is_no_path()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var evaluation = await ARun.StartAsync(AClient.Of(server, "worker"));
        var before = await AClient.RecordedAsync(server);
        foreach (var name in new[] { "gates/\u00ff.json", "gates/\u00c3.json", "\u00ed\u00a0\u0080" })
        {
            var body = $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Digest: {DigestOfOne}\r\n\r\n1\r\n--b--\r\n";
            var answer = await RawRequest.SendAsync(
                server, $"POST /v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts",
                $"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {body.Length}\r\n", body);
            Assert.True(answer.Status == 400, answer.Answer);
            Assert.Equal(("command_invalid", "path"), ((string)answer.Problem["code"]!, (string)answer.Problem["field"]!));
        }

        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    [Fact]
    public async Task more_than_a_batch_takes_is_refused_with_the_limit()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, configure: builder => builder.Services.AddSingleton(new UploadLimits { Batch = 2000 }));
        var worker = AClient.Of(server, "worker");
        var evaluation = await ARun.StartAsync(worker);
        var before = await AClient.RecordedAsync(server);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "content_too_large",
            () => worker.PostArtifactsAsync(ARun.CandidateId, evaluation, [ARun.Artifact("a", new string('x', 2000))], Cancellation));
        Assert.Equal(2000, problem.Document.GetProperty("limit").GetInt32());
        Assert.Equal(before, await AClient.RecordedAsync(server));
    }

    private static ByteArrayContent PartOf(string? disposition, string? digest)
    {
        var part = new ByteArrayContent("1"u8.ToArray());
        if (disposition is not null) part.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        if (digest is not null) part.Headers.TryAddWithoutValidation("Content-Digest", digest);
        return part;
    }

    private static async Task<HttpResponseMessage> PostAsync(AServer server, string evaluation, HttpContent body)
    {
        using var http = server.ClientOf("worker");
        return await http.PostAsync($"v1/candidates/{ARun.CandidateId}/evaluations/{evaluation}/artifacts", body, Cancellation);
    }
}
