using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Store;
using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

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
        var checkedIn = Path.Combine(RepositoryFiles.Root, "src", "JanusQ.Ledger", "Internal", "Generated", "WolverineHandlers");
        var generated = await GenerateAsync();
        Assert.NotEmpty(generated);
        if (Environment.GetEnvironmentVariable("JANUSQ_WRITE_HANDLER_CODE") == "1")
        {
            Directory.CreateDirectory(checkedIn);
            foreach (var stale in Directory.GetFiles(checkedIn, "*.cs")) File.Delete(stale);
            foreach (var (name, code) in generated) await File.WriteAllTextAsync(
                Path.Combine(checkedIn, name), code, TestContext.Current.CancellationToken);
        }

        var found = Directory.GetFiles(checkedIn, "*.cs").ToDictionary(
            path => Path.GetFileName(path), path => Normal(File.ReadAllText(path)));
        Assert.Equal(generated.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, code) in generated) Assert.Equal(code, found[name]);
    }

    private static async Task<Dictionary<string, string>> GenerateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("janusq-handlers-");
        DynamicCodeBuilder.WithinCodegenCommand = true;
        try
        {
            // Nothing listens there: generating code asks no database.
            await using var ledger = LedgerHost.OpenUnchecked(
                new LedgerOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=none;Username=none" });
            ledger.Services.GetRequiredService<WolverineOptions>().CodeGeneration.GeneratedCodeOutputPath = folder.FullName;
            var builder = new DynamicCodeBuilder(ledger.Services, [.. ledger.Services.GetServices<ICodeFileCollection>()])
            {
                ServiceVariableSource = ledger.Services.GetService<IServiceVariableSource>(),
            };
            builder.WriteGeneratedCode(_ => { });
            return folder.EnumerateFiles("*.cs", SearchOption.AllDirectories)
                .ToDictionary(file => file.Name, file => Normal(File.ReadAllText(file.FullName)));
        }
        finally
        {
            DynamicCodeBuilder.WithinCodegenCommand = false;
            folder.Delete(recursive: true);
        }
    }

    private static string Normal(string code)
    {
        var lines = code.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd());
        return string.Join('\n', lines).TrimEnd('\n') + "\n";
    }
}
