using System.CommandLine;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>The option that names risks of a database which are known and taken.</summary>
internal static class RiskOption
{
    /// <summary>The environment variable with the names, separated by commas, for when no argument gives any.</summary>
    public const string Variable = "JANUSQ_ACCEPT";

    private static readonly Dictionary<string, AcceptedRisks> Risks = new(StringComparer.Ordinal)
    {
        ["owner-connection"] = AcceptedRisks.OwnerConnection,
        ["volatile-server"] = AcceptedRisks.VolatileServer,
    };

    /// <summary>The option.</summary>
    public static Option<AcceptedRisks> Create() => new("--accept")
    {
        Description = $"A risk of the database that is known and taken: {string.Join(", ", Risks.Keys)}. Without it {Variable}, else none.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => Of(result.Tokens.Select(token => token.Value), result.AddError),
        DefaultValueFactory = result => Of([Environment.GetEnvironmentVariable(Variable) ?? ""], result.AddError),
        Recursive = true,
    };

    /// <summary>The name of a risk.</summary>
    public static string NameOf(AcceptedRisks risk) => Risks.Single(one => one.Value == risk).Key;

    private static AcceptedRisks Of(IEnumerable<string> names, Action<string> refuse)
    {
        var accepted = AcceptedRisks.None;
        foreach (var name in names.SelectMany(given => given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (Risks.TryGetValue(name, out var risk)) accepted |= risk;
            else refuse($"--accept '{name}' is no risk; there are {string.Join(", ", Risks.Keys)}.");
        }

        return accepted;
    }
}
