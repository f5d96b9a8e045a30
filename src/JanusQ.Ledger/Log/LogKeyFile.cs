using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Log;

/// <summary>
/// Keys of a log in files (audit.md section 3, "Keys"): the signer key in one that only its owner can read, and beside it, with the ending
/// <c>.verifiers</c>, every verifier key that the log ever had, one a line, the oldest first. That file is what an auditor needs, and what
/// must not get lost when the key is replaced.
/// </summary>
public static class LogKeyFile
{
    /// <summary>Ending of the file with the verifier keys.</summary>
    public const string VerifiersEnding = ".verifiers";

    private const int LargestFile = 1 << 20;

    /// <summary>The file of verifier keys beside a key file.</summary>
    public static string VerifiersOf(string path) => path + VerifiersEnding;

    /// <summary>Reads a key file and the verifier keys beside it.</summary>
    /// <param name="path">The key file.</param>
    /// <param name="verifiers">The file of verifier keys; the one beside the key file if null.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RefusedException">
    /// <c>log_key_missing</c>, <c>log_key_unreadable</c>, or as <see cref="SignerKey.TryParse"/>, <see cref="VerifierKey.TryParse"/> and
    /// <see cref="LogKeyRing.TryMake"/> refuse. Never says anything of the secret.
    /// </exception>
    public static async Task<LogKeyRing> ReadAsync(string path, string? verifiers = null, CancellationToken cancellation = default)
    {
        if (!File.Exists(path)) throw Refuse(LogRefusals.KeyMissing, $"There is no key file {path}.");
        return Parse(await ReadTextAsync(path, cancellation), await ReadVerifiersAsync(verifiers ?? VerifiersOf(path), cancellation));
    }

    /// <summary>Reads a key from a secret that is no file.</summary>
    /// <param name="secret">The text of the signer key.</param>
    /// <param name="known">Verifier keys that the log had before.</param>
    /// <exception cref="RefusedException">As <see cref="ReadAsync"/>.</exception>
    public static LogKeyRing Parse(string secret, IEnumerable<VerifierKey> known)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return SignerKey.TryParse(secret.Trim(), out var signer, out var refusal)
            ? LogKeyRing.Of(signer, known)
            : throw new RefusedException(refusal);
    }

    /// <summary>The verifier keys of a file; none where it is not there.</summary>
    /// <exception cref="RefusedException">As <see cref="ReadAsync"/>.</exception>
    public static async Task<ImmutableArray<VerifierKey>> ReadVerifiersAsync(string path, CancellationToken cancellation = default)
    {
        if (!File.Exists(path)) return [];
        var keys = ImmutableArray.CreateBuilder<VerifierKey>();
        foreach (var line in (await ReadTextAsync(path, cancellation)).Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            keys.Add(VerifierKey.TryParse(line, out var key, out var refusal) ? key : throw new RefusedException(refusal));
        }

        return keys.ToImmutable();
    }

    /// <summary>Makes a key of random bytes and writes its files.</summary>
    /// <param name="path">The key file; nothing that is there is replaced.</param>
    /// <param name="origin">The key's name, which is the log's origin.</param>
    /// <param name="cancellation">Ends it before the key is written.</param>
    /// <exception cref="RefusedException">
    /// <c>log_key_exists</c>, or <c>log_origin_invalid</c> for a name with blanks or a plus.
    /// </exception>
    public static async Task<LogKeyRing> CreateAsync(string path, string origin, CancellationToken cancellation = default)
    {
        if (File.Exists(path)) throw Refuse("log_key_exists", $"There is a key in {path} already.");
        if (!NoteKeyName.IsValid(origin)) throw Refuse("log_origin_invalid", "An origin is not empty and holds no blanks and no plus.");
        return await WriteAsync(path, Draw(origin), await ReadVerifiersAsync(VerifiersOf(path), cancellation), cancellation);
    }

    /// <summary>
    /// Replaces a key by a new one of the same name. The old one is kept beside it with its id and the ending <c>.retired</c>, and stays
    /// among the verifier keys, so that what it signed is still good.
    /// </summary>
    /// <exception cref="RefusedException">As <see cref="ReadAsync"/>.</exception>
    public static async Task<LogKeyRing> RotateAsync(string path, CancellationToken cancellation = default)
    {
        using var old = await ReadAsync(path, null, cancellation);
        var retired = string.Create(CultureInfo.InvariantCulture, $"{path}.{old.Signer.Verifier.KeyId:x8}.retired");
        await PrivateFile.WriteAsync(retired, old.Signer.ToSecretText() + "\n", cancellation);
        return await WriteAsync(path, Draw(old.Origin), old.Known, cancellation);
    }

    private static SignerKey Draw(string origin)
    {
        Span<byte> seed = stackalloc byte[SignerKey.SeedSize];
        RandomNumberGenerator.Fill(seed);
        try
        {
            return SignerKey.FromSeed(origin, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The verifier keys first: a key that signed and that nobody can verify would be worse than one that never signed.</summary>
    private static async Task<LogKeyRing> WriteAsync(
        string path, SignerKey signer, IEnumerable<VerifierKey> known, CancellationToken cancellation)
    {
        var keys = LogKeyRing.Of(signer, known);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) PrivateFile.MakeFolder(folder);
        await PrivateFile.WriteAsync(VerifiersOf(path), string.Concat(keys.Known.Select(key => key + "\n")), cancellation);
        await PrivateFile.WriteAsync(path, signer.ToSecretText() + "\n", cancellation);
        return keys;
    }

    private static async Task<string> ReadTextAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile) throw Refuse("log_key_unreadable", $"{path} is too large to hold keys.");
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refuse("log_key_unreadable", $"{path} cannot be read: {failure.Message}");
        }
    }

    private static RefusedException Refuse(string code, string explanation) => new(new Refusal(code, explanation));
}
