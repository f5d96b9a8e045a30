using System.Text;
using JanusQ.Ledger.Core.Canonical;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>
/// Where output goes: the answer to standard output, everything else to standard error. Colours and bars only on a terminal.
/// </summary>
internal sealed class Terminal
{
    /// <summary>A pipe has no edge to wrap at.</summary>
    private const int PipeWidth = 4096;

    private readonly TextWriter _standardOutput;

    public Terminal(OutputFormat format, TextWriter standardOutput, TextWriter standardError)
    {
        Format = format;
        _standardOutput = standardOutput;
        Out = Open(standardOutput, System.Console.IsOutputRedirected || !ReferenceEquals(standardOutput, System.Console.Out));
        Error = Open(standardError, System.Console.IsErrorRedirected || !ReferenceEquals(standardError, System.Console.Error));
    }

    public OutputFormat Format { get; }

    /// <summary>For people who read standard output.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>For notices and progress.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>Writes the answer in the format asked for.</summary>
    public void Write(Answer answer)
    {
        if (Format == OutputFormat.Json) Write(answer.Document);
        else answer.Show(Out);
    }

    /// <summary>Writes one document in file form.</summary>
    public void Write(JsonObject document)
    {
        _standardOutput.Write(Encoding.ASCII.GetString(FileJson.Bytes(document)));
        _standardOutput.Write('\n');
        _standardOutput.Flush();
    }

    /// <summary>Writes a notice to standard error.</summary>
    public void Notice(string text) => Error.MarkupLineInterpolated($"[grey]{text}[/]");

    /// <summary>Runs steps under a progress bar on standard error; without a terminal there is none.</summary>
    public Task<T> ProgressAsync<T>(Func<Func<string, ProgressTask?>, Task<T>> work)
    {
        if (!Error.Profile.Capabilities.Interactive) return work(_ => null);
        return Error.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(context => work(description => context.AddTask(Markup.Escape(description))));
    }

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected) console.Profile.Width = PipeWidth;
        return console;
    }
}

/// <summary>How answers are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON document on standard output.</summary>
    Json,
}
