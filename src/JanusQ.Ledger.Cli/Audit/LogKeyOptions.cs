using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;
using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// Where the key of the transparency log comes from: a file, a secret in the environment, or, for the program's own server, a key that it
/// makes on first use and keeps beside it. What is signed is remembered beside the key's file.
/// </summary>
internal sealed class LogKeyOptions
{
    /// <summary>The environment variable with the path of the key file.</summary>
    public const string FileVariable = "JANUSQ_LOG_KEY_FILE";

    /// <summary>The environment variable with the key itself.</summary>
    public const string SecretVariable = "JANUSQ_LOG_KEY";

    /// <summary>The environment variable with the path of the file of verifier keys.</summary>
    public const string VerifiersVariable = "JANUSQ_LOG_VERIFIERS";

    /// <summary>The environment variable with the path of the file that remembers what was signed last.</summary>
    public const string MemoryVariable = "JANUSQ_LOG_MEMORY";

    private const string OwnKeyFile = "log.key";
    private const string MemoryEnding = ".signed";

    private readonly Option<string?> _key = new("--log-key")
    {
        Description = $"File with the log's signer key. Without it {FileVariable}, else the key itself in {SecretVariable}, else one of "
            + "the program's own where it runs its own server.",
    };

    private readonly Option<string?> _verifiers = new("--log-verifiers")
    {
        Description = $"File with every verifier key that the log ever had. Without it {VerifiersVariable}, else the one beside the key's "
            + "file.",
    };

    /// <summary>The option that names the key to sign with.</summary>
    public Option Key => _key;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_key);
        command.Options.Add(_verifiers);
    }

    /// <summary>How the log is kept.</summary>
    /// <exception cref="RefusedException"><c>log_key_missing</c>, or as <see cref="LogKeyFile.ReadAsync"/> refuses.</exception>
    public async Task<LogOptions> ReadAsync(
        ParseResult parsed, Terminal terminal, PostgreSqlServerFacts server, CancellationToken cancellation)
    {
        var verifiers = parsed.GetValue(_verifiers) ?? Variable(VerifiersVariable);
        var file = parsed.GetValue(_key) ?? Variable(FileVariable);
        if (file is not null) return With(await LogKeyFile.ReadAsync(file, verifiers, cancellation).ConfigureAwait(false), file);
        if (Variable(SecretVariable) is { } secret)
        {
            var known = verifiers is null ? [] : await LogKeyFile.ReadVerifiersAsync(verifiers, cancellation).ConfigureAwait(false);
            return With(LogKeyFile.Parse(secret, known), null);
        }

        if (server.LedgerFolder is not { } folder)
        {
            throw new RefusedException(new Refusal(
                LogRefusals.KeyMissing,
                $"There is no key to sign with: name its file with --log-key or {FileVariable}, or put the key itself into {SecretVariable}"
                + ". 'janusq audit keygen' makes one."));
        }

        var own = Path.Combine(folder, OwnKeyFile);
        if (File.Exists(own)) return With(await LogKeyFile.ReadAsync(own, verifiers, cancellation).ConfigureAwait(false), own);
        var origin = $"janusq.local/{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var keys = await LogKeyFile.CreateAsync(own, origin, cancellation).ConfigureAwait(false);
        terminal.Notice($"made a key for the transparency log in {own}; its verifier key is {keys.Signer.Verifier}");
        return With(keys, own);
    }

    /// <summary>Every verifier key of the log that the operator's settings name; none where they name none.</summary>
    /// <exception cref="RefusedException">As <see cref="LogKeyFile.ReadVerifiersAsync"/> refuses.</exception>
    public static async Task<(string File, ImmutableArray<VerifierKey> Keys)> ReadVerifiersAsync(
        PostgreSqlServerFacts server, CancellationToken cancellation)
    {
        var file = VerifiersFile(null, null, server);
        return file is null ? ("", []) : (file, await LogKeyFile.ReadVerifiersAsync(file, cancellation).ConfigureAwait(false));
    }

    /// <summary>The verifier keys alone, for what signs nothing.</summary>
    /// <exception cref="RefusedException"><c>log_key_missing</c>, or as <see cref="LogKeyFile.ReadVerifiersAsync"/> refuses.</exception>
    public Task<ImmutableArray<VerifierKey>> ReadVerifiersAsync(
        ParseResult parsed, PostgreSqlServerFacts server, CancellationToken cancellation)
    {
        return VerifiersFile(parsed.GetValue(_key), parsed.GetValue(_verifiers), server) is { } file
            ? LogKeyFile.ReadVerifiersAsync(file, cancellation)
            : throw new RefusedException(new Refusal(
                LogRefusals.KeyMissing, $"Name the file of the log's verifier keys with --log-verifiers or {VerifiersVariable}."));
    }

    /// <summary>The verifier keys that are named for themselves; none where none are.</summary>
    /// <exception cref="RefusedException">As <see cref="LogKeyFile.ReadVerifiersAsync"/> refuses.</exception>
    public async Task<IReadOnlyList<VerifierKey>?> FindVerifiersAsync(ParseResult parsed, CancellationToken cancellation) =>
        (parsed.GetValue(_verifiers) ?? Variable(VerifiersVariable)) is { } file
            ? await LogKeyFile.ReadVerifiersAsync(file, cancellation).ConfigureAwait(false)
            : null;

    /// <summary>The file of verifier keys: named itself, or beside the key's file, or beside the key of the program's own server.</summary>
    private static string? VerifiersFile(string? key, string? verifiers, PostgreSqlServerFacts server)
    {
        if ((verifiers ?? Variable(VerifiersVariable)) is { } named) return named;
        var own = server.LedgerFolder is { } folder ? Path.Combine(folder, OwnKeyFile) : null;
        return (key ?? Variable(FileVariable) ?? own) is { } file ? LogKeyFile.VerifiersOf(file) : null;
    }

    private static LogOptions With(LogKeyRing keys, string? keyFile) =>
        new() { Keys = keys, MemoryFile = Variable(MemoryVariable) ?? (keyFile is null ? null : keyFile + MemoryEnding) };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
