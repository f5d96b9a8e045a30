using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Watching;

namespace JanusQ.Ledger.Server.Watching;

/// <summary>
/// Starts the ledger's background work once the server listens, and from then on asks how far projections and log are behind, and what the
/// latest decision rests on. However many ask whether the server is ready, the database is asked once an interval.
/// </summary>
public sealed partial class LedgerWatch : BackgroundService, IAsyncDisposable
{
    private readonly LedgerHost _ledger;
    private readonly WatchSettings _settings;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<LedgerWatch> _logger;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private HealthResponse? _latest;
    private long _askedAt;

    /// <summary>Watches a ledger.</summary>
    public LedgerWatch(LedgerHost ledger, WatchSettings settings, IHostApplicationLifetime lifetime, ILogger<LedgerWatch> logger)
    {
        _ledger = ledger;
        _settings = settings;
        _lifetime = lifetime;
        _logger = logger;
    }

    /// <summary>Whether the start-up checks passed and the background work began.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Whether the server is ready, and what is wrong where it is not.</summary>
    public async Task<HealthResponse> AskAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_latest is { } latest && Environment.TickCount64 - _askedAt < _settings.Interval.TotalMilliseconds) return latest;
            var answer = await LookAsync(cancellation).ConfigureAwait(false);
            if (_latest is not null && _latest.Status != answer.Status || _latest is null && answer.Status == HealthResponse.Failed)
                LogReadiness(
                    answer.Status,
                    string.Join(", ", answer.Checks.Where(check => check.Status == HealthResponse.Failed).Select(check => check.Name)));
            (_latest, _askedAt) = (answer, Environment.TickCount64);
            return answer;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Ends the work first, where nobody did: a server may be disposed of that was never told to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        Dispose();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _asking.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _ledger.StartAsync(stoppingToken).ConfigureAwait(false);
            HasStarted = true;
            while (true)
            {
                var health = await AskAsync(stoppingToken).ConfigureAwait(false);
                if (!Readiness.LacksDatabase(health)) await TellEvidenceAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(_settings.Interval, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
        catch (Exception failure) when (!HasStarted)
        {
            LogNotStarted(failure);
            _lifetime.StopApplication();
        }
    }

    private async Task TellEvidenceAsync(CancellationToken cancellation)
    {
        try
        {
            if (await _ledger.Evidence.ReadAsync(cancellation).ConfigureAwait(false) is { } evidence) LedgerTelemetry.Tell(evidence);
        }
        catch (IntegrityException altered)
        {
            // What cannot be read as it was recorded is no evidence.
            LedgerTelemetry.Tell(ToldEvidence.None);
            LogNoEvidence(altered);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            LogNoEvidence(failure);
        }
    }

    private async Task<HealthResponse> LookAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_settings.Patience);
        try
        {
            var lags = await _ledger.Lags.ReadAsync(patience.Token).ConfigureAwait(false);
            LedgerTelemetry.Tell(lags);
            return Readiness.Of(lags, _settings, _ledger.LogStopped?.Code);
        }
        catch (LogStoppedException stopped)
        {
            return Readiness.WithoutLog(stopped.Refusal.Code);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            LogNoAnswer(failure);
            return Readiness.WithoutDatabase();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Readiness: {Status} {Checks}")]
    private partial void LogReadiness(string status, string checks);

    [LoggerMessage(LogLevel.Warning, "The database did not say how far everything is.")]
    private partial void LogNoAnswer(Exception failure);

    [LoggerMessage(LogLevel.Warning, "The evidence of the latest decision cannot be read.")]
    private partial void LogNoEvidence(Exception failure);

    [LoggerMessage(LogLevel.Critical, "The ledger's background work does not start; the server stops.")]
    private partial void LogNotStarted(Exception failure);
}
