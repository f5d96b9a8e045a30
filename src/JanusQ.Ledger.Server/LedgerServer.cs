using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Hosting;

namespace JanusQ.Ledger.Server;

/// <summary>The ledger over HTTP: the same queries as the command line. No rule lives here.</summary>
public static class LedgerServer
{
    /// <summary>Adds what the endpoints need.</summary>
    /// <param name="services">The services.</param>
    /// <param name="ledger">The ledger, which is closed with the server.</param>
    public static IServiceCollection AddLedgerServer(this IServiceCollection services, LedgerHost ledger)
    {
        services.AddSingleton(_ => ledger);
        services.AddSingleton(provider => provider.GetRequiredService<LedgerHost>().Queries);
        services.AddProblemDetails();
        return services;
    }

    /// <summary>Adds the endpoints.</summary>
    public static void MapLedger(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", async (LedgerQueries queries, CancellationToken cancellation) =>
            (await queries.StatusAsync(cancellation)).Exists ? Results.Text("ready") : Results.Text("no ledger yet", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/candidates", ListCandidates.HandleAsync);
        app.MapGet("/candidates/{candidateId}", ShowCandidate.HandleAsync);
    }
}
