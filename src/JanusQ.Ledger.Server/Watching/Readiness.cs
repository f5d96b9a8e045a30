using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Watching;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>Says of how far everything is behind whether that is near enough.</summary>
internal static class Readiness
{
    private const string Database = "database";

    /// <summary>The answer where the database does not.</summary>
    public static HealthResponse WithoutDatabase() => Of([Failing(Database, "The database does not answer.")]);

    /// <summary>Whether an answer is the one without the database.</summary>
    public static bool LacksDatabase(HealthResponse health) =>
        health.Checks.Any(check => check is { Name: Database, Status: HealthResponse.Failed });

    /// <summary>The answer where what the log says of itself cannot be trusted.</summary>
    /// <param name="code">Why.</param>
    public static HealthResponse WithoutLog(string code) => Of([Passing(Database), Failing("log", $"The log is refused: {code}.")]);

    /// <summary>Judges. What nobody keeps here in the background is no reason to keep callers away.</summary>
    /// <param name="lags">How far everything is behind.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="logStopped">Why this program's log stopped, or none.</param>
    public static HealthResponse Of(LedgerLags lags, WatchSettings settings, string? logStopped)
    {
        var checks = new List<HealthCheck> { Passing(Database) };
        if (lags is { LogKept: true, Log: { } log }) checks.Add(OfLog(log, settings, logStopped));
        else if (logStopped is not null) checks.Add(Failing("log", Stopped(logStopped)));
        if (lags.ProjectionsKept)
        {
            checks.AddRange(lags.Projections.Select(projection => Check(
                $"projection:{projection.Key}", projection.Value, settings.ProjectionLagEvents, settings.ProjectionLag)));
        }

        return Of(checks);
    }

    /// <summary>An answer of one check.</summary>
    public static HealthResponse OfOne(string name, bool passed, string explanation) =>
        Of([passed ? Passing(name) : Failing(name, explanation)]);

    private static HealthResponse Of(IReadOnlyList<HealthCheck> checks) => new()
    {
        Status = checks.All(check => check.Status == HealthResponse.Passed) ? HealthResponse.Passed : HealthResponse.Failed,
        Checks = checks,
    };

    // A log that stopped does not go on by itself: how far it is behind is no longer what counts.
    private static HealthCheck OfLog(Lag lag, WatchSettings settings, string? stopped)
    {
        var check = Check("log", lag, settings.LogLagEvents, settings.LogLag);
        return stopped is null ? check : check with { Status = HealthResponse.Failed, Explanation = Stopped(stopped) };
    }

    private static string Stopped(string code) => $"The log stopped: {code}.";

    private static HealthCheck Check(string name, Lag lag, long events, TimeSpan age)
    {
        var near = lag.Events <= events && lag.Age <= age;
        return new HealthCheck
        {
            Name = name,
            Status = near ? HealthResponse.Passed : HealthResponse.Failed,
            Explanation = near ? null : "Behind the events beyond its limit.",
            EventsBehind = lag.Events,
            EventsLimit = events,
            SecondsBehind = (long)lag.Age.TotalSeconds,
            SecondsLimit = (long)age.TotalSeconds,
        };
    }

    private static HealthCheck Passing(string name) => new() { Name = name, Status = HealthResponse.Passed };

    private static HealthCheck Failing(string name, string explanation) =>
        new() { Name = name, Status = HealthResponse.Failed, Explanation = explanation };
}
