using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;

namespace JanusQ.Ledger.Server.Tests.Hosting;

/// <summary>
/// The code that Wolverine generates around the endpoints is checked in. Set JANUSQ_WRITE_HANDLER_CODE=1 to write it anew after an endpoint
/// was added or its signature has changed.
/// </summary>
public sealed class EndpointCodeTests
{
    [Fact]
    public async Task the_code_around_the_endpoints_that_is_checked_in_is_what_would_be_generated()
    {
        var folder = Path.Combine(RepositoryFiles.Root, "src", "JanusQ.Ledger.Server", "Internal", "Generated", "WolverineHandlers");
        var (generated, checkedIn) = await GeneratedCode.ReadAsync(folder, GenerateAsync);
        Assert.NotEmpty(generated);
        Assert.Equal(generated.Keys.Order(StringComparer.Ordinal), checkedIn.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, code) in generated) Assert.Equal(code, checkedIn[name]);
    }

    // Nothing listens there: generating code asks no database.
    private static async Task GenerateAsync(Action<IServiceProvider> generate)
    {
        await using var ledger = LedgerHost.OpenUnchecked(
            new LedgerOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=none;Username=none" });
        var builder = WebApplication.CreateBuilder();
        builder.AddLedgerServer(ledger, new NobodyHoldsAKey());
        await using var app = builder.Build();
        app.UseLedgerServer();
        generate(app.Services);
    }
}
