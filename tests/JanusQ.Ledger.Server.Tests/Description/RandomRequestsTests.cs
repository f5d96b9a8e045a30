using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CsCheck;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Description;

public sealed class RandomRequestsTests(PostgreSqlFixture postgreSql)
{
    private const int Requests = 5000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task no_request_made_from_the_description_is_answered_in_a_way_that_it_does_not_describe()
    {
        await using var server = await AServer.StartAsync(postgreSql);
        await PromotableRun.PrepareAsync(server.Ledger, Cancellation);
        var run = PromotableRun.Number(0);
        await run.SubmitAsync(server.Ledger, Cancellation);
        var decision = (await run.RequestAsync(server.Ledger, Cancellation)).Decision!;
        await server.Ledger.Projections.CatchUpAsync(Cancellation);
        var description = await DescriptionTests.DescriptionOfAsync(server);
        var operations = DescriptionTests.OperationsOf(description)
            .ToDictionary(one => $"{one.Method} {one.Path}", one => one.Operation["responses"]!.AsObject(), StringComparer.Ordinal);
        var known = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["candidateId"] = [run.CandidateId],
            ["evaluationId"] = [run.EvaluationId],
            ["runId"] = [run.RunId],
            ["decisionId"] = [decision.DecisionId],
            ["name"] = [PromotableRun.PolicyName],
            ["sha256"] = [decision.GateInputsSha256.ToString()!],
        };
        var clients = Roles.All.ToDictionary(role => role, role => server.ClientOf(role, "somebody"), StringComparer.Ordinal);
        using var nobody = server.ClientOf(null);
        using var forger = server.ClientOf(null);
        forger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer jq_forged");
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);

        // Made from one seed before any is sent: the same thousands every time, whatever the answers.
        var (all, random) = (new RandomRequests(description, known).All(), PCG.Parse("0001y2Kp7dQ4"));
        var requests = Enumerable.Range(0, Requests).Select(_ => all.Generate(random, null, out var _)).ToArray();
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancellation },
            async (request, _) =>
            {
                var client = request.Role switch { null => nobody, "forged" => forger, var role => clients[role] };
                using var message = request.ToMessage();
                using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
                seen.AddOrUpdate($"{request.Operation} {status}", 1, (_, before) => before + 1);
                Assert.True((int)answer.StatusCode < 500, $"{status} to {request}");
                var described = operations[request.Operation][status];
                Assert.True(described is not null, $"undescribed {status} to {request}");
                if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return;
                var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
                var code = (string)problem["code"]!;
                Assert.True(
                    described["content"]!["application/problem+json"]!["examples"]![code] is not null, $"undescribed {code} to {request}");
            });

        foreach (var client in clients.Values) client.Dispose();
        var output = TestContext.Current.TestOutputHelper;
        foreach (var (what, often) in seen.OrderBy(one => one.Key, StringComparer.Ordinal)) output?.WriteLine($"{often} x {what}");
        Assert.All(
            operations.Keys, operation => Assert.Contains(seen.Keys, what => what.StartsWith(operation + " ", StringComparison.Ordinal)));
    }
}
