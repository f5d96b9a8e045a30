using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanusQ.Ledger.Projections;

/// <summary>
/// Keeps the asynchronous projections current in the background of a server. One of several servers does at a time
/// (<see cref="ProjectionLead"/>); when it ends, dies or loses its connection another takes over. A projection that stumbles is logged and
/// tried again from the same event, over and over: nothing is passed over.
/// </summary>
internal sealed partial class ProjectionService(IDocumentStore store, NpgsqlDataSource database, ILogger<ProjectionService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    // Who lost the lead lets another have it: what went wrong here may still be wrong.
    private static readonly TimeSpan StandBack = TimeSpan.FromSeconds(2);

    /// <summary>Whether this program is the one.</summary>
    public bool Leads { get; private set; }

    /// <summary>
    /// Names of projections that stumbled and have not gone on since; none where all is well, or another program keeps them.
    /// </summary>
    public string? Trouble { get; private set; }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Retry;
            try
            {
                await using var lead = await ProjectionLead.TryTakeAsync(database, stoppingToken);
                if (lead is not null) await KeepAsync(lead, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is, it must not take the server down with it, and it must not go unsaid.
                LogLost(failure);
                pause = StandBack;
            }

            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepAsync(ProjectionLead lead, CancellationToken cancellation)
    {
        using var daemon = await store.BuildProjectionDaemonAsync(logger: logger);
        try
        {
            Leads = true;
            LogLeads();
            await daemon.StartAllAsync();
            while (true)
            {
                await lead.HoldAsync(Pulse, cancellation);
                await TryAgainAsync(daemon);
            }
        }
        finally
        {
            await daemon.StopAllAsync();
            (Leads, Trouble) = (false, null);
        }
    }

    private async Task TryAgainAsync(IProjectionDaemon daemon)
    {
        var stumbled = daemon.CurrentAgents().Where(agent => agent.Status != AgentStatus.Running).Select(agent => agent.Name.Identity)
            .Order(StringComparer.Ordinal).ToArray();
        Trouble = stumbled.Length == 0 ? null : string.Join(", ", stumbled);
        if (Trouble is null) return;
        LogStumbled(Trouble);
        foreach (var name in stumbled) daemon.EjectPausedShard(name);
        await daemon.StartAllAsync();
    }

    [LoggerMessage(LogLevel.Information, "This program keeps the projections from now on.")]
    private partial void LogLeads();

    [LoggerMessage(LogLevel.Warning, "This program does not keep the projections any more; another may.")]
    private partial void LogLost(Exception failure);

    [LoggerMessage(LogLevel.Error, "Projections stumbled and are tried again from the same event: {Names}")]
    private partial void LogStumbled(string names);
}
