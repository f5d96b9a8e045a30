using JanusQ.Ledger.PostgreSql;

namespace JanusQ.Ledger.Tests.PostgreSql;

/// <summary>A data folder of one test, that the user the server runs as can reach.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    public DataFolder()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"janusq-test-{Guid.NewGuid():N}"[..24]);
        PrivateFile.MakeFolder(Path, passThrough: ServerAccount.IsRoot);
        Options = new PostgreSqlOptions { Order = [PostgreSqlOrigin.Embedded], DataFolder = Path };
    }

    public string Path { get; }

    public PostgreSqlOptions Options { get; }

    public string Cluster => System.IO.Path.Combine(Path, "postgresql");

    public string Server => System.IO.Path.Combine(Cluster, "server");

    public string Data => System.IO.Path.Combine(Server, "data");

    public Task<PostgreSqlLease> AcquireAsync() => PostgreSqlSource.AcquireAsync(Options, TestContext.Current.CancellationToken);

    /// <summary>Stops what a failed or killing test left.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await PostgreSqlSource.StopAsync(Options with { StartTimeout = TimeSpan.FromSeconds(10) });
        }
        finally
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
