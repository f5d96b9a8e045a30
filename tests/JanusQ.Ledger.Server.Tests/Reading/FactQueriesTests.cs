using System.Net;
using JanusQ.Ledger.Champions;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Reading;

[Collection(nameof(ToldServer))]
public sealed class FactQueriesTests(AToldServer told)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task champions_are_shown_with_who_they_were_before()
    {
        using var client = told.Server.ClientOf("operator");
        var place = await told.Server.Ledger.Facts.ChampionAsync(PromotionTarget.Paper, Cancellation);
        var one = await Got.FromAsync(client, "/v1/champions/paper");
        Assert.Equal(Got.TextOf(ChampionDocument.Of(place)), one.DocumentOfLedger);
        Assert.Equal(told.Second.CandidateId, (string)one.Document["champion"]!["candidate_id"]!);
        Assert.Equal($"\"{place.StreamVersion}\"", one.Headers["ETag"]);
        Assert.True(one.Sequence > 0);
        var known = await Got.FromAsync(client, "/v1/champions/paper", ("If-None-Match", one.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, known.Status);
        var all = await Got.FromAsync(client, "/v1/champions");
        Assert.Equal(["shadow", "paper", "live"], all.Document["champions"]!.AsArray().Select(champion => (string)champion!["target"]!));
        Assert.Equal(one.DocumentOfLedger, all.Document["champions"]![1]!.ToJsonString());
        Assert.True(all.Sequence > 0);
    }

    [Fact]
    public async Task the_place_of_a_champion_is_shown_as_it_was()
    {
        using var client = told.Server.ClientOf("operator");
        var first = await Got.FromAsync(client, "/v1/champions/paper?version=1");
        Assert.Equal((told.First.CandidateId, "\"1\""), ((string)first.Document["champion"]!["candidate_id"]!, first.Headers["ETag"]));
        var never = await Got.FromAsync(client, "/v1/champions/paper?at=2026-02-25T12:00:00Z");
        Assert.Null(never.Document["champion"]);
        var all = await Got.FromAsync(client, "/v1/champions?at=2026-02-25T12:00:00Z");
        Assert.All(all.Document["champions"]!.AsArray(), place => Assert.Null(place!["champion"]));
        var later = await Got.FromAsync(client, "/v1/champions/paper?version=99");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_version", null), later.Problem);
    }

    [Fact]
    public async Task policies_are_shown_with_all_versions()
    {
        using var client = told.Server.ClientOf("compliance");
        var book = await told.Server.Ledger.Facts.PolicyAsync(PromotableRun.PolicyName, Cancellation);
        var one = await Got.FromAsync(client, $"/v1/policies/{PromotableRun.PolicyName}");
        Assert.Equal(Got.TextOf(PolicyBookDocument.Of(book!)), one.DocumentOfLedger);
        Assert.Equal($"\"{book!.StreamVersion}\"", one.Headers["ETag"]);
        Assert.True(one.Sequence > 0);
        var again = await Got.FromAsync(client, $"/v1/policies/{PromotableRun.PolicyName}", ("If-None-Match", one.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        var all = await Got.FromAsync(client, "/v1/policies");
        Assert.Equal(one.DocumentOfLedger, Assert.Single(all.Document["policies"]!.AsArray())!.ToJsonString());
        Assert.True(all.Sequence > 0);
        var unknown = await Got.FromAsync(client, "/v1/policies/no-such-name");
        Assert.Equal((HttpStatusCode.NotFound, "unknown_policy", null), unknown.Problem);
    }

    [Fact]
    public async Task safety_controls_are_shown_with_their_version()
    {
        using var client = told.Server.ClientOf("worker");
        var controls = await told.Server.Ledger.Facts.SafetyAsync(Cancellation);
        var got = await Got.FromAsync(client, "/v1/safety");
        Assert.Equal(Got.TextOf(SafetyDocument.Of(controls)), got.DocumentOfLedger);
        Assert.Equal(PromotableRun.RequiredDrills.Length, got.Document["drills"]!.AsArray().Count);
        Assert.Equal((false, $"\"{controls.StreamVersion}\""), ((bool)got.Document["engaged"]!, got.Headers["ETag"]));
        Assert.True(got.Sequence > 0);
        var known = await Got.FromAsync(client, "/v1/safety", ("If-None-Match", got.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, known.Status);
    }

    [Theory]
    [InlineData("/v1/champions/moon", "target")]
    [InlineData("/v1/champions/paper?version=x", "version")]
    [InlineData("/v1/champions?version=1", "version")]
    [InlineData("/v1/champions?at=now", "at")]
    [InlineData("/v1/policies?name=x", "name")]
    [InlineData("/v1/policies/x?version=1", "version")]
    [InlineData("/v1/safety?at=2026-01-01T00:00:00Z", "at")]
    [InlineData("/v1/contents/ff", "sha256")]
    public async Task a_wrong_parameter_is_named(string path, string field)
    {
        using var client = told.Server.ClientOf("auditor");
        Assert.Equal((HttpStatusCode.BadRequest, "request_invalid", field), (await Got.FromAsync(client, path)).Problem);
    }

    [Theory]
    [InlineData("/v1/candidates")]
    [InlineData("/v1/decisions")]
    [InlineData("/v1/decisions/stream")]
    [InlineData("/v1/champions")]
    [InlineData("/v1/policies")]
    [InlineData("/v1/safety")]
    [InlineData("/v1/statistics/gate-failures")]
    [InlineData("/checkpoint")]
    [InlineData("/tile/0/000.p/1")]
    public async Task nobody_reads_without_a_key(string path)
    {
        using var nobody = told.Server.ClientOf(null);
        Assert.Equal((HttpStatusCode.Unauthorized, "not_authenticated", null), (await Got.FromAsync(nobody, path)).Problem);
    }
}
