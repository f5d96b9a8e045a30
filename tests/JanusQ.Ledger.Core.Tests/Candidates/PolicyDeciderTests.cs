using System.Text;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class PolicyDeciderTests
{
    private const string Plain = "{\"policy_version\": \"p1\"}";
    private const string Live = "{\"policy_version\": \"p2\", \"gate5_live_enabled\": true}";

    private static readonly Submitter Operator = new("olga", Roles.Operator);
    private static readonly Submitter Other = new("oleg", Roles.Operator);
    private static readonly Submitter Approver = new("ann", Roles.Approver);

    private static ActivatePolicy Activate => new() { Name = "main", By = Operator, Note = "for january" };

    [Fact]
    public void versions_count_from_one_and_the_latest_document_again_changes_nothing()
    {
        var published = Assert.IsType<PolicyPublished>(Assert.Single(Decide(null, Publish(Plain)).Events));
        Assert.Equal((1, "p1", false, "n"), (published.Version, published.PolicyVersion, published.EnablesLive, published.Note));
        Assert.Equal(CanonicalJson.Hash(JsonValue.Read(Encoding.UTF8.GetBytes(Plain))), published.PolicySha256);
        var book = After(null, Publish(Plain));
        Unchanged(book, Publish("{ \"policy_version\":\n\"p1\" }"));
        var second = After(book, Publish(Live));
        Assert.Equal([(1, false), (2, true)], second.Versions.Select(policy => (policy.Version, policy.EnablesLive)));
        Assert.Equal(3, After(second, Publish(Plain)).Versions.Length);
        Assert.Null(second.ActiveVersion);
    }

    [Fact]
    public void invalid_documents_never_get_in()
    {
        Refused("json_rejected", null, Publish("{"));
        Refused("document_not_object", null, Publish("[]"));
        var refusal = Refused("policy_invalid", null, Publish("{\"gate5_live_enabled\": 1, \"gate1_min_trade_count\": true}"));
        Assert.Equal("[\"gate1_min_trade_count\",\"gate5_live_enabled\"]", refusal.ToJson()["keys"]!.ToString());
    }

    [Fact]
    public void a_version_is_activated_once_and_the_latest_unless_one_is_named()
    {
        Refused("unknown_policy", null, Activate);
        var book = After(After(null, Publish(Plain)), Publish("{\"policy_version\": \"p3\"}"));
        Refused("unknown_policy_version", book, Activate with { Version = 3 });
        var active = After(book, Activate);
        Assert.Equal((2, Given.Now), (active.ActiveVersion, active.ActiveSince));
        Unchanged(active, Activate);
        Unchanged(active, Activate with { Version = 2 });
        Assert.Equal(1, After(active, Activate with { Version = 1 }).ActiveVersion);
    }

    [Fact]
    public void what_enables_live_is_activated_only_with_the_approval_of_another_actor()
    {
        var book = After(null, Publish(Live));
        Refused("activation_approval_missing", book, Activate);
        Refused("approval_not_independent", book, Approve() with { By = Operator with { Role = Roles.Approver } });
        var approved = After(book, Approve());
        Unchanged(approved, Approve());

        // Whoever activates is not whom the approval came from.
        Refused("activation_approval_missing", approved, Activate with { By = new Submitter("ann", Roles.Operator) });
        var decision = Decide(approved, Activate with { By = Other });
        Assert.Equal("ann", Assert.IsType<PolicyActivated>(Assert.Single(decision.Events)).ApprovedBy);
    }

    [Fact]
    public void an_approval_of_an_activation_is_used_up_by_it()
    {
        var active = After(After(After(null, Publish(Live)), Approve()), Activate);
        Unchanged(active, Activate);

        // The approval repeated after the activation must not wait for the next one.
        Unchanged(active, Approve());
        var changed = After(After(active, Publish(Plain)), Activate);
        Refused("activation_approval_missing", changed, Activate with { Version = 1 });
    }

    [Fact]
    public void a_second_approver_can_follow_an_approver_who_turns_out_to_activate()
    {
        var book = After(After(null, Publish(Live)), Approve() with { By = new Submitter("oleg", Roles.Approver) });
        Refused("activation_approval_missing", book, Activate with { By = Other });
        Assert.Equal(1, After(After(book, Approve()), Activate with { By = Other }).ActiveVersion);
    }

    [Fact]
    public void only_what_enables_live_needs_an_approval()
    {
        var book = After(null, Publish(Plain));
        Refused("activation_approval_not_needed", book, Approve());
        Refused("unknown_policy_version", book, Approve() with { Version = 2 });
        Refused("unknown_policy", null, Approve());
        Assert.Null(Assert.IsType<PolicyActivated>(Decide(book, Activate).Events[0]).ApprovedBy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Main")]
    [InlineData("-main")]
    [InlineData("ma_in")]
    [InlineData("ma/in")]
    public void a_name_has_one_form(string name) => Refused("command_invalid", null, Publish(Plain) with { Name = name });

    [Fact]
    public void every_member_is_checked()
    {
        Refused("command_invalid", null, Publish(Plain) with { Note = "" });
        Refused("command_invalid", null, Activate with { Version = 0 });
        Refused("command_invalid", null, Activate with { Note = " " });
        Refused("command_invalid", null, Approve() with { Version = -1 });
        Refused("command_invalid", null, Approve() with { Reason = "" });
        Refused("command_invalid", null, Publish(Plain) with { Name = new string('a', 61) });
    }

    private static PublishPolicy Publish(string document) =>
        new() { Name = "main", By = Operator, Document = Encoding.UTF8.GetBytes(document), Note = "n" };

    private static ApprovePolicyActivation Approve() => new() { Name = "main", By = Approver, Version = 1, Reason = "reviewed" };

    private static StreamDecision<PolicyEvent> Decide(PolicyBook? book, PolicyCommand command) =>
        PolicyDecider.Decide(book, command, Given.Now);

    private static PolicyBook After(PolicyBook? book, PolicyCommand command)
    {
        var decision = Decide(book, command);
        Assert.True(decision.Outcome == CommandOutcome.Recorded, decision.Refusal?.Explanation);
        return decision.Events.Aggregate(book ?? PolicyBook.Empty("main"), (state, happened) => state.After(happened));
    }

    private static void Unchanged(PolicyBook book, PolicyCommand command)
    {
        var decision = Decide(book, command);
        Assert.Equal((CommandOutcome.Unchanged, 0), (decision.Outcome, decision.Events.Length));
    }

    private static Refusal Refused(string code, PolicyBook? book, PolicyCommand command)
    {
        var decision = Decide(book, command);
        Assert.Equal((CommandOutcome.Refused, code, 0), (decision.Outcome, decision.Refusal?.Code, decision.Events.Length));
        return decision.Refusal!;
    }
}
