using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Remote;

/// <summary><c>janusq db status</c> against a server: what it says of itself, whether it is ready and what lags.</summary>
internal static class RemoteStatus
{
    /// <summary>The answer.</summary>
    public static Answer Of(Uri address, HealthResponse health) => new(
        JsonObject.Of(
            ("server", JsonObject.Of(("origin", "remote"), ("address", address.ToString()))),
            ("ready", IsPassed(health.Status)),
            ("checks", new JsonArray(health.Checks.Select(JsonOf)))),
        console =>
        {
            console.WriteLine($"The server at {address} is {(IsPassed(health.Status) ? "ready" : "not ready")}.");
            var table = new Table().Border(TableBorder.Rounded).AddColumns("check", "status", "events behind", "seconds behind", "why");
            foreach (var check in health.Checks)
            {
                table.AddRow(
                    Markup.Escape(check.Name),
                    Markup.Escape(check.Status),
                    TextOf(check.EventsBehind, check.EventsLimit),
                    TextOf(check.SecondsBehind, check.SecondsLimit),
                    Markup.Escape(check.Explanation ?? ""));
            }

            console.Write(table);
        });

    private static bool IsPassed(string status) => string.Equals(status, HealthResponse.Passed, StringComparison.Ordinal);

    private static JsonObject JsonOf(HealthCheck check) => JsonObject.Of(
        ("name", check.Name),
        ("status", check.Status),
        ("explanation", check.Explanation),
        ("events_behind", NumberOf(check.EventsBehind)),
        ("events_limit", NumberOf(check.EventsLimit)),
        ("seconds_behind", NumberOf(check.SecondsBehind)),
        ("seconds_limit", NumberOf(check.SecondsLimit)));

    private static JsonValue NumberOf(long? value) => value is { } number ? number : JsonValue.Null;

    private static string TextOf(long? behind, long? limit) =>
        behind is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{behind:N0} of {limit:N0}");
}
