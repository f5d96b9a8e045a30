using System.CommandLine;
using System.Text;
using JanusQ.Ledger.Cli.Console;

Console.OutputEncoding = Encoding.UTF8;
var parsed = JanusqCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"janusq: {error.Message}");
    Console.Error.WriteLine("janusq: try 'janusq --help'");
    return (int)ExitCode.Usage;
}

return await parsed.InvokeAsync(
    new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
