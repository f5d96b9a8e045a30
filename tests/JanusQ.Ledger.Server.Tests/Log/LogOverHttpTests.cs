using System.Net;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Log;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Tests.Reading;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;
using Microsoft.Extensions.DependencyInjection;

namespace JanusQ.Ledger.Server.Tests.Log;

public sealed class LogOverHttpTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task who_has_the_logs_key_verifies_the_whole_log_over_http_and_that_it_was_only_continued()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        var log = new LogOverHttp(client, Sequencer.Key.Verifier);
        await RecordAsync(server, 0, 20);
        var early = (await log.CheckpointAsync()).Checkpoint;
        Assert.True(early.Size is > TilePath.FullWidth and < 2 * TilePath.FullWidth);
        var before = await log.VerifyWholeAsync(early);

        await RecordAsync(server, 20, 15);
        var late = (await log.CheckpointAsync()).Checkpoint;
        var after = await log.VerifyWholeAsync(late);

        Assert.True(late.Size > 2 * TilePath.FullWidth);
        Assert.Equal(before.Select(Text), after.Take(before.Count).Select(Text));
        var proof = new MerkleProver(late.Size, await log.TilesAsync(
            [.. MerkleProofs.TilesOfRoot(late.Size), .. MerkleProofs.TilesOfConsistency(early.Size, late.Size)])).Consistency(early.Size);
        Assert.Null(MerkleVerification.Consistency(early.Size, early.Root, late.Size, late.Root, proof.AsSpan()));
        await using var command = server.Ledger.Database.CreateCommand("select count(*) from janusq.mt_events");
        Assert.Equal(late.Size, await command.ExecuteScalarAsync(Cancellation));
        static string Text(ReadOnlyMemory<byte> leaf) => System.Text.Encoding.UTF8.GetString(leaf.Span);
    }

    [Fact]
    public async Task tiles_are_kept_for_good_and_the_checkpoint_is_asked_for_anew()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("worker");
        await RecordAsync(server, 0, 17);
        var checkpoint = await Got.FromAsync(client, "/checkpoint");
        Assert.Equal("no-cache, private", checkpoint.Headers["Cache-Control"]);
        var sequence = long.Parse(checkpoint.Headers["X-Ledger-Sequence"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((await server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence, sequence);
        var known = await Got.FromAsync(client, "/checkpoint", ("If-None-Match", checkpoint.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, known.Status);
        foreach (var path in new[] { "/tile/0/000", "/tile/entries/000", "/tile/0/000.p/7", "/tile/1/000.p/1" })
            Assert.Equal("max-age=31536000, private, immutable", (await Got.FromAsync(client, path)).Headers["Cache-Control"]);
        await RecordAsync(server, 17, 1);
        var next = await Got.FromAsync(client, "/checkpoint", ("If-None-Match", checkpoint.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.OK, next.Status);
    }

    [Fact]
    public async Task what_no_checkpoint_speaks_for_is_not_there()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        Assert.Equal((HttpStatusCode.NotFound, "log_not_signed_yet", null), (await Got.FromAsync(client, "/checkpoint")).Problem);
        Assert.Equal((HttpStatusCode.NotFound, "log_not_signed_yet", null), (await Got.FromAsync(client, "/tile/0/000.p/1")).Problem);
        await RecordAsync(server, 0, 1);
        var size = (int)(await new LogOverHttp(client, Sequencer.Key.Verifier).CheckpointAsync()).Checkpoint.Size;
        await server.Ledger.SendAsync(SmallRuns.AFinishedRun(1, 3), Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await Got.FromAsync(client, $"/tile/0/000.p/{size}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Got.FromAsync(client, $"/tile/entries/000.p/{size}")).Status);
        string[] beyond =
            [$"0/000.p/{size + 1}", "0/000", "0/001.p/1", "1/000.p/1", $"entries/000.p/{size + 1}", "entries/000", "63/x999/999"];
        foreach (var path in beyond)
            Assert.Equal((HttpStatusCode.NotFound, "log_not_signed_yet", null), (await Got.FromAsync(client, $"/tile/{path}")).Problem);
    }

    [Theory]
    [InlineData("/tile/0/0")]
    [InlineData("/tile/0/0000")]
    [InlineData("/tile/0/x000/001")]
    [InlineData("/tile/0/001/234")]
    [InlineData("/tile/64/000")]
    [InlineData("/tile/-1/000")]
    [InlineData("/tile/data/000")]
    [InlineData("/tile/0/000.p/0")]
    [InlineData("/tile/0/000.p/256")]
    [InlineData("/tile/0/000.p/01")]
    [InlineData("/tile/0/000.p/")]
    [InlineData("/tile/entries/000.p/1/..")]
    [InlineData("/tile/entries/%2e%2e%2fcheckpoint")]
    public async Task an_address_that_is_no_tile_has_nothing(string path)
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        var got = await Got.FromAsync(client, path);
        Assert.Equal(HttpStatusCode.NotFound, got.Status);
        Assert.Contains(got.Problem.Code, new[] { "tile_path_malformed", "log_not_signed_yet" });
    }

    [Fact]
    public async Task an_event_is_proven_in_both_forms()
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        await RecordAsync(server, 0, 3);
        for (var sequence = 1; sequence <= 20; sequence++)
        {
            var document = await Got.FromAsync(client, $"/v1/log/proofs/{sequence}");
            var file = await Got.FromAsync(client, $"/v1/log/proofs/{sequence}.tlog-proof");
            var accepted = await Got.FromAsync(client, $"/v1/log/proofs/{sequence}", ("Accept", "text/plain"));
            Assert.Equal("text/plain; charset=utf-8", file.Headers["Content-Type"]);
            Assert.Equal(file.Text, accepted.Text);
            Assert.Equal(file.Text, (string)document.Document["tlog_proof"]!);
            Assert.Equal((long)sequence, (long)document.Document["sequence"]!);
            Assert.True(document.Sequence >= sequence);
            Assert.True(InclusionProofFile.TryParse(file.Bytes, out var proof, out var refusal), refusal?.Explanation);
            var leaf = CanonicalJson.Bytes(JsonValue.Read(System.Text.Encoding.UTF8.GetBytes(document.Document["leaf"]!.ToJsonString())));
            Assert.Equal((string)document.Document["leaf_hash"]!, MerkleHash.Leaf(leaf).ToString());
            Assert.True(proof.Checkpoint.TryVerify([Sequencer.Key.Verifier], out refusal), refusal?.Explanation);
            var root = proof.Checkpoint.Checkpoint;
            Assert.Null(MerkleVerification.Inclusion(MerkleHash.Leaf(leaf), proof.Index, root.Size, proof.Hashes.AsSpan(), root.Root));
        }

        await server.Ledger.SendAsync(SmallRuns.AFinishedRun(9, 1), Cancellation);
        var last = (await server.Ledger.Queries.StatusAsync(Cancellation)).LastSequence;
        var unsigned = await Got.FromAsync(client, $"/v1/log/proofs/{last}");
        Assert.Equal((HttpStatusCode.NotFound, "log_not_signed_yet", null), unsigned.Problem);
        var unknown = await Got.FromAsync(client, $"/v1/log/proofs/{last + 1}");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_event", null), unknown.Problem);
        foreach (var wrong in new[] { "0", "-1", "one", ".tlog-proof", "1.tlog" })
        {
            var refused = await Got.FromAsync(client, $"/v1/log/proofs/{wrong}");
            Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", "sequence"), refused.Problem);
        }
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("TEXT/plain; charset=utf-8", true)]
    [InlineData("text/*", true)]
    [InlineData("text/plain, application/json;q=0.9", true)]
    [InlineData("text/plain;q=0.5, */*;q=0.1", true)]
    [InlineData("*/*, application/json;q=0", true)]
    [InlineData("text/plain;q=0", false)]
    [InlineData("text/plain;q=0, text/*", false)]
    [InlineData("text/plain;q=0.1, application/json;q=0.2", false)]
    [InlineData("text/plain, application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("image/png", false)]
    [InlineData("no media type", false)]
    public async Task a_proof_comes_as_text_where_the_caller_would_rather_have_that(string accept, bool isText)
    {
        await using var server = await StartAsync();
        using var client = server.ClientOf("auditor");
        await RecordAsync(server, 0, 1);
        var proof = await Got.FromAsync(client, "/v1/log/proofs/1", ("Accept", accept));
        Assert.Equal(isText ? "text/plain; charset=utf-8" : "application/json", proof.Headers["Content-Type"]);
        Assert.Equal("Accept", proof.Headers["Vary"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_proof_is_as_public_as_the_log_in_each_form(bool isPublic)
    {
        await using var server = await StartAsync(isPublic);
        using var client = server.ClientOf("auditor");
        await RecordAsync(server, 0, 1);
        var document = await Got.FromAsync(client, "/v1/log/proofs/1");
        foreach (var path in new[] { "proofs/1", "proofs/1.tlog-proof", $"events/{(string)document.Document["event_id"]!}/proof" })
        {
            var directives = (await Got.FromAsync(client, $"/v1/log/{path}")).Headers["Cache-Control"].Split(", ");
            Assert.Equal(["no-cache", isPublic ? "public" : "private"], directives.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task a_public_log_is_read_by_everybody_and_nothing_else_is()
    {
        await using var server = await StartAsync(isPublic: true);
        await RecordAsync(server, 0, 2);
        using var nobody = server.ClientOf(null);
        await new LogOverHttp(nobody, Sequencer.Key.Verifier).VerifyWholeAsync(
            (await new LogOverHttp(nobody, Sequencer.Key.Verifier).CheckpointAsync()).Checkpoint);
        Assert.Equal("no-cache, public", Sorted((await Got.FromAsync(nobody, "/checkpoint")).Headers["Cache-Control"]));
        var tile = await Got.FromAsync(nobody, "/tile/0/000.p/1");
        Assert.Equal("immutable, max-age=31536000, public", Sorted(tile.Headers["Cache-Control"]));
        Assert.Equal(HttpStatusCode.OK, (await Got.FromAsync(nobody, "/v1/log/proofs/1.tlog-proof")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Got.FromAsync(nobody, "/v1/candidates")).Status);
        static string Sorted(string directives) => string.Join(", ", directives.Split(", ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task a_log_that_was_tampered_with_answers_that_it_was()
    {
        await using var server = await StartAsync();
        await RecordAsync(server, 0, 1);
        await using (var command = server.Ledger.Database.CreateCommand(
            """
            alter table janusq.mt_events disable trigger user;
            update janusq.mt_events set user_name = 'mallory' where seq_id = 2;
            """))
            await command.ExecuteNonQueryAsync(Cancellation);
        using var client = server.ClientOf("auditor");
        foreach (var path in new[] { "/v1/log/proofs/2", "/tile/entries/000.p/3" })
            Assert.Equal((HttpStatusCode.InternalServerError, "integrity_violation", null), (await Got.FromAsync(client, path)).Problem);
    }

    private static async Task RecordAsync(AServer server, int first, int count)
    {
        for (var i = first; i < first + count; i++) await server.Ledger.SendAsync(SmallRuns.AFinishedRun(i), Cancellation);
        await server.Ledger.Log.CatchUpAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    private Task<AServer> StartAsync(bool isPublic = false) => AServer.StartAsync(
        postgreSql,
        options => options with { Log = new LogOptions { Keys = LogKeyRing.Of(Sequencer.Key) } },
        builder => builder.Services.Configure<LogServing>(serving => serving.LogIsPublic = isPublic));
}
