using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>PostgreSQL's own programs in one folder of this machine.</summary>
/// <param name="Folder">The folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
/// <param name="Major">Major version, for instance 15.</param>
/// <param name="Version">The version as <c>postgres --version</c> says it, for instance <c>15.18</c>.</param>
internal sealed partial record PostgreSqlPrograms(string Folder, int Major, string Version)
{
    public const int OldestMajor = 15;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    public string InitDb => In("initdb");

    public string PgCtl => In("pg_ctl");

    public string Postgres => In("postgres");

    /// <summary>All that this machine has, newest first, whatever their age; each folder once.</summary>
    /// <param name="folders">Where to look; null: PATH, <c>pg_config --bindir</c> and the usual folders.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static async Task<IReadOnlyList<PostgreSqlPrograms>> FindAsync(IReadOnlyList<string>? folders, CancellationToken cancellation)
    {
        var found = new Dictionary<string, PostgreSqlPrograms>(StringComparer.Ordinal);
        foreach (var candidate in folders ?? await UsualFoldersAsync(cancellation).ConfigureAwait(false))
        {
            if (RealFolder(candidate) is not { } folder || found.ContainsKey(folder))
                continue;
            if (await ReadVersionAsync(folder, cancellation).ConfigureAwait(false) is { } programs)
                found.Add(folder, programs);
        }

        return [.. found.Values.OrderByDescending(programs => programs.Major).ThenByDescending(programs => programs.Minor)];
    }

    private int Minor => VersionForm().Match(Version) is { Success: true } match && match.Groups[2].Success
        ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    private string In(string program) => Path.Combine(Folder, FileName(program));

    private static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    // A link on PATH stands alone: the programs find each other, and their library files, from where they really are.
    private static string? RealFolder(string candidate)
    {
        try
        {
            var initDb = new FileInfo(Path.Combine(candidate, FileName("initdb")));
            if (!initDb.Exists)
                return null;
            var folder = Path.GetDirectoryName((initDb.ResolveLinkTarget(returnFinalTarget: true) ?? initDb).FullName)!;
            return File.Exists(Path.Combine(folder, FileName("pg_ctl"))) && File.Exists(Path.Combine(folder, FileName("postgres")))
                ? folder
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task<PostgreSqlPrograms?> ReadVersionAsync(string folder, CancellationToken cancellation)
    {
        var result = await TryRunAsync(Path.Combine(folder, FileName("postgres")), "--version", cancellation).ConfigureAwait(false);
        if (result is null || VersionForm().Match(result) is not { Success: true } match)
            return null;
        return new PostgreSqlPrograms(folder, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Value);
    }

    private static async Task<IReadOnlyList<string>> UsualFoldersAsync(CancellationToken cancellation)
    {
        var folders = new List<string>((Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (await TryRunAsync("pg_config", "--bindir", cancellation).ConfigureAwait(false) is { } bin)
            folders.Add(bin.Trim());
        foreach (var (parent, pattern) in (ReadOnlySpan<(string, string)>)
        [
            ("/usr/lib/postgresql", "*"),
            ("/usr", "pgsql-*"),
            ("/opt/homebrew/opt", "postgresql*"),
            ("/usr/local/opt", "postgresql*"),
            ("/Library/PostgreSQL", "*"),
            ("/Applications/Postgres.app/Contents/Versions", "*"),
            (Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*"),
        ])
        {
            if (Path.IsPathRooted(parent) && Directory.Exists(parent))
                folders.AddRange(Directory.GetDirectories(parent, pattern).Select(version => Path.Combine(version, "bin")));
        }

        folders.Add("/usr/local/pgsql/bin");
        return folders;
    }

    private static async Task<string?> TryRunAsync(string program, string argument, CancellationToken cancellation)
    {
        try
        {
            var result = await ExternalProgram.RunAsync(program, [argument], AnswerTimeout, cancellation).ConfigureAwait(false);
            return result.Succeeded ? result.Output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(\d+)(?:\.(\d+))?(?:\.\d+)*(?:(?:devel|alpha|beta|rc)\d*)?", RegexOptions.CultureInvariant)]
    private static partial Regex VersionForm();
}
