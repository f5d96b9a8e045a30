using System.Text.RegularExpressions;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>Names of databases that need no quoting and mean the same everywhere.</summary>
internal static partial class DatabaseName
{
    /// <exception cref="ArgumentException">The name is not 1 to 63 of <c>a-z 0-9 _</c>, a digit not first.</exception>
    public static string Demand(string name) => Form().IsMatch(name)
        ? name
        : throw new ArgumentException($"database name: expected 1 to 63 of a-z, 0-9 and _, not starting with a digit, found \"{name}\".");

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex Form();
}
