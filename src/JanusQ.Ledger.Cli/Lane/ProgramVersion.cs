using System.Reflection;

namespace JanusQ.Ledger.Cli.Lane;

/// <summary>The version that this program runs lanes as, unless it is told another.</summary>
internal static class ProgramVersion
{
    /// <summary>This program's version, with the commit where the build knows it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
