using System.Reflection;

namespace JanusQ.Ledger.Hosting;

/// <summary>The version that a program of this build runs lanes as, unless it is told another.</summary>
public static class ProgramVersion
{
    /// <summary>The build's version, with the commit where the build knows it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
