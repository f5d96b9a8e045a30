using System.IO.Compression;
using JanusQ.Ledger.Testing.RunRecorder;

namespace JanusQ.Ledger.Server.Tests.Ingest;

/// <summary>A finished lane as an archive, and archives that somebody made to do harm.</summary>
internal static class LaneZip
{
    private static readonly PromotableRun Run = PromotableRun.Number(0);

    public static string CandidateId => Run.CandidateId;

    public static string EvaluationId => Run.EvaluationId;

    /// <summary>The files of a finished lane with the documents that entered it.</summary>
    public static IEnumerable<(string Path, byte[] Bytes)> Files =>
        Run.Submission.Artifacts.Select(artifact => (artifact.Path, artifact.Content.Bytes.ToArray()));

    public static byte[] Whole => Of([.. Files]);

    public static byte[] With(string path, byte[] bytes) => Of([.. Files, (path, bytes)]);

    public static byte[] Of(params (string Path, byte[] Bytes)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var entry = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>An archive with a link.</summary>
    public static byte[] WithLink()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("gates/link.json");
            entry.ExternalAttributes = 0xA1FF << 16;
            using var target = entry.Open();
            target.Write("/etc/passwd"u8);
        }

        return bytes.ToArray();
    }

    /// <summary>An archive that says of its only file that it is small, and unpacks to far more.</summary>
    public static byte[] Lying(int actual)
    {
        var zip = Of(("gates/gate-evaluation.json", new byte[actual]));
        var declared = BitConverter.GetBytes(actual);
        var at = 0;
        while ((at = zip.AsSpan(at).IndexOf(declared) is var found and >= 0 ? at + found : -1) >= 0)
            BitConverter.GetBytes(10).CopyTo(zip, at);
        return zip;
    }
}
