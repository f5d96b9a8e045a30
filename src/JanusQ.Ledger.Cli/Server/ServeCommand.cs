using System.CommandLine;
using JanusQ.Ledger.Cli.Audit;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Server;

/// <summary><c>janusq serve</c>: one node of the ledger over HTTP, on the program's own database or on one that is named.</summary>
internal static class ServeCommand
{
    /// <summary>The environment variable with the addresses, for when no argument gives any.</summary>
    public const string UrlsVariable = "JANUSQ_URLS";

    private const string DefaultUrls = "http://127.0.0.1:8380";

    private const string OnNoServer = "A server serves a database, not another server: use --connection or --data, not --server.";

    public static Command Create(GlobalOptions options)
    {
        var urls = new Option<string>("--urls")
        {
            Description = $"Addresses to listen at, separated by semicolons. Without it {UrlsVariable}, else {DefaultUrls}.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(UrlsVariable) is { Length: > 0 } set ? set : DefaultUrls,
        };
        urls.Validators.Add(result =>
        {
            foreach (var url in (result.GetValueOrDefault<string?>() ?? "").Split(';'))
                if (!IsAddress(url)) result.AddError($"--urls '{url}' is no address such as {DefaultUrls}.");
        });
        var logKey = new LogKeyOptions();
        var command = new Command("serve", "Serves the ledger over HTTP until it is stopped with Ctrl+C.") { urls };
        logKey.AddTo(command);
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            DatabaseConnection.Demand(options, parsed, OnNoServer);
            var addresses = parsed.GetRequiredValue(urls);
            var builder = BuilderOf(addresses);
            var settings = ServerSettings.Read(builder.Configuration);
            var session = await LedgerSession.OpenAsync(
                options,
                parsed,
                terminal,
                cancellation,
                facts => logKey.ReadAsync(parsed, terminal, facts, cancellation),
                serves: true).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            if (!await session.Ledger.Keys.AnyAsync(cancellation).ConfigureAwait(false))
                terminal.Notice("nobody has a key yet: make one with 'janusq key create --name lane-1 --role worker'");
            await LedgerServer.RunAsync(
                builder,
                session.Ledger,
                settings,
                listening => terminal.Notice($"the ledger is served at {string.Join(", ", listening)}; Ctrl+C stops it"),
                cancellation).ConfigureAwait(false);
            return new Answer(
                JsonObject.Of(("status", "stopped")), console => console.WriteLine("Stopped; what was under way is answered."));
        });
        return command;
    }

    // What somebody left in the folder where the program is started is no setting of the server.
    private static WebApplicationBuilder BuilderOf(string urls)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    private static bool IsAddress(string url)
    {
        var named = url.Trim().Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal);
        return Uri.TryCreate(named, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
    }
}
