using System.ComponentModel;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// The operating system's user that an embedded server runs as. PostgreSQL refuses to run as root: then it is the user <c>postgres</c>,
/// else <c>nobody</c>. On Windows <c>pg_ctl</c> itself drops the rights of an administrator.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly Func<string, IEnumerable<string>, (string File, IEnumerable<string> Arguments)> wrap;

    private ServerAccount(string? name, Func<string, IEnumerable<string>, (string, IEnumerable<string>)> wrap)
    {
        Name = name;
        this.wrap = wrap;
    }

    /// <summary>The other user's name; null: the server runs as the user of this program.</summary>
    public string? Name { get; }

    public static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <exception cref="PostgreSqlUnavailableException">The user is root, and there is no other user or no way to become it.</exception>
    public static async Task<ServerAccount> FindAsync(CancellationToken cancellation)
    {
        if (!IsRoot)
            return new ServerAccount(null, (file, arguments) => (file, arguments));
        foreach (var name in (string[])["postgres", "nobody"])
        {
            foreach (var account in Ways(name))
            {
                // Asked rather than looked up: small systems have a setpriv or a su that knows less.
                if (await account.TryIdAsync(cancellation).ConfigureAwait(false) is > 0)
                    return account;
            }
        }

        throw new PostgreSqlUnavailableException(
            "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as by setpriv, runuser, su or sudo; " +
            "run this program as an ordinary user.");
    }

    /// <summary>Runs a program as this user. See <see cref="ExternalProgram.RunAsync"/>.</summary>
    public Task<ProgramResult> RunAsync(
        string file, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellation, string? input = null)
    {
        var call = wrap(file, arguments);
        return ExternalProgram.RunAsync(call.File, call.Arguments, timeout, cancellation, input);
    }

    /// <summary>Makes a folder this user's own and nobody else's.</summary>
    /// <exception cref="PostgreSqlUnavailableException">The user cannot reach the folder.</exception>
    public async Task OwnAsync(string folder, CancellationToken cancellation)
    {
        if (Name is null)
            return;
        var owned = await ExternalProgram.RunAsync("chown", [$"{Name}:", folder], AnswerTimeout, cancellation).ConfigureAwait(false);
        if (!owned.Succeeded)
            throw new PostgreSqlUnavailableException($"{folder} cannot be given to the user {Name}: {owned.Said}");
        var reached = await RunAsync("/bin/sh", ["-c", "cd \"$0\" && test -w .", folder], AnswerTimeout, cancellation)
            .ConfigureAwait(false);
        if (!reached.Succeeded)
        {
            throw new PostgreSqlUnavailableException(
                $"PostgreSQL does not run as root but as {Name}, and {Name} cannot reach {folder}; " +
                $"choose a data folder ({PostgreSqlOptions.DataVariable}) whose parents are open to all, as /var/lib/janusq-ledger is.");
        }
    }

    /// <summary>Writes a file that only this user (and root) can read.</summary>
    public async Task WriteSecretAsync(string path, string text, CancellationToken cancellation)
    {
        if (Name is null)
        {
            await PrivateFile.WriteAsync(path, text, cancellation).ConfigureAwait(false);
            return;
        }

        var written = await RunAsync("/bin/sh", ["-c", "umask 077 && cat > \"$0\"", path], AnswerTimeout, cancellation, text)
            .ConfigureAwait(false);
        if (!written.Succeeded)
            throw new PostgreSqlUnavailableException($"{path} cannot be written by the user {Name}: {written.Said}");
    }

    private static IEnumerable<ServerAccount> Ways(string name)
    {
        yield return Way("setpriv", [$"--reuid={name}", $"--regid={name}", "--init-groups", "--"]);
        // The group of nobody is nogroup on Debian.
        yield return Way("setpriv", [$"--reuid={name}", "--regid=nogroup", "--clear-groups", "--"]);
        yield return Way("runuser", ["-u", name, "--"]);
        yield return new ServerAccount(name, (file, arguments) =>
            ("su", ["-s", "/bin/sh", "-c", string.Join(' ', arguments.Prepend(file).Select(Quote)), name]));
        yield return Way("sudo", ["-n", "-u", name, "--"]);

        ServerAccount Way(string program, string[] first) =>
            new(name, (file, arguments) => (program, [.. first, file, .. arguments]));
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private async Task<int?> TryIdAsync(CancellationToken cancellation)
    {
        try
        {
            var result = await RunAsync("id", ["-u"], AnswerTimeout, cancellation).ConfigureAwait(false);
            return result.Succeeded && int.TryParse(result.Output.Trim(), out var id) ? id : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
