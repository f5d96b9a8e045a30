namespace JanusQ.Ledger.Cli.Tests;

/// <summary>A data folder for an embedded server, reachable for the user that the server runs as.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janusq-data-");

    public DataFolder()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "ledger");

    public void Dispose() => _folder.Delete(recursive: true);
}
