using System.Text;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Policies;

public sealed class PolicyCommandsTests(PostgreSqlFixture postgres)
{
    private const string Live = "{\"policy_version\": \"p2\", \"gate5_live_enabled\": true}";

    private static readonly Submitter Operator = new("olga", Roles.Operator);
    private static readonly Submitter Approver = new("ann", Roles.Approver);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_document_is_stored_as_it_came_and_in_canonical_form_and_gets_one_version_from_many_at_once()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        var publish = Publish("{ \"policy_version\" : \"p1\" }");
        var recordings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.Host.SendAsync(publish, Cancellation)));
        Assert.Equal(1, recordings.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.All(recordings, recording => Assert.Equal(1, recording.Policy?.Version));
        var canonical = "{\"policy_version\":\"p1\"}"u8.ToArray();
        Assert.Equal(canonical, await ledger.Host.Content.ReadAsync(recordings[0].Policy!.PolicySha256, Cancellation));
        Assert.Equal(publish.Document.ToArray(), await ledger.Host.Content.ReadAsync(Sha256Hash.Of(publish.Document.Span), Cancellation));
        var second = await ledger.Host.SendAsync(Publish(Live), Cancellation);
        Assert.Equal((2, true), (second.Policy!.Version, second.Policy.EnablesLive));
        Assert.Equal(2, (await ledger.Host.Facts.PolicyAsync("main", Cancellation))!.Versions.Length);
    }

    [Fact]
    public async Task an_invalid_document_leaves_nothing()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        foreach (var (document, code) in new[]
        {
            ("{\"gate5_live_enabled\": 1}", "policy_invalid"), ("{", "json_rejected"), ("[]", "document_not_object"),
        })
        {
            var refused = await ledger.Host.SendAsync(Publish(document), Cancellation);
            Assert.Equal((CommandOutcome.Refused, code), (refused.Outcome, refused.Refusal?.Code));
            Assert.Null(refused.Policy);
            Assert.Null(await ledger.Host.Content.ReadAsync(Sha256Hash.OfText(document), Cancellation));
        }

        var unnamed = await ledger.Host.SendAsync(Publish("{}") with { Name = "Not \0 a name" }, Cancellation);
        Assert.Equal("command_invalid", unnamed.Refusal?.Code);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("select count(*) from janusq.mt_streams"));
    }

    [Fact]
    public async Task what_enables_live_is_activated_once_with_the_approval_of_another_actor()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await ledger.Host.SendAsync(Publish(Live), Cancellation);
        var activate = new ActivatePolicy { Name = "main", By = Operator, Note = "n" };
        Assert.Equal("activation_approval_missing", (await ledger.Host.SendAsync(activate, Cancellation)).Refusal?.Code);
        var approve = new ApprovePolicyActivation { Name = "main", By = Approver, Version = 1, Reason = "reviewed" };
        Assert.Equal("not_authorised", (await ledger.Host.SendAsync(approve with { By = Operator }, Cancellation)).Refusal?.Code);
        var own = approve with { By = Operator with { Role = Roles.Approver } };
        Assert.Equal("approval_not_independent", (await ledger.Host.SendAsync(own, Cancellation)).Refusal?.Code);
        var approved = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ledger.Host.SendAsync(approve, Cancellation)));
        Assert.Equal(1, approved.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        var activated = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.Host.SendAsync(activate, Cancellation)));
        Assert.Equal(1, activated.Count(recording => recording.Outcome == CommandOutcome.Recorded));
        Assert.Equal(7, activated.Count(recording => recording.Outcome == CommandOutcome.Unchanged));
        var book = await ledger.Host.Facts.PolicyAsync("main", Cancellation);
        Assert.Equal((1, null), (book!.ActiveVersion, book.Versions[0].ActivationApprovedBy));
        Assert.Equal("ann", await ledger.ScalarAsync<string>(
            "select data ->> 'approved_by' from janusq.mt_events where type = 'policy_activated'"));
    }

    [Fact]
    public async Task names_are_listed_in_one_order_and_what_is_unknown_is_named()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        foreach (var name in new[] { "b", "a-1", "a1", "a" }) await ledger.Host.SendAsync(Publish("{}") with { Name = name }, Cancellation);
        Assert.Equal(["a", "a-1", "a1", "b"], (await ledger.Host.Facts.PoliciesAsync(Cancellation)).Select(book => book.Name));
        var activate = new ActivatePolicy { Name = "c", By = Operator, Note = "n" };
        Assert.Equal("unknown_policy", (await ledger.Host.SendAsync(activate, Cancellation)).Refusal?.Code);
        var version = await ledger.Host.SendAsync(activate with { Name = "a", Version = 2 }, Cancellation);
        Assert.Equal("unknown_policy_version", version.Refusal?.Code);
        Assert.Null(await ledger.Host.Facts.PolicyAsync("c", Cancellation));
        Assert.Null(await ledger.Host.Facts.PolicyAsync("C \0", Cancellation));
    }

    private static PublishPolicy Publish(string document) =>
        new() { Name = "main", By = Operator, Document = Encoding.UTF8.GetBytes(document), Note = "n" };
}
