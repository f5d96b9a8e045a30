using System.Text;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Tests.Errors;

/// <summary>What is said of a document that is not as its contract says.</summary>
public sealed class RequestBodyTests
{
    private const string Start = """
        {"run_id":"0123456789abcdef01234567","target":"paper","signals_sha256":"a","strategy_config_sha256":"b","gate_policy_sha256":"c",
        """;

    private const string Hash = "a SHA-256 of 64 lower-case hex digits";
    private const string Instant = "an instant with its offset, for instance 2026-02-25T06:00:00Z";
    private const string Reason = "a text of 1 to 4000 characters";

    [Theory]
    [InlineData("{}", "reason", Reason + ", and it is missing")]
    [InlineData("""{"reason":5}""", "reason", Reason)]
    [InlineData("""{"reason":null}""", "reason", Reason)]
    [InlineData("""{"reason":{"a":1}}""", "reason", Reason)]
    [InlineData("""{"Reason":"a"}""", "Reason", "no member of that name; known are reason")]
    [InlineData("""{"re\u0061son":"a","reason":"b"}""", "reason", "this member once")]
    [InlineData("""{"reason":"\ud800"}""", "reason", "a text in whole Unicode characters")]
    [InlineData("""{"\ud800":"a"}""", "body", "names of members in whole Unicode characters")]
    [InlineData("[]", "body", "an object")]
    [InlineData("null", "body", "an object")]
    [InlineData("7", "body", "an object")]
    public void a_wrong_member_is_named_with_what_is_expected(string body, string field, string expected) =>
        Assert.Equal((field, expected), Wrong<ReasonRequest>(body));

    [Theory]
    [InlineData("", "JSON, and there is nothing")]
    [InlineData(" \n", "JSON, and there is nothing")]
    [InlineData("""{"reason":"a" "b"}""", "JSON; it breaks at byte 14")]
    [InlineData("{\n\"reason\":\nno}", "JSON; it breaks at byte 13")]
    [InlineData("""{"reason":"ä",}""", "JSON; it breaks at byte 15")]
    [InlineData("""{"reason":"a"} x""", "JSON; it breaks at byte 15")]
    [InlineData("""{"reason":"a""", "JSON; it breaks at byte 12")]
    [InlineData("""{"reason":5,""", "JSON; it breaks at byte 11")]
    public void broken_json_is_said_by_where_it_breaks(string body, string expected) =>
        Assert.Equal(("body", expected), Wrong<ReasonRequest>(body));

    [Fact]
    public void json_that_is_too_deep_is_said_to_be()
    {
        const string expected = "at most 32 levels of objects and arrays";
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var deep = string.Concat(Enumerable.Repeat(open, 32)) + "1" + string.Concat(Enumerable.Repeat(close, 32));
            Assert.Equal(("body", expected), Wrong<ReasonRequest>("{\"reason\":" + deep + "}"));
            Assert.Equal(("body", expected), Wrong<ReasonRequest>(string.Concat(Enumerable.Repeat(open, 500_000))));
        }
    }

    [Theory]
    [InlineData("\"code_version\":17,", "code_version", "a text of 1 to 200 characters")]
    [InlineData("\"code_version\":\"1\",\"evaluated_at\":20260225}", "evaluated_at", Instant)]
    [InlineData("\"documents\":[]", "documents", "an object, or null")]
    [InlineData("\"documents\":{\"tca_metrics\":true}", "documents.tca_metrics", Hash + ", or null")]
    [InlineData("\"documents\":{\"tca\":null}", "documents.tca",
        "no member of that name; known are strategy_configmap, forecast_metrics, rollback_readiness, tca_metrics, llm_metrics, "
        + "drift_evidence")]
    [InlineData("\"evaluated_at\":\"x\"}", "code_version", "a text of 1 to 200 characters, and it is missing")]
    public void members_of_a_run_are_named(string rest, string field, string expected)
    {
        var body = Start + rest.TrimEnd(',');
        while (body.Count(one => one == '{') > body.Count(one => one == '}')) body += "}";
        Assert.Equal((field, expected), Wrong<StartLaneRunRequest>(body));
    }

    [Fact]
    public void all_members_that_are_missing_are_named()
    {
        var refusal = RefusalOf<StartLaneRunRequest>("""{"code_version":"1","documents":null,"target":"paper"}""");
        Assert.Equal("run_id", TextOf(refusal, "field"));
        Assert.Equal(
            "[\"run_id\",\"signals_sha256\",\"strategy_config_sha256\",\"gate_policy_sha256\",\"evaluated_at\"]",
            refusal.Members.Single(member => member.Key == "missing").Value.ToString());
        Assert.Equal(
            "run_id: expected 24 lower-case hex digits, and it is missing, as are signals_sha256, strategy_config_sha256, "
            + "gate_policy_sha256, evaluated_at.",
            refusal.Explanation);
    }

    [Fact]
    public void every_kind_of_member_says_what_it_expects()
    {
        Assert.Equal(("passed", "true or false"), Wrong<RecordDrillRequest>("""{"passed":"yes"}"""));
        Assert.Equal(
            ("check", "a text of the form ^[a-zA-Z0-9_]{1,100}$"), Wrong<RecordDrillRequest>("""{"check":1}"""));
        Assert.Equal(("evidence", "bytes in base64, or null"), Wrong<RecordDrillRequest>("""{"evidence":1}"""));
        Assert.Equal(("target", "shadow, paper or live"), Wrong<ApprovePromotionRequest>("""{"target":1}"""));
        foreach (var number in new[] { "\"1\"", "1.5", "1e0", "99999999999999999999", "true" })
        {
            Assert.Equal(
                ("expires_in_seconds", "a whole number from 1 to 315360000, or null"),
                Wrong<ApprovePromotionRequest>($$"""{"expires_in_seconds":{{number}}}"""));
        }

        Assert.Equal(("version", "a whole number from 1 to 2147483647"), Wrong<ApproveActivationRequest>("""{"version":2147483648}"""));
        Assert.Equal(("document", "a text of at least 1 characters"), Wrong<PublishPolicyRequest>("""{"document":{}}"""));
        Assert.Equal(
            ("expires_in_seconds", "a whole number from 1 to 3153600000, or null"),
            Wrong<CreateKeyRequest>("""{"expires_in_seconds":"9"}"""));
    }

    [Theory]
    [InlineData("""{"keys":"a"}""", "keys", "an array of at most 100 texts, or null")]
    [InlineData("""{"keys":["a",null]}""", "keys[1]", "a text")]
    [InlineData("""{"kept":[{"name":"a","note":"b"},null]}""", "kept[1]", "an object")]
    [InlineData("""{"kept":[{"name":"a","note":"b"},{"name":"a","note":7}]}""", "kept[1].note", "a text")]
    [InlineData("""{"kept":[{"note":"b"}]}""", "kept[0].name", "a text of 1 to 200 characters, and it is missing")]
    [InlineData("""{"kept":[],"kept":[]}""", "kept", "this member once")]
    [InlineData("""{"kept":{}}""", "kept", "an array of at most 1000 objects, or null")]
    [InlineData("""{"deep":null}""", "deep", "true or false")]
    public void elements_are_named_by_their_number(string body, string field, string expected) =>
        Assert.Equal((field, expected), Wrong<AuditRequest>(body));

    [Fact]
    public void a_name_of_any_length_is_not_repeated_whole()
    {
        var refusal = RefusalOf<ReasonRequest>("{\"" + new string('x', 100_000) + "\":1}");
        Assert.Equal(new string('x', 200), TextOf(refusal, "field"));
    }

    [Fact]
    public void what_is_as_the_contract_says_is_read()
    {
        Assert.Equal("why", RequestBody.Parse<ReasonRequest>("""{"reason":"why"}"""u8).Reason);
        Assert.Null(RequestBody.Parse<AuditRequest>("""{"keys":null,"since":null}"""u8).Keys);
        var audit = RequestBody.Parse<AuditRequest>("""{"kept":[{"name":"a","note":"b"}],"deep":true}"""u8);
        Assert.Equal(("b", true), (Assert.Single(audit.Kept!).Note, audit.Deep));
        Assert.Null(RequestBody.Parse<RequestPromotionRequest>("{}"u8).Target);
    }

    private static (string Field, string Expected) Wrong<T>(string body)
        where T : class
    {
        var refusal = RefusalOf<T>(body);
        Assert.Equal("request_invalid", refusal.Code);
        Assert.DoesNotContain("System.", refusal.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain(typeof(T).Name, refusal.Explanation, StringComparison.Ordinal);
        var (field, expected) = (TextOf(refusal, "field"), TextOf(refusal, "expected"));
        Assert.Equal($"{field}: expected {expected}.", refusal.Explanation);
        return (field, expected);
    }

    private static Refusal RefusalOf<T>(string body)
        where T : class =>
        Assert.Throws<RefusedException>(() => RequestBody.Parse<T>(Encoding.UTF8.GetBytes(body))).Refusal;

    private static string TextOf(Refusal refusal, string member) =>
        ((JsonText)refusal.Members.Single(one => one.Key == member).Value).Value;
}
