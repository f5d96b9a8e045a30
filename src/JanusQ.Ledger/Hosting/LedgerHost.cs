using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Store;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine;

namespace JanusQ.Ledger.Hosting;

/// <summary>
/// A ledger for one program that is no server: opens fast, because what handles commands starts with the first command and queries never
/// need it.
/// </summary>
public sealed class LedgerHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private bool _started;

    private LedgerHost(IHost host) => _host = host;

    /// <summary>The documents.</summary>
    public ContentStore Content => _host.Services.GetRequiredService<ContentStore>();

    /// <summary>The questions.</summary>
    public LedgerQueries Queries => _host.Services.GetRequiredService<LedgerQueries>();

    /// <summary>What is derived from the events, and how it is compared with them and made anew.</summary>
    public LedgerProjections Projections => _host.Services.GetRequiredService<LedgerProjections>();

    /// <summary>The event store below.</summary>
    public IDocumentStore Store => _host.Services.GetRequiredService<IDocumentStore>();

    internal IServiceProvider Services => _host.Services;

    /// <summary>Opens a ledger. Nothing is sent to the database yet.</summary>
    /// <param name="options">How it is reached.</param>
    /// <param name="logging">Where logs go; nowhere by default.</param>
    public static LedgerHost Open(LedgerOptions options, Action<ILoggingBuilder>? logging = null)
    {
        ArgumentNullException.ThrowIfNull(options);

        // No configuration files, environment variables or default log targets: what counts is in the options.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        logging?.Invoke(builder.Logging);
        builder.Services.AddJanusQLedger(options);
        return new LedgerHost(builder.Build());
    }

    /// <summary>Opens a ledger and makes it ready for commands.</summary>
    public static async Task<LedgerHost> StartAsync(
        LedgerOptions options, Action<ILoggingBuilder>? logging = null, CancellationToken cancellation = default)
    {
        var ledger = Open(options, logging);
        try
        {
            await ledger.StartAsync(cancellation);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins an evaluation of a lane run.</summary>
    public Task<Recording> SendAsync(StartLaneRun command, CancellationToken cancellation = default) => InvokeAsync(command, cancellation);

    /// <summary>Stores and records a document of an evaluation.</summary>
    public Task<Recording> SendAsync(SubmitArtifact command, CancellationToken cancellation = default) =>
        InvokeAsync(command, cancellation);

    /// <summary>Says that all artifacts of an evaluation are there.</summary>
    public Task<Recording> SendAsync(CompleteLaneRun command, CancellationToken cancellation = default) =>
        InvokeAsync(command, cancellation);

    /// <summary>Says that a lane run ended without a result.</summary>
    public Task<Recording> SendAsync(FailLaneRun command, CancellationToken cancellation = default) => InvokeAsync(command, cancellation);

    /// <summary>Records a window without signals.</summary>
    public Task<Recording> SendAsync(SkipLaneRun command, CancellationToken cancellation = default) => InvokeAsync(command, cancellation);

    /// <summary>Records a whole finished evaluation.</summary>
    public Task<Recording> SendAsync(SubmitLaneRun command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.CompressAhead();
        return InvokeAsync(command, cancellation);
    }

    /// <summary>Stops and lets go of the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_started) await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
        _starting.Dispose();
    }

    private async Task<Recording> InvokeAsync(object command, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync<Recording>(command, cancellation);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        if (_started) return;
        await _starting.WaitAsync(cancellation);
        try
        {
            if (_started) return;
            await _host.StartAsync(cancellation);
            _started = true;
        }
        finally
        {
            _starting.Release();
        }
    }
}
