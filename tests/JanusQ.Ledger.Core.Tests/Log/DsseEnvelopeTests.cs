using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Log;

public class DsseEnvelopeTests
{
    private const string HelloWorld = "http://example.com/HelloWorld";

    private static readonly DecisionStatement Statement = new()
    {
        SubjectName = "cand-0123456789ab",
        SubjectSha256 = Sha256Hash.OfText("set"),
        VerifierId = "https://ledger.example",
        TimeVerified = Instant.Parse("2026-03-01T09:30:00Z"),
        ResourceUri = "https://ledger.example/decisions/0123",
        Policy = new DecisionResource("https://ledger.example/policies/paper", Sha256Hash.OfText("policy")),
        InputAttestations = [new("gates/report.json", Sha256Hash.OfText("a")), new("b", Sha256Hash.OfText("b"))],
        IsPassed = true,
        VerifiedLevel = "JANUSQ_PROMOTION_PAPER",
    };

    [Fact]
    public void what_is_signed_is_the_encoding_of_the_specification() => Assert.Equal(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        Encoding.ASCII.GetString(DsseEnvelope.PreAuthenticationEncoding(HelloWorld, "hello world"u8)));

    [Fact]
    public void lengths_are_of_bytes() =>
        Assert.Equal("DSSEv1 2 \u00e9 0 ", Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding("\u00e9", [])));

    [Fact]
    public void the_envelope_of_the_specification_is_read_and_not_believed()
    {
        var envelope = Parse("""
            {"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld", "unknown": [],
             "signatures": [{"sig": "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}
            """);
        Assert.Equal(HelloWorld, envelope.PayloadType);
        Assert.Equal("", Assert.Single(envelope.Signatures).KeyHint);
        Refused(envelope, HelloWorld, "dsse_unverified", Keys.Log.Verifier);
    }

    [Fact]
    public void a_signed_document_comes_out_as_it_went_in()
    {
        var envelope = DsseEnvelope.Sign(HelloWorld, "hello world"u8, Keys.OtherLog, Keys.Log);
        var read = Parse(Encoding.UTF8.GetString(envelope.ToBytes()));
        Assert.Equal(envelope.ToBytes(), read.ToBytes());
        Assert.True(read.TryVerify([Keys.Log.Verifier], HelloWorld, out var payload, out _));
        Assert.Equal("hello world"u8.ToArray(), payload.ToArray());
        Refused(read, HelloWorld, "dsse_unverified", Keys.OldLog.Verifier);
        Refused(read, HelloWorld, "dsse_unverified");
        Refused(read, "http://example.com/Other", "dsse_payload_type_unexpected", Keys.Log.Verifier);
        Assert.Throws<ArgumentException>(() => DsseEnvelope.Sign(HelloWorld, [], []));
    }

    [Fact]
    public void either_alphabet_of_base_64_is_read()
    {
        var envelope = DsseEnvelope.Sign("t", (byte[])[0xfb, 0xff, 0xfe, 0xff], Keys.Log);
        var text = Encoding.UTF8.GetString(envelope.ToBytes());
        var other = text.Replace('+', '-');
        Assert.True(Parse(other.Replace("+/", "-_", StringComparison.Ordinal)).TryVerify([Keys.Log.Verifier], "t", out _, out _));
        var urlSafe = (JsonObject)JsonValue.Read(envelope.ToBytes());
        urlSafe = urlSafe.With("payload", "-__-_w==");
        Assert.True(Parse(urlSafe.ToString()).TryVerify([Keys.Log.Verifier], "t", out var payload, out _));
        Assert.Equal([0xfb, 0xff, 0xfe, 0xff], payload.ToArray());
    }

    [Fact]
    public void the_key_hint_decides_nothing()
    {
        var signed = Encoding.UTF8.GetString(DsseEnvelope.Sign("t", "x"u8, Keys.Log).ToBytes());
        Assert.Contains(Keys.Log.Verifier.Hint, signed, StringComparison.Ordinal);
        var misled = Parse(signed.Replace(Keys.Log.Verifier.Hint, Keys.OtherLog.Verifier.Hint, StringComparison.Ordinal));
        Assert.True(misled.TryVerify([Keys.Log.Verifier], "t", out _, out _));
        Refused(misled, "t", "dsse_unverified", Keys.OtherLog.Verifier);
    }

    [Fact]
    public void a_note_is_no_envelope_and_a_witness_signs_none()
    {
        var encoding = DsseEnvelope.PreAuthenticationEncoding("t", "x"u8);
        Assert.False(Checkpoint.TryParse(Encoding.UTF8.GetString(encoding), out _, out _));
        Refused(DsseEnvelope.Sign("t", "x"u8, Keys.Witnesses[0]), "t", "dsse_unverified", Keys.Witnesses[0].Verifier);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"payload":"","payloadType":"t"}""")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[]}""")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":{}}""")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[1]}""")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[{}]}""")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[{"sig":"a"}]}""")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[{"sig":"","keyid":1}]}""")]
    [InlineData("""{"payload":"a b=","payloadType":"t","signatures":[{"sig":""}]}""")]
    [InlineData("""{"payload":1,"payloadType":"t","signatures":[{"sig":""}]}""")]
    [InlineData("""{"payload":"","signatures":[{"sig":""}]}""")]
    [InlineData("""{"payload":"","payload":"","payloadType":"t","signatures":[{"sig":""}]}""")]
    public void what_is_no_envelope_is_refused(string json)
    {
        Assert.False(DsseEnvelope.TryParse(Encoding.UTF8.GetBytes(json), out var envelope, out var refusal));
        Assert.Null(envelope);
        Assert.Equal("dsse_malformed", refusal.Code);
    }

    [Fact]
    public void a_changed_envelope_is_refused_or_says_the_same() => Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Sample(
        (at, b) =>
        {
            var bytes = Statement.Sign(Keys.Log).ToBytes();
            bytes[at % bytes.Length] = b;
            if (!DsseEnvelope.TryParse(bytes, out var envelope, out _)) return;
            if (envelope.TryVerify([Keys.Log.Verifier], DecisionStatement.PayloadType, out var payload, out _))
                Assert.Equal(CanonicalJson.Bytes(Statement.ToJson()), payload.ToArray());
        },
        iter: Iterations.Of(2_000));

    [Fact]
    public void a_decision_is_a_verification_summary()
    {
        var statement = Statement.ToJson();
        Assert.Equal("https://in-toto.io/Statement/v1", Text(statement, "_type"));
        Assert.Equal("https://slsa.dev/verification_summary/v1", Text(statement, "predicateType"));
        Assert.Equal(
            $$$"""[{"digest":{"sha256":"{{{Statement.SubjectSha256}}}"},"name":"cand-0123456789ab"}]""", statement["subject"]!.ToString());
        var predicate = (JsonObject)statement["predicate"]!;
        Assert.Equal("""{"id":"https://ledger.example"}""", predicate["verifier"]!.ToString());
        Assert.Equal("2026-03-01T09:30:00Z", Text(predicate, "timeVerified"));
        Assert.Equal("https://ledger.example/decisions/0123", Text(predicate, "resourceUri"));
        Assert.Equal(
            $$$"""{"digest":{"sha256":"{{{Statement.Policy.Sha256}}}"},"uri":"https://ledger.example/policies/paper"}""",
            predicate["policy"]!.ToString());
        Assert.Equal(2, ((JsonArray)predicate["inputAttestations"]!).Count);
        Assert.Equal("PASSED", Text(predicate, "verificationResult"));
        Assert.Equal("""["JANUSQ_PROMOTION_PAPER"]""", predicate["verifiedLevels"]!.ToString());
    }

    [Fact]
    public void a_denied_decision_reaches_no_level()
    {
        var predicate = (JsonObject)(Statement with { IsPassed = false }).ToJson()["predicate"]!;
        Assert.Equal("FAILED", Text(predicate, "verificationResult"));
        Assert.Equal("""["FAILED"]""", predicate["verifiedLevels"]!.ToString());
    }

    [Fact]
    public void a_decision_comes_out_of_its_envelope()
    {
        foreach (var passed in new[] { true, false })
        {
            var envelope = (Statement with { IsPassed = passed }).Sign(Keys.Log);
            Assert.True(envelope.TryVerify([Keys.Log.Verifier], DecisionStatement.PayloadType, out var payload, out _));
            Assert.True(DecisionStatement.TryParse(payload.ToArray(), out var read, out _));
            Assert.Equal(passed, read.IsPassed);
            Assert.Equal(payload.ToArray(), CanonicalJson.Bytes(read.ToJson()));
        }
    }

    [Fact]
    public void a_statement_without_one_of_its_members_or_with_another_type_is_refused()
    {
        var statement = Statement.ToJson();
        var predicate = (JsonObject)statement["predicate"]!;
        var changed = statement.Members.Select(member => statement.Without(member.Key))
            .Concat(predicate.Members.Select(member => statement.With("predicate", predicate.Without(member.Key))))
            .Concat(predicate.Members.Select(member => statement.With("predicate", predicate.With(member.Key, 1))))
            .Append(statement.With("_type", "https://in-toto.io/Statement/v0.1"))
            .Append(statement.With("predicateType", "https://slsa.dev/provenance/v1"))
            .Append(statement.With("more", 1))
            .Append(statement.With("predicate", predicate.With("verificationResult", "passed")))
            .Append(statement.With("predicate", predicate.With("verificationResult", "FAILED")))
            .Append(statement.With("predicate", predicate.With("timeVerified", "2026-03-01")))
            .Append(statement.With("subject", JsonArray.Empty))
            .Append((JsonValue)"text");
        foreach (var json in changed)
        {
            Assert.False(DecisionStatement.TryParse(CanonicalJson.Bytes(json), out _, out var refusal), json.ToString());
            Assert.Equal("decision_statement_malformed", refusal.Code);
        }

        Assert.False(DecisionStatement.TryParse([.. CanonicalJson.Bytes(statement), (byte)' '], out _, out _));
    }

    private static string Text(JsonObject value, string member) => ((JsonText)value[member]!).Value;

    private static DsseEnvelope Parse(string json) => DsseEnvelope.TryParse(Encoding.UTF8.GetBytes(json), out var envelope, out var refusal)
        ? envelope
        : throw new ArgumentException(refusal.Explanation, nameof(json));

    private static void Refused(DsseEnvelope envelope, string payloadType, string code, params VerifierKey[] known)
    {
        Assert.False(envelope.TryVerify(known, payloadType, out var payload, out var refusal));
        Assert.True(payload.IsEmpty);
        Assert.Equal(code, refusal.Code);
    }
}
