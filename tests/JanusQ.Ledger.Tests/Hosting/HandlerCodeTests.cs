using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Tests.Hosting;

/// <summary>
/// The code that Wolverine generates around the handlers is checked in, so that no program compiles anything when it starts. Set
/// JANUSQ_WRITE_HANDLER_CODE=1 to write it anew after a handler's signature has changed.
/// </summary>
public sealed class HandlerCodeTests
{
    [Fact]
    public async Task the_code_around_the_handlers_that_is_checked_in_is_what_would_be_generated()
    {
        var folder = Path.Combine(RepositoryFiles.Root, "src", "JanusQ.Ledger", "Internal", "Generated", "WolverineHandlers");
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
        generate(ledger.Services);
    }
}
