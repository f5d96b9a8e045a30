using JanusQ.Ledger.Testing;

namespace JanusQ.Ledger.Server.Tests.Deployment;

/// <summary>Secrets of a composed system in a folder of their own, made as an operator makes them.</summary>
internal sealed class Secrets : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janusq-deploy-");

    /// <summary>The folder.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The file of one of them.</summary>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Makes those that are not there.</summary>
    public async Task<Ran> MakeAsync(string origin, CancellationToken cancellation)
    {
        var script = Path.Combine(RepositoryFiles.Root, "deploy", "make-secrets.sh");
        var environment = new Dictionary<string, string> { ["JANUSQ_DEPLOY_SECRETS"] = Folder, ["JANUSQ_LOG_ORIGIN"] = origin };
        return await OutsideProgram.TryRunAsync("sh", [script], environment, cancellation)
            ?? throw new InvalidOperationException("There is no sh.");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
