using JanusQ.Ledger.Core;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.PostgreSql;
using JanusQ.Ledger.Store;
using Microsoft.Extensions.Configuration.Memory;

namespace JanusQ.Ledger.Server.Hosting;

/// <summary>The server as a program of its own.</summary>
internal static partial class ServerProgram
{
    /// <summary>
    /// The setting that names a folder with one file for each secret setting, named after it, for instance <c>JANUSQ_CONNECTION</c>.
    /// </summary>
    public const string SecretsVariable = "JANUSQ_SECRETS";

    private static readonly Dictionary<string, string?> UsualLogLevels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
    };

    /// <summary>Runs until it is stopped.</summary>
    /// <returns>0; 1 where the settings or the database are refused.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Below every other source, so that an operator may ask for more: several lines for every request say less than metrics and traces.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = UsualLogLevels });
        if (builder.Configuration[SecretsVariable] is { Length: > 0 } secrets) builder.Configuration.AddKeyPerFile(secrets);
        try
        {
            await RunAsync(builder, ServerSettings.Read(builder.Configuration)).ConfigureAwait(false);
            return 0;
        }
        catch (Exception failure) when (failure is RefusedException or PostgreSqlUnavailableException)
        {
            using var logging = LoggerFactory.Create(log => log.AddConsole());
            var code = (failure as RefusedException)?.Refusal.Code ?? "database_unavailable";
            LogNotStarted(logging.CreateLogger(typeof(ServerProgram)), code, failure.Message);
            return 1;
        }
    }

    private static async Task RunAsync(WebApplicationBuilder builder, ServerSettings settings)
    {
        // A server never starts a database of its own behind the operator's back: it serves the one that it is told.
        var lease = await PostgreSqlSource.AcquireAsync(new PostgreSqlOptions
        {
            Order = [PostgreSqlOrigin.Explicit],
            ConnectionString = settings.ConnectionString,
        }).ConfigureAwait(false);
        await using var held = lease.ConfigureAwait(false);
        var log = await LogOf(settings).ConfigureAwait(false);
        var ledger = await LedgerHost.StartAsync(new LedgerOptions
        {
            ConnectionString = lease.ConnectionString,
            Accept = settings.Accept,
            Log = log,
            RunLog = log is not null,
            RunProjections = true,
        }).ConfigureAwait(false);
        await using var open = ledger.ConfigureAwait(false);
        await LedgerServer.RunAsync(builder, ledger, settings).ConfigureAwait(false);
    }

    private static async Task<LogOptions?> LogOf(ServerSettings settings) => settings.LogKeyFile is not { } file ? null : new LogOptions
    {
        Keys = await LogKeyFile.ReadAsync(file, settings.LogVerifiers, CancellationToken.None).ConfigureAwait(false),
        MemoryFile = settings.LogMemory ?? file + ".signed",
    };

    [LoggerMessage(LogLevel.Critical, "The server does not start ({Code}): {Message}")]
    private static partial void LogNotStarted(ILogger logger, string code, string message);
}
