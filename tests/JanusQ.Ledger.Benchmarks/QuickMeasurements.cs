using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>A line of the quick table: a time for one piece of work, against a baseline where there is one.</summary>
internal sealed record Measured(string What, double Nanoseconds, string Unit, double? Baseline = null, string Note = "");

/// <summary>Short in-process measurements of a benchmark class; found by <see cref="QuickMeasurements"/>.</summary>
internal interface IQuickMeasurement
{
    IEnumerable<Measured> Measure();
}

/// <summary>
/// Runs every quick measurement of the assembly and prints the table. Best of several turns: other processes only ever add time.
/// </summary>
internal static class QuickMeasurements
{
    public static int Run(string filter)
    {
        var watch = Stopwatch.StartNew();
        Console.WriteLine($"{Environment.ProcessorCount} processors, {(GCSettings() ? "server" : "workstation")} GC, "
            + $".NET {Environment.Version}; best of several turns");
        Console.WriteLine($"{"",-58} {"time",12} {"",-12} {"ratio",8}");
        var classes = Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && BenchmarksOf(type).Length > 0)
            .OrderBy(type => type.Name, StringComparer.Ordinal);
        foreach (var type in classes)
        {
            if (!type.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine(type.Name);
            var instance = Activator.CreateInstance(type)!;
            foreach (var measured in instance is IQuickMeasurement own ? own.Measure() : MeasureBenchmarks(instance))
            {
                var ratio = measured.Baseline is { } baseline
                    ? (measured.Nanoseconds / baseline).ToString("0.00", CultureInfo.InvariantCulture) : "";
                var time = measured.Nanoseconds.ToString(measured.Nanoseconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
                Console.WriteLine($"  {measured.What,-56} {time,12} {measured.Unit,-12} {ratio,8}  {measured.Note}");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0} s"));
        return 0;
    }

    /// <summary>
    /// Nanoseconds of one run of <paramref name="work"/>, the best of <paramref name="turns"/> after a first that does not count.
    /// </summary>
    public static double Best(Action work, int turns = 5)
    {
        work();
        var best = double.MaxValue;
        for (var turn = 0; turn < turns; turn++)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best;
    }

    /// <summary>The methods of a BenchmarkDotNet class one after another, for those that have no quick measurement of their own.</summary>
    private static IEnumerable<Measured> MeasureBenchmarks(object instance)
    {
        const double ATurn = 50e6;
        foreach (var property in instance.GetType().GetProperties())
            if (property.GetCustomAttribute<ParamsAttribute>() is { } given) property.SetValue(instance, given.Values[0]);
        foreach (var setup in instance.GetType().GetMethods()
            .Where(method => method.GetCustomAttribute<GlobalSetupAttribute>() is not null))
            setup.Invoke(instance, null);
        double? baseline = null;
        foreach (var method in BenchmarksOf(instance.GetType())
            .OrderByDescending(method => method.GetCustomAttribute<BenchmarkAttribute>()!.Baseline))
        {
            // Invoked through a delegate of its own type: reflection would cost more than what is measured.
            var run = (Action)typeof(QuickMeasurements)
                .GetMethod(method.ReturnType == typeof(void) ? nameof(Bind) : nameof(BindResult),
                    BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethodIfNeeded(method.ReturnType)
                .Invoke(null, [instance, method])!;
            var runs = Math.Max(1, (int)(ATurn / Math.Max(Best(run, 3), 1)));
            var best = Best(() => Repeat(run, runs), 5) / runs;
            yield return new Measured(method.Name, best, "ns", baseline);
            if (method.GetCustomAttribute<BenchmarkAttribute>()!.Baseline) baseline = best;
        }
    }

    private static MethodInfo[] BenchmarksOf(Type type) =>
        [.. type.GetMethods()
            .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null && method.GetParameters().Length == 0)];

    private static MethodInfo MakeGenericMethodIfNeeded(this MethodInfo method, Type result) =>
        method.IsGenericMethodDefinition ? method.MakeGenericMethod(result) : method;

    private static Action Bind(object instance, MethodInfo method) => method.CreateDelegate<Action>(instance);

    private static Action BindResult<T>(object instance, MethodInfo method)
    {
        var run = method.CreateDelegate<Func<T>>(instance);
        return () => GC.KeepAlive(run());
    }

    private static void Repeat(Action run, int runs)
    {
        for (var i = 0; i < runs; i++) run();
    }

    private static bool GCSettings() => System.Runtime.GCSettings.IsServerGC;
}
