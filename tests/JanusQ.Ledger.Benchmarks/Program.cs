using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Running;
using JanusQ.Ledger.Benchmarks;

// --quick                  every quick measurement of this assembly, as a table of ratios, in less than a minute
// <name> [parameter=value] a comparison that brings its own RunAsync, by its class name in kebab case or the beginning of it
// anything else            BenchmarkDotNet over the classes of this assembly (--filter '*', --list flat, ...)
if (args is ["--quick", ..]) return QuickMeasurements.Run(args.Length > 1 ? args[1] : "");

var comparisons = Assembly.GetExecutingAssembly().GetTypes()
    .Select(type => (Name: Kebab(type.Name), Method: type.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)))
    .Where(found => found.Method?.ReturnType == typeof(Task<int>))
    .ToArray();
var named = args.Length == 0 ? [] : comparisons.Where(found => found.Name.StartsWith(args[0], StringComparison.Ordinal)).ToArray();
if (named is [var chosen]) return await (Task<int>)chosen.Method!.Invoke(null, Arguments(chosen.Method, args[1..]))!;
if (args is [] or ["--help"])
{
    Console.WriteLine("--quick, a BenchmarkDotNet filter (--filter '*'), or one of: "
        + string.Join(", ", comparisons.Select(found => found.Name)));
    return args.Length == 0 ? 64 : 0;
}

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;

static string Kebab(string name) => Regex.Replace(name, "(?<!^)([A-Z])", "-$1").ToLowerInvariant();

static object?[] Arguments(MethodInfo method, string[] given)
{
    var values = given.Select(text => text.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "true", StringComparer.Ordinal);
    var arguments = method.GetParameters().Select(parameter => !values.Remove(parameter.Name!, out var text)
        ? parameter.DefaultValue
        : Convert.ChangeType(text, parameter.ParameterType, CultureInfo.InvariantCulture)).ToArray();
    if (values.Count == 0) return arguments;
    var known = string.Join(", ", method.GetParameters().Select(parameter => parameter.Name));
    throw new ArgumentException($"Unknown: {string.Join(", ", values.Keys)}. Known: {known}.");
}
