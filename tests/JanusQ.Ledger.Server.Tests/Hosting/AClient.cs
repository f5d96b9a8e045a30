using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>Clients of a server of a test.</summary>
internal static class AClient
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The typed client of somebody in a role.</summary>
    public static LedgerClient Of(AServer server, string role, string name = "somebody")
    {
        var http = server.ClientOf(role, name);
        return new LedgerClient(http, http.DefaultRequestHeaders.Authorization!.Parameter!, LedgerRetries.None);
    }

    /// <summary>The problem that a call ends with.</summary>
    public static async Task<LedgerProblemException> ProblemAsync(HttpStatusCode status, string code, Func<Task> call)
    {
        var problem = await Assert.ThrowsAsync<LedgerProblemException>(call);
        Assert.Equal((status, code), (problem.Status, problem.Code));
        Assert.NotNull(problem.CorrelationId);
        Assert.DoesNotContain("JanusQ", problem.Document.GetRawText(), StringComparison.Ordinal);
        return problem;
    }

    /// <summary>The problem that an answer is.</summary>
    public static async Task<JsonObject> ProblemAsync(HttpStatusCode status, string code, HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        Assert.Equal((status, code), (answer.StatusCode, (string)problem["code"]!));
        Assert.Equal($"urn:janusq:problem:{code}", (string)problem["type"]!);
        return problem;
    }

    /// <summary>How many events and documents there are.</summary>
    public static async Task<(long Events, long Contents)> RecordedAsync(AServer server)
    {
        var status = await server.Ledger.Queries.StatusAsync(Cancellation);
        return (status.Events, status.Contents);
    }
}
