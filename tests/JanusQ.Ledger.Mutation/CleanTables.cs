using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Mutation;

[assembly: AssemblyFixture(typeof(CleanTables))]

namespace JanusQ.Ledger.Mutation;

/// <summary>
/// Keeps one mutant out of the tests of the next. The runner asks the same process for mutant after mutant, but tables (policy keys,
/// inputs, reasons, documents of tests) are built once per process, with whatever mutant is active then. So all tables are built at the
/// start, with no mutant active. A mutant of the code that builds those of the rules is early: it gets a process of its own, in which
/// nothing is built beforehand.
/// </summary>
/// <remarks>
/// A process that may not serve a run ends; the runner then begins a fresh one and asks again. Which mutants are early is found while the
/// runner captures coverage, which it does first. Where that is not known, every run has a process of its own.
/// </remarks>
public sealed class CleanTables
{
    private const int Nothing = -1;

    private static readonly string EarlyMutants = Path.Combine(AppContext.BaseDirectory, "early-mutants.txt");
    private static readonly Assembly Rules = typeof(PolicyKeys).Assembly;
    private static readonly Type? Control = Array.Find(Rules.GetTypes(), type => type is { Name: "MutantControl", IsPublic: true });
    private static readonly FieldInfo? Capture = Control?.GetField("CaptureCoverage");
    private static readonly FieldInfo? Covered = Control?.GetField("_coveredMutants", BindingFlags.NonPublic | BindingFlags.Static);

    private static HashSet<int>? _early;
    private static int? _only;
    private static int _runs;

    /// <summary>Begins a run of tests, or ends the process.</summary>
    public CleanTables()
    {
        _runs++;
        if (Control is null || IsCapturing) return;
        var active = ActiveMutant();
        var clean = _only is { } only ? _runs == 1 && active == only : active == Nothing || !_early!.Contains(active);
        if (!clean) Environment.Exit(0);
    }

    private static bool IsCapturing => Environment.GetEnvironmentVariable("STRYKER_COVERAGE_FILE") is not null;

    [ModuleInitializer]
    internal static void Begin()
    {
        if (Control is null || Capture is null || Covered is null)
        {
            _only = ActiveMutant();
        }
        else if (IsCapturing)
        {
            BuildTables(Rules);
            File.WriteAllLines(EarlyMutants, ((List<int>)Covered.GetValue(null)!).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        }
        else
        {
            var active = ActiveMutant();
            if (File.Exists(EarlyMutants))
                _early = [.. File.ReadLines(EarlyMutants).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
            if (_early?.Contains(active) != false)
            {
                _only = active;
                return;
            }

            Capture.SetValue(null, true);
            BuildTables(Rules);
            BuildTables(typeof(CleanTables).Assembly);
            Capture.SetValue(null, false);
        }
    }

    /// <summary>Builds every static field.</summary>
    private static void BuildTables(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
            if (type != Control && type != typeof(CleanTables) && !type.ContainsGenericParameters)
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
    }

    private static int ActiveMutant()
    {
        var file = Environment.GetEnvironmentVariable("STRYKER_MUTANT_FILE");
        if (file is null || !File.Exists(file)) return Nothing;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> id = stackalloc byte[sizeof(int)];
        stream.ReadExactly(id);
        return BitConverter.ToInt32(id);
    }
}
