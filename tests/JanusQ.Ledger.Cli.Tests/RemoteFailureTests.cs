using System.Diagnostics;
using System.Globalization;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>What goes wrong between the program and a server is said with what is needed to find out why.</summary>
public sealed class RemoteFailureTests(PostgreSqlFixture postgreSql)
{
    [Fact]
    public async Task a_server_without_tls_is_said_to_have_none_and_is_not_asked_again()
    {
        await using var served = await ServedLedger.StartAsync(postgreSql);
        var address = served.Address.Replace("http:", "https:", StringComparison.Ordinal);
        var asked = Stopwatch.GetTimestamp();
        var answer = await JanusqProgram.RunAsync("candidate", "list", "--output", "json", "--server", address, "--key", "jq_x");
        Assert.Equal((1, "server_unavailable"), (answer.ExitCode, answer.Text("error", "code")));
        Assert.Contains(address, answer.Text("error", "message"), StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", answer.Output, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task an_address_where_no_ledger_is_is_named()
    {
        await using var served = await ServedLedger.StartAsync(postgreSql, before: app => app.Map("/proxy", proxy => proxy.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return context.Response.WriteAsync("<h1>Bad gateway</h1>");
        })));
        foreach (var (path, code) in new[] { ("/proxy", "http_502"), ("/elsewhere", "not_found") })
        {
            var answer = await JanusqProgram.RunAsync(
                "candidate", "list", "--output", "json", "--server", served.Address + path, "--key", "jq_carla.compliance");
            Assert.Equal((1, code), (answer.ExitCode, answer.Text("error", "code")));
            Assert.Contains($"{served.Address}{path}/v1/candidates", answer.Text("error", "message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task what_went_wrong_inside_a_server_is_told_with_what_its_operator_finds_it_by()
    {
        const string Problem =
            """{"status":500,"detail":"Something went wrong inside.","code":"unexpected_error","correlation_id":"case-17"}""";
        await using var served = await ServedLedger.StartAsync(postgreSql, before: app => app.Map("/v1", all => all.Run(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) =
                (StatusCodes.Status500InternalServerError, "application/problem+json");
            return context.Response.WriteAsync(Problem);
        })));
        var answer = await served.AskAsync(1, "carla.compliance", "candidate", "list");
        Assert.Equal("unexpected_error", answer.Text("error", "code"));
        Assert.Contains("case-17", answer.Text("error", "message"), StringComparison.Ordinal);
        Assert.Equal("case-17", answer.Text("error", "refused", "correlation_id"));
        Assert.Contains("case-17", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_interrupted_run_is_said_to_be_recorded_in_part_and_the_same_command_completes_it()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no signal to interrupt it with.");
        var (reached, isHeld) = (new TaskCompletionSource(), true);
        await using var served = await ServedLedger.StartAsync(postgreSql, before: app => app.Use(async (context, next) =>
        {
            if (isHeld && context.Request.Path.Value!.EndsWith("/artifacts", StringComparison.Ordinal))
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            }

            await next(context);
        }));
        var cancellation = TestContext.Current.CancellationToken;
        string[] run =
        [
            "lane", "run", "--signals", JanusqProgram.InRepository("config", "sample", "signals.json"), "--strategy-config",
            JanusqProgram.InRepository("config", "sample", "strategies.yaml"), "--promotion-target", "paper", "--output", "json",
        ];
        var environment = new Dictionary<string, string?> { ["JANUSQ_SERVER"] = served.Address, ["JANUSQ_KEY"] = "jq_wanda.worker" };
        using var program = JanusqProgram.Start(environment, run);
        program.StandardInput.Close();
        var said = program.StandardError.ReadToEndAsync(cancellation);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellation);
        using (var interrupt = Process.Start("kill", ["-INT", program.Id.ToString(CultureInfo.InvariantCulture)]))
            await interrupt.WaitForExitAsync(cancellation);
        await program.WaitForExitAsync(cancellation);
        Assert.Equal(130, program.ExitCode);
        Assert.Contains("in part", await said, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing half-written", await said, StringComparison.Ordinal);

        isHeld = false;
        var again = await JanusqProgram.RunAsync(environment, run);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal("recorded", again.Text("status"));
    }
}
