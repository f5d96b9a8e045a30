using System.Security.Cryptography;
using JanusQ.Ledger.Bundles;
using JanusQ.Ledger.Hosting;
using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Work;

namespace JanusQ.Ledger.Server.Audits;

/// <summary>
/// A bundle. It is made whole before the first byte is sent: a zip is written back and forth, and what is refused is still told as a
/// problem then. Its file is nobody's but the server's, and gone once it is sent.
/// </summary>
/// <param name="order">What is to be in it.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="settings">Where it is made.</param>
/// <param name="places">How many are made at a time.</param>
internal sealed class BundleAnswer(ExportOrder order, LedgerHost ledger, ServerSettings settings, WorkPlaces places) : IResult
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/zip";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        return places.RunAsync(httpContext, async cancellation =>
        {
            var folder = MakeFolder();
            try
            {
                var path = Path.Combine(folder, "bundle.zip");
                await order.WriteAsync(ledger, path, () => OperatorKeys.DemandAsync(ledger, settings, cancellation), null, cancellation)
                    .ConfigureAwait(false);
                await SendAsync(httpContext, path, cancellation).ConfigureAwait(false);
                return true;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static async Task SendAsync(HttpContext context, string path, CancellationToken cancellation)
    {
        var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var closing = file.ConfigureAwait(false);
        var hash = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
        file.Position = 0;
        var response = context.Response;
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentDisposition = "attachment; filename=\"bundle.zip\"";
        response.Headers["Content-Digest"] = $"sha-256=:{Convert.ToBase64String(hash)}:";
        response.ContentType = MediaType;
        response.ContentLength = file.Length;
        await file.CopyToAsync(response.Body, cancellation).ConfigureAwait(false);
    }

    private string MakeFolder()
    {
        var path = Path.Combine(settings.ExportFolder ?? Path.GetTempPath(), $"janusq-export-{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
        return path;
    }
}
