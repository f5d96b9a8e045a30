using JanusQ.Ledger.Log;

namespace JanusQ.Ledger.Server.Tests.Deployment;

public sealed class SecretsTests
{
    private const string Origin = "ledger.example/composed";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_script_makes_a_key_that_the_log_is_signed_with_and_replaces_nothing()
    {
        SkipWithoutShell();
        using var secrets = new Secrets();
        Assert.Equal(new Ran(0, "", ""), await secrets.MakeAsync(Origin, Cancellation));
        var made = await AllAsync(secrets);
        string[] names = ["log_key", "log_key.verifiers", "owner_password", "owner_pgpass", "server_password", "server_pgpass"];
        Assert.Equal(names, made.Keys.Order(StringComparer.Ordinal));
        using var keys = await LogKeyFile.ReadAsync(secrets["log_key"], cancellation: Cancellation);
        Assert.Equal(Origin, keys.Origin);
        Assert.Equal(keys.Signer.Verifier, Assert.Single(await LogKeyFile.ReadVerifiersAsync(secrets["log_key.verifiers"], Cancellation)));
        Assert.Equal($"database:5432:*:janusq_server:{made["server_password"]}\n", made["server_pgpass"]);
        Assert.NotEqual(made["owner_password"], made["server_password"]);

        Assert.Equal(0, (await secrets.MakeAsync("another.example", Cancellation)).Code);
        Assert.Equal(made, await AllAsync(secrets));
    }

    [Fact]
    public async Task what_is_missing_is_made_beside_what_is_there()
    {
        SkipWithoutShell();
        using var secrets = new Secrets();
        await secrets.MakeAsync(Origin, Cancellation);
        var made = await AllAsync(secrets);
        File.Delete(secrets["log_key"]);
        Assert.Equal(0, (await secrets.MakeAsync(Origin, Cancellation)).Code);
        Assert.Equal(made["owner_password"], (await AllAsync(secrets))["owner_password"]);
        using var keys = await LogKeyFile.ReadAsync(secrets["log_key"], cancellation: Cancellation);
        Assert.StartsWith(made["log_key.verifiers"], (await AllAsync(secrets))["log_key.verifiers"], StringComparison.Ordinal);
        Assert.Equal(2, keys.Known.Length);
    }

    [Theory]
    [InlineData("ledger example")]
    [InlineData("ledger+example")]
    [InlineData("ledger\nexample")]
    [InlineData("lödger")]
    public async Task an_origin_that_names_no_key_makes_none(string origin)
    {
        SkipWithoutShell();
        using var secrets = new Secrets();
        var ran = await secrets.MakeAsync(origin, Cancellation);
        Assert.Equal(1, ran.Code);
        Assert.StartsWith("JANUSQ_LOG_ORIGIN", ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(secrets["log_key"]));
    }

    private static void SkipWithoutShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no shell to run the script.");

    private static async Task<Dictionary<string, string>> AllAsync(Secrets secrets)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(secrets.Folder))
            texts[Path.GetFileName(file)] = await File.ReadAllTextAsync(file, Cancellation);
        return texts;
    }
}
