using System.Runtime.CompilerServices;
using JanusQ.Ledger.Core.Tests;

namespace JanusQ.Ledger.Mutation;

/// <summary>Here every test runs once for each of many hundred mutants: a property takes few samples.</summary>
internal static class FewSamples
{
    private const string Samples = "20";

    [ModuleInitializer]
    internal static void Take() => Environment.SetEnvironmentVariable(Iterations.Variable, Samples);
}
