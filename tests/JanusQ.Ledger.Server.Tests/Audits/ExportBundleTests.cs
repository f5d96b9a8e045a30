using System.Net;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Audits;

/// <summary>Bundles over HTTP.</summary>
public sealed class ExportBundleTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janusq-bundles-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_server_sends_the_bytes_that_an_export_on_the_database_writes_and_keeps_nothing()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql, Settings);
        await PromotableRun.Number(1).SubmitAsync(signed.Server.Ledger, Cancellation);
        var client = AClient.Of(signed.Server, "auditor");
        (ExportBundleRequest Request, ExportOrder Order)[] exports =
        [
            (new ExportBundleRequest(), new ExportOrder()),
            (new ExportBundleRequest { CandidateId = signed.Candidate }, new ExportOrder { CandidateId = signed.Candidate }),
            (new ExportBundleRequest { DecisionId = signed.Decision }, new ExportOrder { DecisionId = signed.Decision }),
            (
                new ExportBundleRequest { CandidateId = signed.Candidate, Statements = false },
                new ExportOrder { CandidateId = signed.Candidate, WithStatements = false }),
        ];
        foreach (var (request, order) in exports)
        {
            var (remote, local) = (At("remote.zip"), At("local.zip"));
            await client.ExportBundleAsync(request, remote, cancellation: Cancellation);
            var manifest = await order.WriteAsync(
                signed.Server.Ledger, local, () => Task.FromResult(signed.Server.Ledger.Log.Keys!.Known), cancellation: Cancellation);
            Assert.Equal(await File.ReadAllBytesAsync(local, Cancellation), await File.ReadAllBytesAsync(remote, Cancellation));
            Assert.Equal(manifest.ToBytes(), BundleFile.ReadManifest(remote).ToBytes());
            Assert.Equal(order.WithStatements, manifest.Statements > 0);
            using var verification = BundleVerification.Open(remote, new BundleTrust([ASignedLedger.Key.Verifier]));
            Assert.Empty(verification.Verify(Cancellation).Findings);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Settings.ExportFolder!));
        Assert.Equal(["local.zip", "remote.zip"], Files());
    }

    [Fact]
    public async Task what_cannot_be_exported_is_refused_and_leaves_what_stood_there()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql, Settings);
        var client = AClient.Of(signed.Server, "auditor");
        await File.WriteAllTextAsync(At("kept.zip"), "as it was", Cancellation);
        (ExportBundleRequest Request, HttpStatusCode Status, string Code, string? Field)[] refused =
        [
            (new() { CandidateId = "cand-none" }, HttpStatusCode.NotFound, "unknown_candidate", null),
            (new() { DecisionId = new string('a', 24) }, HttpStatusCode.NotFound, "unknown_decision", null),
            (new() { Until = "2020-01-01T00:00:00Z" }, HttpStatusCode.NotFound, "log_not_signed_yet", null),
            (new() { Until = "yesterday" }, HttpStatusCode.BadRequest, "request_invalid", "until"),
            (new() { CandidateId = "a b" }, HttpStatusCode.BadRequest, "request_invalid", "candidate_id"),
            (new() { DecisionId = "a" }, HttpStatusCode.BadRequest, "request_invalid", "decision_id"),
            (
                new() { CandidateId = "cand-none", DecisionId = new string('a', 24) },
                HttpStatusCode.BadRequest, "request_invalid", "decision_id"),
            (new() { PatienceSeconds = 0 }, HttpStatusCode.BadRequest, "request_invalid", "patience_seconds"),
            (new() { Policy = "quorum" }, HttpStatusCode.UnprocessableEntity, "log_policy_malformed", null),
        ];
        foreach (var (request, status, code, field) in refused)
        {
            var problem = await AClient.ProblemAsync(
                status, code, () => client.ExportBundleAsync(request, At("kept.zip"), cancellation: Cancellation));
            Assert.Equal(field, problem.Field);
        }

        Assert.Equal(["kept.zip"], Files());
        Assert.Equal("as it was", await File.ReadAllTextAsync(At("kept.zip"), Cancellation));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Settings.ExportFolder!));
    }

    [Fact]
    public async Task a_server_without_the_logs_key_exports_without_statements_where_it_knows_the_verifier_keys()
    {
        await File.WriteAllTextAsync(At("log.verifiers"), ASignedLedger.Key.Verifier + "\n", Cancellation);
        await using var signed = await ASignedLedger.StartAsync(postgreSql, Settings);
        var unsigned = new ExportBundleRequest { Statements = false };
        foreach (var (verifiers, exports) in new[] { (At("log.verifiers"), true), (null, false) })
        {
            await using var keyless = await signed.Server.BesideAsync(Settings with { LogVerifiers = verifiers });
            var client = AClient.Of(keyless, "auditor");
            await AClient.ProblemAsync(HttpStatusCode.UnprocessableEntity, LogRefusals.KeyMissing, () =>
                client.ExportBundleAsync(new ExportBundleRequest(), At("statements.zip"), cancellation: Cancellation));
            if (exports)
                await client.ExportBundleAsync(unsigned, At("unsigned.zip"), cancellation: Cancellation);
            else
                await AClient.ProblemAsync(HttpStatusCode.UnprocessableEntity, LogRefusals.KeyMissing, () =>
                    client.ExportBundleAsync(unsigned, At("none.zip"), cancellation: Cancellation));
        }

        await AClient.Of(signed.Server, "auditor").ExportBundleAsync(unsigned, At("signer.zip"), cancellation: Cancellation);
        Assert.Equal(
            await File.ReadAllBytesAsync(At("signer.zip"), Cancellation), await File.ReadAllBytesAsync(At("unsigned.zip"), Cancellation));
        Assert.Equal(["log.verifiers", "signer.zip", "unsigned.zip"], Files());
    }

    [Fact]
    public async Task an_answer_that_breaks_off_or_is_altered_on_its_way_leaves_what_stood_there()
    {
        await using var signed = await ASignedLedger.StartAsync(postgreSql, Settings);
        await File.WriteAllTextAsync(At("kept.zip"), "as it was", Cancellation);
        await RefusesAsync<HttpIOException>(bytes => new MemoryStream(bytes[..^100]));
        await RefusesAsync<InvalidDataException>(bytes =>
        {
            bytes[bytes.Length / 2] ^= 1;
            return new MemoryStream(bytes);
        });
        var client = AClient.Of(signed.Server, "auditor");
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ExportBundleAsync(
            new ExportBundleRequest(), At("kept.zip"), (_, _) => throw new InvalidOperationException("not as it must be"), Cancellation));
        Assert.Equal(["kept.zip"], Files());
        Assert.Equal("as it was", await File.ReadAllTextAsync(At("kept.zip"), Cancellation));

        async Task RefusesAsync<TException>(Func<byte[], Stream> altered)
            where TException : Exception
        {
            using var whole = signed.Server.ClientOf("auditor");
            using var http = new HttpClient(new OnItsWay(altered)) { BaseAddress = signed.Server.Address };
            var key = whole.DefaultRequestHeaders.Authorization!.Parameter!;
            await Assert.ThrowsAnyAsync<TException>(() => new LedgerClient(http, key, LedgerRetries.None)
                .ExportBundleAsync(new ExportBundleRequest(), At("kept.zip"), cancellation: Cancellation));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ServerSettings Settings => new() { ExportFolder = Directory.CreateDirectory(At("made")).FullName };

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string[] Files() => [.. _folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    /// <summary>Alters answers between the server and the client; what they say of themselves stays.</summary>
    private sealed class OnItsWay(Func<byte[], Stream> alter) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var sent = answer.Content;
            var stream = alter(await sent.ReadAsByteArrayAsync(cancellationToken));
            answer.Content = new StreamContent(stream.Length < sent.Headers.ContentLength ? new BreaksOff(stream) : stream);
            foreach (var (name, values) in sent.Headers) answer.Content.Headers.TryAddWithoutValidation(name, values);
            return answer;
        }
    }

    /// <summary>Ends as a connection ends that is lost.</summary>
    private sealed class BreaksOff(Stream begin) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => begin.Read(buffer, offset, count) is var read and > 0
            ? read
            : throw new HttpIOException(HttpRequestError.ResponseEnded);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
