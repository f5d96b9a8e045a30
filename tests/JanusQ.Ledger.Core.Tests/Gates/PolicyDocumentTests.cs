using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Gates;

public class PolicyDocumentTests
{
    [Theory]
    [InlineData(
        """{"gate0_max_null_rate":"abc"}""",
        "gate0_max_null_rate: expected a decimal: a number, or a text such as \"0.05\", found \"abc\"")]
    [InlineData("""{"gate5_live_enabled":"false"}""", "gate5_live_enabled: expected true or false, found \"false\"")]
    [InlineData(
        """{"gate1_min_trade_count":1.0}""", "gate1_min_trade_count: expected an integer from -2147483648 to 2147483647, found 1.0")]
    [InlineData(
        """{"gate1_min_trade_count":2147483648}""",
        "gate1_min_trade_count: expected an integer from -2147483648 to 2147483647, found 2147483648")]
    [InlineData("""{"policy_version":" "}""", "policy_version: expected a string that is not blank, found \" \"")]
    [InlineData(
        """{"promotion_require_patch_targets":["Live"]}""",
        "promotion_require_patch_targets: expected an array of \"shadow\", \"paper\" and \"live\", found [\"Live\"]")]
    [InlineData("""{"rollback_required_checks":null}""", "rollback_required_checks: expected an array of strings, none blank, found null")]
    [InlineData(
        """{"rollback_required_checks":{"a":1}}""",
        "rollback_required_checks: expected an array of strings, none blank, found an object with 1 member")]
    [InlineData(
        """{"rollback_required_checks":[[]]}""",
        "rollback_required_checks: expected an array of strings, none blank, found an array of 1 elements")]
    public void a_fault_names_the_key_what_was_found_and_what_is_expected(string policy, string message)
    {
        var refused = Assert.Throws<RefusedException>(() => Read(policy)).Refusal;
        Assert.Equal("policy_invalid", refused.Code);
        Assert.Equal($"The policy is invalid. {message}.", refused.Explanation);
    }

    [Fact]
    public void all_faults_are_reported_together_and_sorted()
    {
        Assert.False(PolicyDocument.TryLoad(
            PassingInputs.Read("""{"rollback_dry_run_max_age_hours":"72","policy_version":1,"gate0_max_null_rate":true}"""),
            out _,
            out var faults));
        Assert.Equal(["gate0_max_null_rate", "policy_version", "rollback_dry_run_max_age_hours"], faults.Select(fault => fault.Key));
    }

    [Fact]
    public void a_long_value_is_shortened_in_the_message()
    {
        var refused = Assert.Throws<RefusedException>(() => Read($$"""{"gate0_max_null_rate":"{{new string('x', 500)}}"}"""));
        Assert.True(refused.Refusal.Explanation.Length < 300);
        Assert.Contains("(502 characters)", refused.Refusal.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("gates/report.json")]
    [InlineData("...")]
    [InlineData("a/..b/.c")]
    public void a_relative_path_is_a_path(string path) => Assert.NotNull(Read($$"""{"promotion_janus_event_car_artifact":"{{path}}"}"""));

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("C:/x")]
    [InlineData("a\\\\b")]
    [InlineData("a b")]
    [InlineData("\u00e9")]
    public void a_path_cannot_leave_the_artifact_root(string path) =>
        Assert.Throws<RefusedException>(() => Read($$"""{"promotion_janus_event_car_artifact":"{{path}}"}"""));

    [Fact]
    public void unknown_keys_are_kept_and_change_the_hash_but_not_the_policy()
    {
        var plain = Read("{}");
        var noted = Read("""{"note":{"by":"ops"},"owner":null}""");
        Assert.Equal(["note", "owner"], noted.UnknownKeys);
        Assert.NotEqual(plain.Hash, noted.Hash);
        Assert.Equal(CanonicalJson.Text(plain.Policy.ToJson()), CanonicalJson.Text(noted.Policy.ToJson()));
        Assert.Equal(CanonicalJson.Hash(noted.Document), noted.Hash);
        Assert.Equal("""{"note":{"by":"ops"},"owner":null}""", CanonicalJson.Text(noted.Document));
    }

    [Fact]
    public void the_order_of_keys_does_not_change_the_hash() =>
        Assert.Equal(Read("""{"a":1,"policy_version":"p"}""").Hash, Read("""{"policy_version":"p","a":1}""").Hash);

    [Fact]
    public void a_document_is_refused_as_json_before_its_keys_are_looked_at()
    {
        Assert.Equal("""{"code":"json_rejected","document":"policy"}""", RefusalOf("""{"a":1,"a":2,"gate0_max_null_rate":null}"""));
        Assert.Equal("""{"code":"document_not_object","document":"policy"}""", RefusalOf("[1,2]"));
        Assert.Equal("""{"code":"document_not_object","document":"policy"}""", RefusalOf("null"));
        Assert.Equal("""{"code":"policy_invalid","keys":["gate0_max_null_rate"]}""", RefusalOf("""{"gate0_max_null_rate":null}"""));
    }

    [Fact]
    public void loading_answers_or_refuses_for_any_value_of_any_key() =>
        Gen.Select(Gen.Int[0, PolicyKeys.All.Count - 1], AnyJson.Value).Sample(
            (at, value) =>
            {
                var key = PolicyKeys.All[at];
                if (!PolicyDocument.TryLoad(JsonObject.Of((key.Name, value)), out var loaded, out var faults))
                {
                    Assert.Equal([key.Name], faults.Select(fault => fault.Key));
                    return;
                }

                Assert.Equal(
                    CanonicalJson.Text(loaded.Policy.ToJson()),
                    CanonicalJson.Text(PolicyDocument.Load(Flatten(loaded.Policy)).Policy.ToJson()));
            },
            iter: Iterations.Of(3000));

    [Fact]
    public void floors_raise_a_value_silently()
    {
        var policy = Read(
            """{"promotion_min_stress_case_count":0,"promotion_min_trade_count":-3,"gate6_min_janus_event_count":-3}""").Policy;
        Assert.Equal(1, policy[PolicyKeys.PromotionMinStressCaseCount]);
        Assert.Equal(0, policy[PolicyKeys.PromotionMinTradeCount]);
        Assert.Equal(-3, policy[PolicyKeys.Gate6MinJanusEventCount]);
    }

    [Fact]
    public void every_key_has_its_table_and_can_be_found()
    {
        Assert.Equal(44, PolicyKeys.All.Count(key => key.Section == PolicySection.Matrix));
        Assert.Equal(26, PolicyKeys.All.Count(key => key.Section == PolicySection.PromotionChecks));
        Assert.All(PolicyKeys.All, key => Assert.Same(key, PolicyKeys.Find(key.Name)));
        Assert.All(PolicyKeys.All, key => Assert.NotEqual("", key.Meaning));
        Assert.All(PolicyKeys.All, key => Assert.True(key.TryRead(key.Default, out _), key.Name));
        Assert.Null(PolicyKeys.Find("gate9_max"));
        Assert.Equal(
            ["string", "decimal", "int", "bool", "paths", "targets", "path", "strings"],
            PolicyKeys.All.Select(key => key.TypeName).Distinct());
    }

    [Fact]
    public void the_policy_answers_what_the_ledger_asks_of_it()
    {
        var policy = Read(
            """
            {"gate5_live_enabled":true,"gate5_require_approval_token":false,"rollback_require_human_approval":false,"policy_version":" p "}
            """).Policy;
        Assert.True(policy.EnablesLive);
        Assert.False(policy.RequiresApprovalToken);
        Assert.False(policy.RequiresRollbackApproval);
        Assert.Equal(" p ", policy.Version);
        Assert.Equal(72, policy.RollbackMaxAgeHours);
        Assert.Equal(["killSwitchDryRunPassed", "gitopsRevertDryRunPassed", "strategyDisableDryRunPassed"], policy.RequiredRollbackChecks);
    }

    private static JsonObject Flatten(GatePolicy policy)
    {
        var effective = policy.ToJson();
        return new JsonObject(((JsonObject)effective["matrix"]!).Members.Concat(((JsonObject)effective["promotion"]!).Members));
    }

    private static PolicyDocument Read(string json) => PolicyDocument.Read(Encoding.UTF8.GetBytes(json));

    private static string RefusalOf(string json) => CanonicalJson.Text(Assert.Throws<RefusedException>(() => Read(json)).Refusal.ToJson());
}
