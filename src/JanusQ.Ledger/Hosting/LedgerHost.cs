using System.Collections.Immutable;
using JanusQ.Ledger.Access;
using JanusQ.Ledger.Approvals;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Candidates;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Decisions;
using JanusQ.Ledger.LaneRuns;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.Migrations;
using JanusQ.Ledger.Policies;
using JanusQ.Ledger.Projections;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Safety;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Watching;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;

namespace JanusQ.Ledger.Hosting;

/// <summary>
/// A ledger for one program that is no server: opens fast, because what handles commands starts with the first command and queries never
/// need it.
/// </summary>
public sealed class LedgerHost : ILedgerCommands, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private bool _started;

    private LedgerHost(IHost host) => _host = host;

    /// <summary>What the command line asks, answered by this ledger.</summary>
    public ILedgerQuestions Questions => new StoredAnswers(this);

    /// <summary>The documents.</summary>
    public ContentStore Content => _host.Services.GetRequiredService<ContentStore>();

    /// <summary>The questions.</summary>
    public LedgerQueries Queries => _host.Services.GetRequiredService<LedgerQueries>();

    /// <summary>What is derived from the events, and how it is compared with them and made anew.</summary>
    public LedgerProjections Projections => _host.Services.GetRequiredService<LedgerProjections>();

    /// <summary>The questions about safety controls, policies and champions.</summary>
    public FactQueries Facts => _host.Services.GetRequiredService<FactQueries>();

    /// <summary>The questions about candidates, safety controls, policies and champions, answered as of a sequence.</summary>
    public SnapshotQueries Snapshots => _host.Services.GetRequiredService<SnapshotQueries>();

    /// <summary>The questions to the flat tables for compliance.</summary>
    public ComplianceQueries Compliance => _host.Services.GetRequiredService<ComplianceQueries>();

    /// <summary>Decisions as they are made.</summary>
    public DecisionFeed Feed => _host.Services.GetRequiredService<DecisionFeed>();

    /// <summary>Where "now" comes from.</summary>
    public TimeProvider Clock => _host.Services.GetRequiredService<TimeProvider>();

    /// <summary>
    /// Whether who asks an asynchronous projection has it catch up first: it does, unless this program keeps the projections up to date.
    /// </summary>
    public bool CatchesUpWhenAsked => !_host.Services.GetRequiredService<LedgerOptions>().RunProjections;

    /// <summary>Recorded decisions and their replays.</summary>
    public DecisionQueries Decisions => _host.Services.GetRequiredService<DecisionQueries>();

    /// <summary>Exports bundles.</summary>
    public BundleExport Bundles => _host.Services.GetRequiredService<BundleExport>();

    /// <summary>The transparency log.</summary>
    public TransparencyLog Log => _host.Services.GetRequiredService<TransparencyLog>();

    /// <summary>Verifies all of it.</summary>
    public LedgerAudit Audit => _host.Services.GetRequiredService<LedgerAudit>();

    /// <summary>The keys by which callers of a server are known.</summary>
    public ApiKeys Keys => _host.Services.GetRequiredService<ApiKeys>();

    /// <summary>The log of requests that a server refused.</summary>
    public SecurityLog SecurityLog => _host.Services.GetRequiredService<SecurityLog>();

    /// <summary>How far projections and log are behind the events.</summary>
    public LagReader Lags => _host.Services.GetRequiredService<LagReader>();

    /// <summary>The Janus evidence of the decision that was recorded last.</summary>
    public EvidenceReader Evidence => _host.Services.GetRequiredService<EvidenceReader>();

    /// <summary>Why the transparency log of this program stopped; none while it goes on, or where another program writes it.</summary>
    public Refusal? LogStopped => _host.Services.GetService<LogService>()?.Stopped;

    /// <summary>Whether this program is the one that keeps the asynchronous projections in the background.</summary>
    public bool KeepsProjections => _host.Services.GetService<ProjectionService>()?.Leads ?? false;

    /// <summary>Names of the projections that this program keeps and that stumbled over an event; none where all is well.</summary>
    public string? ProjectionTrouble => _host.Services.GetService<ProjectionService>()?.Trouble;

    /// <summary>The event store below.</summary>
    public IDocumentStore Store => _host.Services.GetRequiredService<IDocumentStore>();

    /// <summary>The database below that.</summary>
    internal NpgsqlDataSource Database => _host.Services.GetRequiredService<NpgsqlDataSource>();

    internal IServiceProvider Services => _host.Services;

    /// <summary>Opens a ledger: checks what its promises rest on, and applies migrations where the options say so.</summary>
    /// <param name="options">How it is reached.</param>
    /// <param name="logging">Where logs go; nowhere by default.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException">By one of the names of <see cref="StartUpChecks"/>.</exception>
    public static async Task<LedgerHost> OpenAsync(
        LedgerOptions options, Action<ILoggingBuilder>? logging = null, CancellationToken cancellation = default)
    {
        var ledger = OpenUnchecked(options, logging);
        try
        {
            await StartUpChecks.PassAsync(ledger.Database, options, cancellation);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a ledger and makes it ready for commands.</summary>
    /// <exception cref="RefusedException">By one of the names of <see cref="StartUpChecks"/>.</exception>
    public static async Task<LedgerHost> StartAsync(
        LedgerOptions options, Action<ILoggingBuilder>? logging = null, CancellationToken cancellation = default)
    {
        var ledger = await OpenAsync(options, logging, cancellation);
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

    /// <summary>Puts a ledger together. Nothing is sent to the database, so nothing is known about it.</summary>
    internal static LedgerHost OpenUnchecked(LedgerOptions options, Action<ILoggingBuilder>? logging = null)
    {
        ArgumentNullException.ThrowIfNull(options);

        // No configuration files, environment variables or default log targets: what counts is in the options.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        logging?.Invoke(builder.Logging);
        builder.Services.AddJanusQLedger(options);
        return new LedgerHost(builder.Build());
    }

    /// <summary>Everything in which the database is not what the program expects.</summary>
    public Task<ImmutableArray<SchemaDifference>> FindSchemaDifferencesAsync(CancellationToken cancellation = default) =>
        SchemaAssertion.FindDifferencesAsync(_host.Services.GetRequiredService<LedgerOptions>().ConnectionString, cancellation);

    /// <summary>Hands checkpoints of this ledger's log to those outside who keep them.</summary>
    /// <param name="http">Reaches them.</param>
    /// <exception cref="RefusedException"><c>log_key_missing</c>: this program has no key.</exception>
    public OutsideKeepers Keepers(HttpClient http) =>
        new(_host.Services.GetRequiredService<Npgsql.NpgsqlDataSource>(), Log.Options.Keys.Known, http);

    /// <inheritdoc />
    public Task<Recording> SendAsync(StartLaneRun command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(SubmitArtifact command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <summary>Records a document of an evaluation that is in the content store already.</summary>
    public Task<Recording> SendAsync(EmitStoredArtifact command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <summary>Stores and records several documents of an evaluation.</summary>
    public Task<Recording> SendAsync(SubmitArtifacts command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(CompleteLaneRun command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(FailLaneRun command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(SkipLaneRun command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(SubmitLaneRun command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        CompressingAhead.Begin([.. command.Artifacts.Select(artifact => artifact.Content)]);
        return InvokeAsync<Recording>(command, cancellation);
    }

    /// <inheritdoc />
    public Task<Recording> SendAsync(ApprovePromotion command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(RevokeApproval command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(PauseCandidate command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(ResumeCandidate command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<Recording> SendAsync(ClearRolledBackEvidence command, CancellationToken cancellation = default) =>
        InvokeAsync<Recording>(command, cancellation);

    /// <inheritdoc />
    public Task<SafetyRecording> SendAsync(SubmitDrill command, CancellationToken cancellation = default) =>
        InvokeAsync<SafetyRecording>(command, cancellation);

    /// <inheritdoc />
    public Task<SafetyRecording> SendAsync(EngageKillSwitch command, CancellationToken cancellation = default) =>
        InvokeAsync<SafetyRecording>(command, cancellation);

    /// <inheritdoc />
    public Task<SafetyRecording> SendAsync(ReleaseKillSwitch command, CancellationToken cancellation = default) =>
        InvokeAsync<SafetyRecording>(command, cancellation);

    /// <inheritdoc />
    public Task<PolicyRecording> SendAsync(PublishPolicy command, CancellationToken cancellation = default) =>
        InvokeAsync<PolicyRecording>(command, cancellation);

    /// <inheritdoc />
    public Task<PolicyRecording> SendAsync(ActivatePolicy command, CancellationToken cancellation = default) =>
        InvokeAsync<PolicyRecording>(command, cancellation);

    /// <inheritdoc />
    public Task<PolicyRecording> SendAsync(ApprovePolicyActivation command, CancellationToken cancellation = default) =>
        InvokeAsync<PolicyRecording>(command, cancellation);

    /// <inheritdoc />
    public Task<PromotionAnswer> SendAsync(RequestPromotion command, CancellationToken cancellation = default) =>
        InvokeAsync<PromotionAnswer>(command, cancellation);

    /// <inheritdoc />
    public Task<PlaceAnswer> SendAsync(DemoteChampion command, CancellationToken cancellation = default) =>
        InvokeAsync<PlaceAnswer>(command, cancellation);

    /// <inheritdoc />
    public Task<PlaceAnswer> SendAsync(RollBackChampion command, CancellationToken cancellation = default) =>
        InvokeAsync<PlaceAnswer>(command, cancellation);

    /// <summary>Stops and lets go of the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_started) await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
        _starting.Dispose();
    }

    private async Task<TAnswer> InvokeAsync<TAnswer>(object command, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        return await LedgerTelemetry.WatchAsync(command, async () =>
        {
            await using var scope = _host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync<TAnswer>(command, cancellation);
        });
    }

    /// <summary>Starts what handles commands, and what runs in the background; once.</summary>
    public async Task StartAsync(CancellationToken cancellation)
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
