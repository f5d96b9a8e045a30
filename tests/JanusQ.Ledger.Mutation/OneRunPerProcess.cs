using JanusQ.Ledger.Mutation;

[assembly: AssemblyFixture(typeof(OneRunPerProcess))]

namespace JanusQ.Ledger.Mutation;

/// <summary>
/// Ends a process that is asked for a second run of tests; whoever asked begins a fresh one and asks again. The tables of policy keys, inputs
/// and reasons are built once per process: a process that served two mutants would test the second one with tables of the first. While
/// coverage is captured no mutant is active, and the process stays.
/// </summary>
public sealed class OneRunPerProcess
{
    private static int _runs;

    public OneRunPerProcess()
    {
        var mutantsAreActive = Environment.GetEnvironmentVariable("STRYKER_COVERAGE_FILE") is null;
        if (Interlocked.Increment(ref _runs) > 1 && mutantsAreActive) Environment.Exit(0);
    }
}
