using System.Net;
using System.Text;
using JanusQ.Ledger.Client;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Policies;

public sealed class PolicyTests(PostgreSqlFixture postgreSql)
{
    private const string Name = "shipped";

    private static readonly string Shipped = Encoding.UTF8.GetString(PromotableRun.PolicyDocument);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_policy_is_published_as_it_came_and_activated()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var op = AClient.Of(server, "operator");
        var publish = new PublishPolicyRequest { Document = Shipped, Note = "shipped" };
        var published = await op.PublishPolicyAsync(Name, publish, VersionMatch.Exactly(0), Cancellation);
        Assert.Equal(
            (RecordingResponse.Recorded, Name, 1L, 1),
            (published.Outcome, published.Name, published.BookVersion, published.Policy.GetProperty("version").GetInt32()));
        Assert.Equal(
            RecordingResponse.Unchanged, (await op.PublishPolicyAsync(Name, publish, VersionMatch.Exactly(0), Cancellation)).Outcome);
        Assert.Equal(
            PromotableRun.PolicyDocument, await server.Ledger.Content.ReadAsync(Sha256Hash.Of(PromotableRun.PolicyDocument), Cancellation));
        var activate = new ActivatePolicyRequest { Note = "reviewed" };
        await AClient.ProblemAsync(
            HttpStatusCode.PreconditionFailed, "version_changed",
            () => op.ActivatePolicyAsync(Name, activate, VersionMatch.Exactly(0), Cancellation));
        var activated = await op.ActivatePolicyAsync(Name, activate, VersionMatch.Exactly(1), Cancellation);
        Assert.True(activated.Policy.GetProperty("active").GetBoolean());
        await AClient.ProblemAsync(
            HttpStatusCode.NotFound,
            "unknown_policy_version",
            () => op.ActivatePolicyAsync(Name, activate with { Version = 7 }, VersionMatch.Any, Cancellation));
        await AClient.ProblemAsync(
            HttpStatusCode.NotFound, "unknown_policy", () => op.ActivatePolicyAsync("other", activate, VersionMatch.Any, Cancellation));
        await AClient.ProblemAsync(
            HttpStatusCode.Conflict,
            "activation_approval_not_needed",
            () => AClient.Of(server, "approver").ApproveActivationAsync(
                Name, new ApproveActivationRequest { Version = 1, Reason = "fine" }, VersionMatch.Any, Cancellation));
    }

    [Fact]
    public async Task what_enables_live_is_activated_only_with_the_approval_of_another()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var op = AClient.Of(server, "operator", "olga");
        var live = Shipped.Replace("\"gate5_live_enabled\": false", "\"gate5_live_enabled\": true", StringComparison.Ordinal);
        await op.PublishPolicyAsync(Name, new PublishPolicyRequest { Document = live, Note = "live" }, VersionMatch.Any, Cancellation);
        var activate = new ActivatePolicyRequest { Version = 1, Note = "go" };
        await AClient.ProblemAsync(
            HttpStatusCode.Forbidden,
            "activation_approval_missing",
            () => op.ActivatePolicyAsync(Name, activate, VersionMatch.Any, Cancellation));
        var approve = new ApproveActivationRequest { Version = 1, Reason = "read all of it" };
        await AClient.ProblemAsync(
            HttpStatusCode.Forbidden,
            "approval_not_independent",
            () => AClient.Of(server, "approver", "olga").ApproveActivationAsync(Name, approve, VersionMatch.Any, Cancellation));
        var approved = await AClient.Of(server, "approver", "anna").ApproveActivationAsync(
            Name, approve, VersionMatch.Exactly(1), Cancellation);
        Assert.Equal((RecordingResponse.Recorded, 2L), (approved.Outcome, approved.BookVersion));
        Assert.Equal(
            RecordingResponse.Recorded, (await op.ActivatePolicyAsync(Name, activate, VersionMatch.Exactly(2), Cancellation)).Outcome);
    }

    [Theory]
    [InlineData("shipped", "{\"gate5_live_enabled\":\"yes\"}", HttpStatusCode.UnprocessableEntity, "policy_invalid", "document")]
    [InlineData("shipped", "[]", HttpStatusCode.UnprocessableEntity, "document_not_object", "document")]
    [InlineData("shipped", "{\"a\":1,\"a\":2}", HttpStatusCode.UnprocessableEntity, "json_rejected", "document")]
    [InlineData("No Name", "{}", HttpStatusCode.BadRequest, "command_invalid", "name")]
    public async Task what_is_no_policy_never_gets_in(
        string name, string document, HttpStatusCode status, string code, string field)
    {
        await using var server = await AServer.StartAsync(postgreSql);
        var request = new PublishPolicyRequest { Document = document, Note = "no" };
        var problem = await AClient.ProblemAsync(
            status, code, () => AClient.Of(server, "operator").PublishPolicyAsync(name, request, VersionMatch.Any, Cancellation));
        Assert.Equal(field, problem.Field);
        Assert.Equal((0L, 0L), await AClient.RecordedAsync(server));
    }
}
