using System.ComponentModel;

namespace JanusQ.Ledger.Client.Contracts;

/// <summary>How a server is.</summary>
public sealed record HealthResponse
{
    /// <summary>It is well.</summary>
    public const string Passed = "pass";

    /// <summary>It is not.</summary>
    public const string Failed = "fail";

    /// <summary>An example for the API's description.</summary>
    public static HealthResponse Example { get; } = new()
    {
        Status = Failed,
        Checks =
        [
            new HealthCheck { Name = "database", Status = Passed },
            new HealthCheck
            {
                Name = "projection:Decision",
                Status = Failed,
                Explanation = "Behind the events beyond its limit.",
                EventsBehind = 1200,
                EventsLimit = 100000,
                SecondsBehind = 75,
                SecondsLimit = 60,
            },
        ],
    };

    /// <summary><c>pass</c> if every check passed, else <c>fail</c>.</summary>
    [Description("pass if every check passed, else fail.")]
    public required string Status { get; init; }

    /// <summary>Each check.</summary>
    public required IReadOnlyList<HealthCheck> Checks { get; init; }
}

/// <summary>One thing that was looked at.</summary>
public sealed record HealthCheck
{
    /// <summary><c>started</c>, <c>database</c>, <c>log</c>, or <c>projection:</c> and its name.</summary>
    [Description("started, database, log, or projection: and its name.")]
    public required string Name { get; init; }

    /// <summary><c>pass</c> or <c>fail</c>.</summary>
    [Description("pass or fail.")]
    public required string Status { get; init; }

    /// <summary>What is wrong; null where nothing is.</summary>
    [Description("What is wrong; null where nothing is.")]
    public string? Explanation { get; init; }

    /// <summary>Events that it is behind; null where it cannot be behind.</summary>
    public long? EventsBehind { get; init; }

    /// <summary>Events that it may be behind.</summary>
    public long? EventsLimit { get; init; }

    /// <summary>Age in whole seconds of the oldest event that it is behind.</summary>
    public long? SecondsBehind { get; init; }

    /// <summary>Seconds that it may be behind.</summary>
    public long? SecondsLimit { get; init; }
}
