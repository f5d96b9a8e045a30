using System.Security.Cryptography;
using System.Text.Json;
using JanusQ.Ledger.Client.Contracts;

namespace JanusQ.Ledger.Client;

/// <content>
/// What takes a server long: it is asked once, and gives up when the wait ends. The timeout of the client's <see cref="HttpClient"/> bounds
/// the wait.
/// </content>
public sealed partial class LedgerClient
{
    private const string Aside = ".janusq-part";
    private const string ZipType = "application/zip";

    /// <summary>
    /// Has the server verify its ledger. The report is the server's own word; <see cref="ExportBundleAsync"/> gives what can be verified
    /// without believing it.
    /// </summary>
    public Task<JsonElement> AuditAsync(AuditRequest request, CancellationToken cancellation = default) =>
        _once.SendAsync(HttpMethod.Post, "v1/audits", () => Uploads.Json(request), null, Read<JsonElement>, Json, cancellation);

    /// <summary>
    /// Exports a bundle into a file: the very bytes that <c>audit export</c> writes on the database. They are written aside and moved to
    /// their place once they are whole; what breaks off leaves nothing.
    /// </summary>
    /// <param name="request">What it is to hold.</param>
    /// <param name="path">The file, over one that is there.</param>
    /// <param name="inspect">Looks at the whole file before it is moved to its place; what it throws keeps it from there.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LedgerProblemException">The server refused it.</exception>
    /// <exception cref="InvalidDataException">Other bytes came than the server says that it sent.</exception>
    /// <exception cref="IOException">The file cannot be written, or the answer broke off (<see cref="HttpIOException"/>).</exception>
    public async Task ExportBundleAsync(
        ExportBundleRequest request,
        string path,
        Func<string, CancellationToken, Task>? inspect = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(path);
        var aside = path + Aside;
        var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        try
        {
            await using (file.ConfigureAwait(false))
            {
                await DownloadAsync(request, file, cancellation).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            if (inspect is not null) await inspect(aside, cancellation).ConfigureAwait(false);
            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Makes projections anew from the events, or only says what differs.</summary>
    public Task<JsonElement> RebuildProjectionsAsync(RebuildRequest request, CancellationToken cancellation = default) => _once.SendAsync(
        HttpMethod.Post, "v1/projections/rebuild", () => Uploads.Json(request), null, Read<JsonElement>, Json, cancellation);

    /// <summary>Everything in which the server's database is not what its program expects.</summary>
    public Task<JsonElement> ShowSchemaDifferencesAsync(CancellationToken cancellation = default) =>
        GetAsync("v1/schema/differences", cancellation);

    // What the connection does is told apart from what the disk does.
    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (IOException broken) when (broken is not HttpIOException)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, broken.Message, broken);
        }
    }

    private async Task DownloadAsync(ExportBundleRequest request, Stream file, CancellationToken cancellation)
    {
        using var answer = await _once.OpenAsync(
            HttpMethod.Post, "v1/bundles", () => Uploads.Json(request), ZipType, [], cancellation).ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var reading = body.ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await ReadAsync(body, buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }

        var digest = Uploads.DigestOf(hash);
        if (!answer.Headers.TryGetValues(Uploads.DigestHeader, out var said)
            && !answer.Content.Headers.TryGetValues(Uploads.DigestHeader, out said))
            throw new InvalidDataException("The server did not say what the bundle hashes to.");
        if (!string.Equals(string.Join(", ", said), digest, StringComparison.Ordinal))
            throw new InvalidDataException("Other bytes came than the server says that it sent.");
    }
}
