using Npgsql;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>A server that this program starts and stops, for all who use its folder. Every call is made under the folder's lock.</summary>
internal interface IPrivateServer
{
    /// <summary>Makes the server when it is absent, starts it when it does not run, and waits until it answers.</summary>
    Task<RunningServer> EnsureRunningAsync(CancellationToken cancellation);

    /// <summary>Stops the server, if it runs. Its data stay, unless its folder is ephemeral.</summary>
    Task StopAsync(CancellationToken cancellation);
}

/// <summary>A server that answers.</summary>
/// <param name="Admin">Connection to its database <c>postgres</c>, without a pool.</param>
/// <param name="Facts">What is known about it.</param>
internal sealed record RunningServer(NpgsqlConnectionStringBuilder Admin, PostgreSqlServerFacts Facts);
