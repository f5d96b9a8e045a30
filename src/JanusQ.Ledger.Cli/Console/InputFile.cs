using System.Globalization;
using System.IO.Compression;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>A document from a file: its bytes, and the ref under which the run knows it.</summary>
/// <param name="Reference">The file's name; without <c>.gz</c> where the file is compressed.</param>
/// <param name="Bytes">The document's bytes, decompressed.</param>
internal sealed record InputFile(string Reference, byte[] Bytes)
{
    /// <summary>Largest document accepted, in bytes.</summary>
    public const long Limit = 512L << 20;

    /// <summary>Reads a file named by an option; <c>.gz</c> is decompressed.</summary>
    /// <exception cref="CliFailure">The file cannot be read or is too large.</exception>
    public static async Task<InputFile> ReadAsync(string option, string path, CancellationToken cancellation)
    {
        try
        {
            var source = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using var closing = source.ConfigureAwait(false);
            if (source.CanSeek && source.Length > Limit) throw TooLarge(option, path, source.Length.ToString(CultureInfo.InvariantCulture));
            var compressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            var name = Path.GetFileName(path);
            if (!compressed)
                return new InputFile(
                    name, await ReadAllAsync(source, option, path, source.CanSeek ? source.Length : 0, cancellation).ConfigureAwait(false));
            var unpacked = new GZipStream(source, CompressionMode.Decompress);
            await using var closingUnpacked = unpacked.ConfigureAwait(false);
            return new InputFile(
                name[..^3], await ReadAllAsync(unpacked, option, path, source.Length * 4, cancellation).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException
            or NotSupportedException or ArgumentException)
        {
            throw new CliFailure(ExitCode.Failed, "input_unreadable", $"{option} '{path}' cannot be read: {failure.Message}");
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream source, string option, string path, long expected, CancellationToken cancellation)
    {
        using var target = new MemoryStream((int)Math.Min(expected, Limit));
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (target.Length + read > Limit) throw TooLarge(option, path, "more");
            target.Write(buffer, 0, read);
        }

        return target.Length == target.Capacity ? target.GetBuffer() : target.ToArray();
    }

    private static CliFailure TooLarge(string option, string path, string size) => new(
        ExitCode.Failed,
        "input_too_large",
        $"{option} '{path}' holds {size} bytes; at most {Limit.ToString(CultureInfo.InvariantCulture)} are accepted.");
}
