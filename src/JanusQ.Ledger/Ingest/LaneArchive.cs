using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;

namespace JanusQ.Ledger.Ingest;

/// <summary>How much an archive of a finished lane may hold.</summary>
public sealed record LaneArchiveLimits
{
    /// <summary>Bytes of the archive itself at most.</summary>
    public long Archive { get; init; } = 64L << 20;

    /// <summary>Entries at most, folders included.</summary>
    public int Entries { get; init; } = CommandValidation.MostArtifacts + 64;

    /// <summary>Bytes of one file at most, unpacked.</summary>
    public long File { get; init; } = 128L << 20;

    /// <summary>Bytes of all files together at most, unpacked.</summary>
    public long Unpacked { get; init; } = 256L << 20;
}

/// <summary>
/// The zip of a finished lane, read by somebody who trusts nobody: only paths that stay inside, each once, nothing encrypted, no links, and
/// never more bytes than the limits allow, whatever the archive says of itself. Nothing is ever unpacked to disk.
/// </summary>
public static class LaneArchive
{
    private const uint EndSignature = 0x06054b50;
    private const uint EntrySignature = 0x02014b50;
    private const int EndSize = 22;
    private const int EntrySize = 46;
    private const int LongestComment = ushort.MaxValue;
    private const int FileTypeMask = 0xF000;
    private const int SymbolicLink = 0xA000;

    /// <summary>Reads the files of a finished lane from an archive and checks them.</summary>
    /// <param name="zip">The archive.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <exception cref="RefusedException">
    /// <c>lane_archive_invalid</c>, <c>lane_archive_path_invalid</c>, <c>lane_archive_path_repeated</c>,
    /// <c>lane_archive_too_many_entries</c>, <c>lane_archive_too_large</c>, <c>lane_layout_invalid</c>, and
    /// what <see cref="FinishedLane.Read"/> refuses.
    /// </exception>
    public static FinishedLane Read(ReadOnlyMemory<byte> zip, LaneArchiveLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (zip.Length > limits.Archive) throw TooLarge(null, "the archive", limits.Archive);
        var files = ReadFiles(zip, limits);
        var layout = LaneLayout.Of(files.Keys, files.GetValueOrDefault(LaneLayout.Arguments), []);
        return FinishedLane.Read(
            layout.Emitted.ToDictionary(file => file.Key, file => new DocumentContent(files[file.Value]), StringComparer.Ordinal),
            layout.Inputs.Select(input => new LaneInputDocument(input.Name, input.Ref, new DocumentContent(files[input.Path]))));
    }

    private static Dictionary<string, byte[]> ReadFiles(ReadOnlyMemory<byte> zip, LaneArchiveLimits limits)
    {
        CountEntries(zip.Span, limits.Entries);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using var stream = new MemoryStream(zip.ToArray(), writable: false);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var entries = archive.Entries.Where(entry => !IsFolder(entry)).ToArray();

            // What the archive says of itself costs nothing to check; what it really holds is counted while it is unpacked.
            foreach (var entry in entries) Check(entry, files, limits);
            if (entries.Sum(entry => entry.Length) > limits.Unpacked) throw TooLarge(null, "all files together", limits.Unpacked);
            var left = limits.Unpacked;
            foreach (var entry in entries)
            {
                var bytes = Unpack(entry, left, limits);
                left -= bytes.Length;
                files[entry.FullName] = bytes;
            }
        }
        catch (Exception failure) when (
            failure is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException or IOException
                or OverflowException)
        {
            throw NoArchive("it cannot be unpacked");
        }

        return files;
    }

    private static void Check(ZipArchiveEntry entry, Dictionary<string, byte[]> files, LaneArchiveLimits limits)
    {
        var path = entry.FullName;
        if (!CommandValidation.IsArtifactPath(path))
        {
            throw Refuse(
                "lane_archive_path_invalid", "An entry's path is not relative, does not stay inside, or is no path of a lane's file.",
                Shown(path));
        }

        if (!files.TryAdd(path, []))
            throw Refuse("lane_archive_path_repeated", $"The archive holds '{path}' more than once.", path);
        if (entry.IsEncrypted) throw Refuse("lane_archive_invalid", $"'{path}' is encrypted.", path);
        if (((entry.ExternalAttributes >> 16) & FileTypeMask) == SymbolicLink)
            throw Refuse("lane_archive_path_invalid", $"'{path}' is a symbolic link.", path);
        if (entry.Length > limits.File) throw TooLarge(path, $"'{path}'", limits.File);
    }

    private static byte[] Unpack(ZipArchiveEntry entry, long left, LaneArchiveLimits limits)
    {
        var path = entry.FullName;
        using var unpacking = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = unpacking.Read(buffer)) > 0)
        {
            if (bytes.Length + read > limits.File) throw TooLarge(path, $"'{path}'", limits.File);
            if (bytes.Length + read > left) throw TooLarge(path, "all files together", limits.Unpacked);
            bytes.Write(buffer, 0, read);
        }

        // The library stops at the size that the entry says of itself and does not look at its checksum.
        var unpacked = bytes.ToArray();
        return unpacked.Length == entry.Length && Crc32.HashToUInt32(unpacked) == entry.Crc32
            ? unpacked
            : throw Refuse("lane_archive_invalid", $"'{path}' does not hold what the archive says of it.", path);
    }

    /// <summary>
    /// Walks the archive's directory before anything is made of it: a million entries are refused for the price of a few thousand.
    /// </summary>
    private static void CountEntries(ReadOnlySpan<byte> zip, int most)
    {
        var tail = zip.Length > EndSize + LongestComment ? zip[^(EndSize + LongestComment)..] : zip;
        Span<byte> signature = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(signature, EndSignature);
        var end = tail.LastIndexOf(signature);
        if (end < 0 || tail.Length - end < EndSize) throw NoArchive("it has no end");
        var at = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail[(end + 16)..]);
        for (var count = 0; at + EntrySize <= zip.Length; count++)
        {
            var entry = zip[(int)at..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != EntrySignature) return;
            if (count == most)
            {
                throw new RefusedException(
                    new Refusal("lane_archive_too_many_entries", $"The archive has more than {most} entries.").With("limit", most));
            }

            at += EntrySize + BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]) + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..])
                + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        }
    }

    private static bool IsFolder(ZipArchiveEntry entry) =>
        entry.Length == 0 && entry.FullName.EndsWith('/') && CommandValidation.IsArtifactPath(entry.FullName[..^1]);

    private static RefusedException NoArchive(string why) =>
        new(new Refusal("lane_archive_invalid", $"The body is no zip archive that can be read: {why}."));

    private static RefusedException Refuse(string code, string explanation, string path) =>
        new(new Refusal(code, explanation).With("path", path));

    private static RefusedException TooLarge(string? path, string what, long limit)
    {
        var refusal = new Refusal("lane_archive_too_large", $"At most {limit} bytes are taken; {what}: more.").With("limit", limit);
        return new RefusedException(path is null ? refusal : refusal.With("path", path));
    }

    private static string Shown(string path) => path.Length <= 200 ? path : path[..200];
}
