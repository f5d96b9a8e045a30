using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Tests.Log;

public sealed class LogKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janusq-keys-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(_folder.FullName, "keys", "log.key");

    [Fact]
    public async Task a_new_key_is_read_again_and_only_its_owner_can_read_it()
    {
        using var made = await LogKeyFile.CreateAsync(KeyFile, ALog.Origin, Cancellation);
        using var read = await LogKeyFile.ReadAsync(KeyFile, null, Cancellation);
        Assert.Equal((ALog.Origin, made.Signer.Verifier), (read.Origin, read.Signer.Verifier));
        Assert.Equal([made.Signer.Verifier], read.Known);
        Assert.Equal(made.Signer.Verifier + "\n", await File.ReadAllTextAsync(KeyFile + ".verifiers", Cancellation));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        using var other = await LogKeyFile.CreateAsync(KeyFile + "2", ALog.Origin, Cancellation);
        Assert.NotEqual(made.Signer.Verifier, other.Signer.Verifier);
        using var secret = LogKeyFile.Parse(await File.ReadAllTextAsync(KeyFile, Cancellation), []);
        Assert.Equal(made.Signer.Verifier, secret.Signer.Verifier);
    }

    [Fact]
    public async Task a_key_is_replaced_and_the_old_one_stays_known()
    {
        using var first = await LogKeyFile.CreateAsync(KeyFile, ALog.Origin, Cancellation);
        using var second = await LogKeyFile.RotateAsync(KeyFile, Cancellation);
        using var third = await LogKeyFile.RotateAsync(KeyFile, Cancellation);
        using var read = await LogKeyFile.ReadAsync(KeyFile, null, Cancellation);
        Assert.Equal(third.Signer.Verifier, read.Signer.Verifier);
        Assert.Equal([first.Signer.Verifier, second.Signer.Verifier, third.Signer.Verifier], read.Known);
        using var retired = await LogKeyFile.ReadAsync(
            $"{KeyFile}.{first.Signer.Verifier.KeyId:x8}.retired", KeyFile + ".verifiers", Cancellation);
        Assert.Equal(first.Signer.Verifier, retired.Signer.Verifier);
    }

    [Fact]
    public async Task what_is_no_key_of_the_log_is_refused_by_name_and_without_its_secret()
    {
        Assert.Equal("log_key_missing", await NameAsync(() => LogKeyFile.ReadAsync(KeyFile, null, Cancellation)));
        Assert.Equal("log_key_missing", await NameAsync(() => LogKeyFile.RotateAsync(KeyFile, Cancellation)));
        Assert.Equal("log_origin_invalid", await NameAsync(() => LogKeyFile.CreateAsync(KeyFile, "two words", Cancellation)));
        using var made = await LogKeyFile.CreateAsync(KeyFile, ALog.Origin, Cancellation);
        Assert.Equal("log_key_exists", await NameAsync(() => LogKeyFile.CreateAsync(KeyFile, ALog.Origin, Cancellation)));
        Assert.Equal("log_key_foreign", NameOf(() => LogKeyRing.Of(ALog.Key(1), ALog.Key(2, "other.example").Verifier)));
        using var witness = SignerKey.FromSeed(ALog.Origin, new byte[32], NoteSignatureType.Ed25519Cosignature);
        Assert.Equal("log_key_unsuitable", NameOf(() => LogKeyRing.Of(witness)));
        var secret = made.Signer.ToSecretText();
        var malformed = Assert.Throws<RefusedException>(() => LogKeyFile.Parse(secret[..^3], []));
        Assert.DoesNotContain(secret[^30..^4], malformed.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(KeyFile + ".verifiers", "# known\n\nno key\n", Cancellation);
        Assert.Equal("verifier_key_malformed", await NameAsync(() => LogKeyFile.ReadAsync(KeyFile, null, Cancellation)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> NameAsync(Func<Task> work) => (await Assert.ThrowsAsync<RefusedException>(work)).Refusal.Code;

    private static string NameOf(Func<object> work) => Assert.Throws<RefusedException>(work).Refusal.Code;
}
