using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace JanusQ.Ledger.Benchmarks;

/// <summary>A line of the quick table: a time for one piece of work, against a baseline where there is one.</summary>
internal sealed record Measured(string What, double Nanoseconds, string Unit, double? Baseline = null, string Note = "");

/// <summary>Short in-process measurements of a benchmark class; found by <see cref="QuickMeasurements"/>.</summary>
internal interface IQuickMeasurement
{
    IEnumerable<Measured> Measure();
}

/// <summary>Runs every quick measurement of the assembly and prints the table. Best of several turns: other processes only ever add time.</summary>
internal static class QuickMeasurements
{
    public static int Run(string filter)
    {
        var watch = Stopwatch.StartNew();
        Console.WriteLine($"{Environment.ProcessorCount} processors, {(GCSettings() ? "server" : "workstation")} GC, .NET {Environment.Version}; best of several turns");
        Console.WriteLine($"{"",-58} {"time",12} {"",-12} {"ratio",8}");
        foreach (var type in Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsClass && typeof(IQuickMeasurement).IsAssignableFrom(type)).OrderBy(type => type.Name))
        {
            if (!type.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)) continue;
            Console.WriteLine(type.Name);
            foreach (var measured in ((IQuickMeasurement)Activator.CreateInstance(type)!).Measure())
            {
                var ratio = measured.Baseline is { } baseline ? (measured.Nanoseconds / baseline).ToString("0.00", CultureInfo.InvariantCulture) : "";
                var time = measured.Nanoseconds.ToString(measured.Nanoseconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
                Console.WriteLine($"  {measured.What,-56} {time,12} {measured.Unit,-12} {ratio,8}  {measured.Note}");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0} s"));
        return 0;
    }

    /// <summary>Nanoseconds of one run of <paramref name="work"/>, the best of <paramref name="turns"/> after a first that does not count.</summary>
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

    private static bool GCSettings() => System.Runtime.GCSettings.IsServerGC;
}
