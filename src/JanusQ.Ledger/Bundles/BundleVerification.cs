using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// Verifies a bundle from its file and a key that was given (audit.md section 5), without database and network. Whatever is in the file,
/// there is an answer; only a file that cannot be read at all is an error.
/// </summary>
public sealed class BundleVerification : IDisposable
{
    private readonly BundleTrust _trust;
    private readonly FileStream _file;
    private readonly BundleFindings _findings = new();
    private readonly BundleFiles? _files;
    private BundleVerdict _verdict = new() { Findings = [], FindingsCount = 0 };

    private BundleVerification(FileStream file, BundleTrust trust, Action<long>? read)
    {
        _file = file;
        _trust = trust;
        _files = BundleArchive.Open(file, _findings) is { } archive ? new BundleFiles(archive, _findings, read) : null;
    }

    /// <summary>Bytes that will be read, for who shows how far it is.</summary>
    public long Total => _files?.Archive is not { } archive
        ? 0
        : archive.Paths.Sum(archive.SizeOf) + (archive.Has(BundlePath.Events) ? archive.SizeOf(BundlePath.Events) : 0);

    /// <summary>Opens a bundle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trust">What is believed beforehand.</param>
    /// <param name="read">Hears of bytes that were read.</param>
    /// <exception cref="ArgumentException">No key is given.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BundleVerification Open(string path, BundleTrust trust, Action<long>? read = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        if (trust.Keys.IsDefaultOrEmpty) throw new ArgumentException("Without a key that is trusted nothing is verified.", nameof(trust));
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return new BundleVerification(file, trust, read);
    }

    /// <summary>Verifies it; once.</summary>
    public BundleVerdict Verify(CancellationToken cancellation = default)
    {
        if (_files is { } files && ReadManifest(files) is { } manifest)
        {
            _verdict = _verdict with { Manifest = manifest };
            files.List(manifest);
            var check = new CheckpointCheck(files, _trust, _findings);
            var checkpoint = check.Read(manifest);
            _verdict = _verdict with { SignedBy = check.SignedBy, CosignedBy = check.CosignedBy, KeysNotGiven = check.KeysNotGiven };
            if (checkpoint is not null) VerifyAll(files, manifest, checkpoint, cancellation);
        }

        return _verdict with { Findings = [.. _findings.Kept], FindingsCount = _findings.Count };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _files?.Archive.Dispose();
        _file.Dispose();
    }

    private void VerifyAll(BundleFiles files, BundleManifest manifest, SignedCheckpoint checkpoint, CancellationToken cancellation)
    {
        var report = new BundleReport(manifest.Scope);
        var documents = new DocumentsCheck(_file.Name, files, _findings);
        var contents = Task.Run(() => documents.Hash(cancellation), cancellation);
        var events = new EventsCheck(files, manifest, checkpoint, report, _findings);
        try
        {
            events.Run(cancellation);
        }
        finally
        {
            // Whatever happens, nobody reads the file any more when this returns.
            ((IAsyncResult)contents).AsyncWaitHandle.WaitOne();
        }

        var hashed = contents.GetAwaiter().GetResult();
        documents.Compare(manifest, hashed, events.Named);
        var candidates = new CandidatesCheck(files, manifest, _trust, _findings);
        candidates.Run(events.ReviewedStreams(), cancellation);
        _verdict = _verdict with
        {
            Events = events.Events,
            Contents = hashed.Present.Count,
            Decisions = candidates.Decisions,
            JanusArtifacts = candidates.JanusArtifacts,
            Statements = candidates.Statements,
        };
        CompareReport(files, report.ToBytes(checkpoint.Checkpoint));
        CompareStatements(files, manifest, events.Decisions);
    }

    private BundleManifest? ReadManifest(BundleFiles files)
    {
        if (files.ReadAlways(BundlePath.Manifest) is not { } bytes) return null;
        if (BundleManifest.TryParse(bytes, out var manifest, out var refusal)) return manifest;
        _findings.Add(refusal.Code, BundlePath.Manifest.Text, "a manifest", refusal.Explanation);
        return null;
    }

    private void CompareReport(BundleFiles files, byte[] expected)
    {
        if (files.Read(BundlePath.Report) is { } found && !found.AsSpan().SequenceEqual(expected))
        {
            _findings.Add(
                "report_mismatch", BundlePath.Report.Text, $"the page that follows from the events, {Sha256Hash.Of(expected)}",
                Sha256Hash.Of(found).ToString());
        }
    }

    private void CompareStatements(BundleFiles files, BundleManifest manifest, IReadOnlySet<string> decisions)
    {
        foreach (var path in files.Archive.Paths)
        {
            if (path.Kind == BundleFileKind.Statement && (manifest.Statements == 0 || !decisions.Contains(path.StatementDecision)))
                _findings.Add("statement_unneeded", path.Text, "statements about decisions of the bundle only", "one about another");
        }

        if (manifest.Statements != 0 && manifest.Statements != decisions.Count)
        {
            _findings.Add(
                "bundle_manifest_mismatch", BundlePath.Manifest.Text, $"{BundlePlace.Text(decisions.Count)} statements or none",
                BundlePlace.Text(manifest.Statements));
        }
    }
}
