using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Model;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace JanusQ.Ledger.Testing;

/// <summary>
/// The code that Wolverine generates for a program. It is checked in, so that no program compiles anything when it starts, and held equal
/// to what would be generated; with JANUSQ_WRITE_HANDLER_CODE=1 it is written anew.
/// </summary>
public static class GeneratedCode
{
    /// <summary>Generates, writes where that is asked for, and gives both, by file name.</summary>
    /// <param name="checkedIn">The folder of the code that is checked in.</param>
    /// <param name="generateAsync">Has the program, without starting it, and calls what it is given with its services.</param>
    public static async Task<(Dictionary<string, string> Generated, Dictionary<string, string> CheckedIn)> ReadAsync(
        string checkedIn, Func<Action<IServiceProvider>, Task> generateAsync)
    {
        ArgumentNullException.ThrowIfNull(generateAsync);
        var generated = new Dictionary<string, string>();
        var folder = Directory.CreateTempSubdirectory("janusq-generated-");
        DynamicCodeBuilder.WithinCodegenCommand = true;
        try
        {
            await generateAsync(services => Write(services, folder.FullName));
            foreach (var file in folder.EnumerateFiles("*.cs", SearchOption.AllDirectories))
                generated.Add(file.Name, Normal(await File.ReadAllTextAsync(file.FullName)));
        }
        finally
        {
            DynamicCodeBuilder.WithinCodegenCommand = false;
            folder.Delete(recursive: true);
        }

        if (Environment.GetEnvironmentVariable("JANUSQ_WRITE_HANDLER_CODE") == "1")
        {
            Directory.CreateDirectory(checkedIn);
            foreach (var stale in Directory.GetFiles(checkedIn, "*.cs")) File.Delete(stale);
            foreach (var (name, code) in generated) await File.WriteAllTextAsync(Path.Combine(checkedIn, name), code);
        }

        var found = Directory.Exists(checkedIn) ? Directory.GetFiles(checkedIn, "*.cs") : [];
        return (generated, found.ToDictionary(path => Path.GetFileName(path), path => Normal(File.ReadAllText(path))));
    }

    private static void Write(IServiceProvider services, string folder)
    {
        services.GetRequiredService<WolverineOptions>().CodeGeneration.GeneratedCodeOutputPath = folder;
        var builder = new DynamicCodeBuilder(services, [.. services.GetServices<ICodeFileCollection>()])
        {
            ServiceVariableSource = services.GetService<IServiceVariableSource>(),
        };
        builder.WriteGeneratedCode(_ => { });
    }

    private static string Normal(string code)
    {
        var lines = code.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd());
        return string.Join('\n', lines).TrimEnd('\n') + "\n";
    }
}
