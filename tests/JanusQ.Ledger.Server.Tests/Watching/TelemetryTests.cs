using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Server.Tests.Hosting;
using JanusQ.Ledger.Server.Watching;
using JanusQ.Ledger.Testing;
using JanusQ.Ledger.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace JanusQ.Ledger.Server.Tests.Watching;

public sealed class TelemetryTests(PostgreSqlFixture postgreSql)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_is_logged_about_a_request_carries_its_correlation_id_and_is_written_as_json()
    {
        var logs = new Collected();
        await using var server = await AServer.StartAsync(postgreSql, configure: builder =>
        {
            builder.Logging.AddProvider(logs);
            builder.Logging.AddFilter<Collected>("Microsoft.AspNetCore.Routing", LogLevel.Debug);
        });
        using var client = server.ClientOf("auditor");
        client.DefaultRequestHeaders.Add("X-Correlation-Id", "case-17");
        using var answer = await client.GetAsync(new Uri("/v1/candidates/cand-0123456789ab", UriKind.Relative), Cancellation);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        Assert.Equal("case-17", (string)problem!["correlation_id"]!);
        Assert.Contains(
            logs.Scopes, scope => scope.Contains(KeyValuePair.Create<string, object>(ServerWatching.CorrelationScope, "case-17")));
        Assert.Equal(ConsoleFormatterNames.Json, server.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        Assert.True(server.Services.GetRequiredService<IOptions<JsonConsoleFormatterOptions>>().Value.IncludeScopes);
    }

    [Fact]
    public async Task a_command_is_a_span_of_the_request_that_sent_it()
    {
        var ended = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LedgerTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await AServer.StartAsync(postgreSql);
        using var worker = server.ClientOf("worker");
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        worker.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        using var answer = await worker.PostAsJsonAsync(
            "/v1/candidates/cand-0123456789ab/evaluations", StartLaneRunRequest.Example, ApiJson.Options, Cancellation);
        Assert.True(answer.IsSuccessStatusCode);
        var span = Assert.Single(ended, activity => activity.TraceId.ToString() == Trace);
        Assert.Equal(("StartLaneRun", "recorded"), (span.OperationName, (string?)span.GetTagItem("janusq.outcome")));
    }

    private sealed class Collected : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider? _scopes;

        public ConcurrentBag<IReadOnlyList<KeyValuePair<string, object>>> Scopes { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var all = new List<KeyValuePair<string, object>>();
            _scopes?.ForEachScope((scope, into) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object>> pairs)
                    into.AddRange(pairs);
            }, all);
            Scopes.Add(all);
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
