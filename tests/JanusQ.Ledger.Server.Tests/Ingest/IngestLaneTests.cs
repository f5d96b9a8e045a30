using System.Net;
using System.Security.Cryptography;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Ingest;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Refusals;
using JanusQ.Ledger.Server.Uploads;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests.Ingest;

public sealed class IngestLaneTests(PostgreSqlFixture postgreSql)
{
    private static readonly LaneArchiveLimits Small = new() { Archive = 1 << 20, Entries = 40, File = 1 << 20, Unpacked = 3 << 20 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_finished_lane_is_recorded_and_decided_and_a_retry_gets_the_same_answer()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker", "wanda");
        var first = await worker.IngestLaneAsync(LaneZip.Whole, Cancellation);
        Assert.Equal(
            (RecordingResponse.Recorded, LaneZip.CandidateId, LaneZip.EvaluationId, "paper"),
            (first.Run.Outcome, first.Run.CandidateId, first.Run.EvaluationId, first.Target));
        Assert.Equal(RecordingResponse.Recorded, first.Promotion.Outcome);
        Assert.Equal("deny", first.Promotion.Decision.GetProperty("action").GetString());
        var events = await AClient.RecordedAsync(server);
        var again = await worker.IngestLaneAsync(LaneZip.Whole, Cancellation);
        Assert.Equal((RecordingResponse.Unchanged, RecordingResponse.Unchanged), (again.Run.Outcome, again.Promotion.Outcome));
        Assert.Equal(first.Promotion.Decision.GetRawText(), again.Promotion.Decision.GetRawText());
        Assert.Equal(events, await AClient.RecordedAsync(server));
        var recorded = (await server.Ledger.Queries.CandidateAsync(LaneZip.CandidateId, Cancellation))!.Evaluations.Single();
        Assert.Equal(PromotableRun.Number(0).Submission.Artifacts.Length, recorded.Artifacts.Count);
        Assert.Equal("wanda", recorded.Start.Worker);
    }

    [Fact]
    public async Task the_same_evaluation_with_another_file_is_a_conflict()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var worker = AClient.Of(server, "worker");
        await worker.IngestLaneAsync(LaneZip.Whole, Cancellation);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.Conflict, "submission_conflicted",
            () => worker.IngestLaneAsync(LaneZip.With("notes/more.txt", [1]), Cancellation));
        Assert.Equal("notes/more.txt", problem.Document.GetProperty("differences")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task a_folder_of_arguments_is_taken_too()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var inputs = LaneZip.Files.Where(file => file.Path.StartsWith("inputs/", StringComparison.Ordinal))
            .Select(file => (Parts: file.Path.Split('/'), file.Bytes)).ToArray();
        var arguments = $"{{{string.Join(',', inputs.Select(input => $"\"{input.Parts[1]}\":\"{input.Parts[2]}\""))}}}";
        var zip = LaneZip.Of(
        [
            ("args.json", System.Text.Encoding.UTF8.GetBytes(arguments)),
            .. inputs.Select(input => ($"input/{input.Parts[2]}", input.Bytes)),
            .. LaneZip.Files.Where(file => !file.Path.StartsWith("inputs/", StringComparison.Ordinal)).Select(
                file => ($"output/{file.Path}", file.Bytes)),
        ]);
        var answer = await AClient.Of(server, "worker").IngestLaneAsync(zip, Cancellation);
        Assert.Equal(LaneZip.EvaluationId, answer.Run.EvaluationId);
        Assert.Equal(
            RecordingResponse.Unchanged, (await AClient.Of(server, "worker").IngestLaneAsync(LaneZip.Whole, Cancellation)).Run.Outcome);
    }

    public static TheoryData<string, int, string> Hostile => new()
    {
        { "traversal", 422, "lane_archive_path_invalid" },
        { "traversal inside", 422, "lane_archive_path_invalid" },
        { "backslash", 422, "lane_archive_path_invalid" },
        { "absolute", 422, "lane_archive_path_invalid" },
        { "drive", 422, "lane_archive_path_invalid" },
        { "link", 422, "lane_archive_path_invalid" },
        { "twice", 422, "lane_archive_path_repeated" },
        { "bomb in one file", 413, "lane_archive_too_large" },
        { "bomb in many files", 413, "lane_archive_too_large" },
        { "bomb that lies", 422, "lane_archive_invalid" },
        { "many entries", 422, "lane_archive_too_many_entries" },
        { "no zip", 422, "lane_archive_invalid" },
        { "empty", 422, "lane_archive_invalid" },
        { "truncated", 422, "lane_archive_invalid" },
        { "without its beginning", 422, "lane_archive_invalid" },
        { "no lane", 422, "lane_incomplete" },
        { "file changed", 422, "lane_hash_mismatch" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task what_is_hostile_is_refused_by_name_and_nothing_is_recorded(string kind, int status, string code)
    {
        await using var server = await AServer.StartAsync(
            postgreSql, configure: builder => builder.Services.AddSingleton(new UploadLimits { LaneArchive = Small }));
        var worker = AClient.Of(server, "worker");
        await AClient.ProblemAsync((HttpStatusCode)status, code, () => worker.IngestLaneAsync(ZipOf(kind), Cancellation));
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));

        // What is well formed and only wrong in its matter is no attack.
        var isHostile = code.StartsWith("lane_archive_", StringComparison.Ordinal);
        if (isHostile)
        {
            Assert.Equal(
                (status, code, "somebody", "/v1/lanes"),
                (await server.RefusedAsync(1)).Select(one => (one.Status, one.Code, one.Actor, one.Path)).Single());
        }

        Assert.Equal(RecordingResponse.Recorded, (await worker.IngestLaneAsync(LaneZip.Whole, Cancellation)).Run.Outcome);
        Assert.Equal(isHostile ? 1 : 0, (await server.RefusedAsync(0)).Count);
    }

    [Fact]
    public async Task a_larger_archive_than_is_taken_is_refused_before_it_is_read()
    {
        await using var server = await AServer.StartAsync(
            postgreSql, configure: builder => builder.Services.AddSingleton(new UploadLimits { LaneArchive = Small }));
        var bytes = RandomNumberGenerator.GetBytes((1 << 20) + 1);
        var problem = await AClient.ProblemAsync(
            HttpStatusCode.RequestEntityTooLarge, "content_too_large",
            () => AClient.Of(server, "worker").IngestLaneAsync(bytes, Cancellation));
        Assert.Equal(1 << 20, problem.Document.GetProperty("limit").GetInt32());
    }

    [Theory]
    [InlineData("application/json", true, HttpStatusCode.UnsupportedMediaType, "media_type_unsupported")]
    [InlineData("application/zip", false, HttpStatusCode.BadRequest, "content_digest_missing")]
    public async Task the_request_says_what_it_brings(string type, bool digest, HttpStatusCode status, string code)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        using var http = server.ClientOf("worker");
        using var body = new ByteArrayContent(LaneZip.Whole);
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        if (digest) body.Headers.TryAddWithoutValidation("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
        using var answer = await http.PostAsync("v1/lanes", body, Cancellation);
        await AClient.ProblemAsync(status, code, answer);
        Assert.Equal(((int)status, code), (await server.RefusedAsync(1)).Select(one => (one.Status, one.Code)).Single());
    }

    private static byte[] ZipOf(string kind)
    {
        var whole = LaneZip.Whole;
        return kind switch
        {
            "traversal" => LaneZip.With("../outside.json", [1]),
            "traversal inside" => LaneZip.With("gates/../../outside.json", [1]),
            "backslash" => LaneZip.With("gates\\..\\outside.json", [1]),
            "absolute" => LaneZip.With("/etc/outside.json", [1]),
            "drive" => LaneZip.With("C:/outside.json", [1]),
            "link" => LaneZip.WithLink(),
            "twice" => LaneZip.With("gates/gate-evaluation.json", [1]),
            "bomb in one file" => LaneZip.With("notes/zeros.bin", new byte[(1 << 20) + 1]),
            "bomb in many files" => LaneZip.Of([.. Enumerable.Range(0, 4).Select(number => ($"notes/{number}", new byte[1 << 20]))]),
            "bomb that lies" => LaneZip.Lying(1_234_567),
            "many entries" => LaneZip.Of([.. Enumerable.Range(0, 41).Select(number => ($"notes/{number}", new byte[1]))]),
            "no zip" => [.. Enumerable.Repeat((byte)'x', 1000)],
            "empty" => [],
            "truncated" => whole[..(whole.Length / 2)],
            "without its beginning" => whole[(whole.Length / 2)..],
            "no lane" => LaneZip.Of(("readme.txt", [1])),
            "file changed" => LaneZip.Of([.. LaneZip.Files.Select(file =>
                (file.Path, file.Path == "backtest/walkforward-results.json" ? [.. file.Bytes, (byte)' '] : file.Bytes))]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
