namespace JanusQ.Ledger.Architecture.Tests;

/// <summary>
/// The core reads no clock, disk, network, environment, culture or time zone and draws nothing at random: from its compiled references.
/// </summary>
public class PureCoreTests
{
    private static readonly string[] ForbiddenNamespaces =
    [
        "System.Net", "System.IO.Pipes", "System.IO.MemoryMappedFiles", "System.IO.IsolatedStorage", "System.Data", "System.Diagnostics",
            "Microsoft.Win32",
        "System.Timers", "System.Runtime.Loader",
    ];

    /// <summary>Of System.IO: readers and writers over memory, and the exceptions.</summary>
    private static readonly HashSet<string> AllowedInputOutput = ["System.IO.StringReader", "System.IO.TextReader", "System.IO.Stream",
        "System.IO.InvalidDataException"];

    private static readonly HashSet<string> ForbiddenTypes =
    [
        "System.Random", "System.Console", "System.TimeZoneInfo", "System.TimeZone", "System.TimeProvider", "System.AppContext",
            "System.AppDomain", "System.Threading.Timer",
        "System.Threading.PeriodicTimer", "System.Security.Cryptography.RandomNumberGenerator", "System.Diagnostics.Stopwatch",
            "System.Reflection.Assembly", "System.GC",
        "System.Runtime.InteropServices.NativeLibrary", "NSec.Cryptography.RandomGenerator",
    ];

    private static readonly HashSet<MemberUse> ForbiddenMembers =
    [
        new("System.DateTime", "get_Now"), new("System.DateTime", "get_UtcNow"), new("System.DateTime", "get_Today"),
            new("System.DateTime", "ToLocalTime"),
        new("System.DateTimeOffset", "get_Now"), new("System.DateTimeOffset", "get_UtcNow"), new("System.DateTimeOffset", "ToLocalTime"),
        new("System.DateTimeOffset", "get_LocalDateTime"), new("System.Guid", "NewGuid"), new("System.Guid", "CreateVersion7"),
        new("System.Globalization.CultureInfo", "get_CurrentCulture"), new("System.Globalization.CultureInfo", "get_CurrentUICulture"),
        new("System.Globalization.CultureInfo", "GetCultureInfo"), new("System.Globalization.CultureInfo", ".ctor"),
        new("System.Threading.Thread", "get_CurrentThread"), new("System.String", "ToLower"), new("System.String", "ToUpper"),
            new("System.StringComparer", "get_CurrentCulture"),

        // Both draw a new key at random; the core only takes keys over.
        new("NSec.Cryptography.Key", ".ctor"), new("NSec.Cryptography.Key", "Create"),
    ];

    /// <summary>
    /// The number of processors only decides how many threads work at once; the artifacts' tests prove that no byte depends on it.
    /// </summary>
    /// <remarks>
    /// The compiler's iterators ask for the thread that they were made on, to know whether they can be their own enumerator.
    /// </remarks>
    private static readonly HashSet<string> AllowedOfEnvironment = ["", "get_ProcessorCount", "get_CurrentManagedThreadId"];

    [Fact]
    public void the_core_refers_to_nothing_impure() =>
        Assert.Empty(MemberUses.Of("JanusQ.Ledger.Core").Where(IsImpure).Except(UninitializedMemory).Select(Spell));

    [Fact]
    public void the_check_would_see_a_clock_and_a_disk()
    {
        // The ledger itself has both at its edges, so the same reading must find them there.
        var uses = MemberUses.Of("JanusQ.Ledger");
        Assert.Contains(new MemberUse("System.TimeProvider", "get_System"), uses);
        Assert.Contains(uses.Where(IsImpure), use => use.Type == "System.IO.File");
    }

    /// <summary>Room for bytes, which nobody can observe.</summary>
    private static readonly MemberUse[] UninitializedMemory = [new("System.GC", ""), new("System.GC", "AllocateUninitializedArray")];

    private static bool IsImpure(MemberUse use) =>
        ForbiddenMembers.Contains(use)
        || ForbiddenTypes.Contains(use.Type)
        || (use.Type == "System.Environment" && !AllowedOfEnvironment.Contains(use.Member))
        || (use.Type.StartsWith("System.IO.", StringComparison.Ordinal) && !AllowedInputOutput.Contains(use.Type))
        || (ForbiddenNamespaces.Any(space => use.Type.StartsWith(space + ".", StringComparison.Ordinal))
            && !use.Type.StartsWith("System.Diagnostics.CodeAnalysis.", StringComparison.Ordinal)
            && !use.Type.StartsWith("System.Diagnostics.Debug", StringComparison.Ordinal)
            && use.Type is not ("System.Diagnostics.UnreachableException" or "System.Diagnostics.StackTraceHiddenAttribute"));

    private static string Spell(MemberUse use) => use.Member.Length == 0 ? use.Type : $"{use.Type}.{use.Member}";
}
