using System.IO.Compression;
using System.Security.Cryptography;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// Writes the files of a bundle into a zip, one behind the other, with one fixed time stamp and one fixed way to pack, so that the same
/// files give the same bytes. It is written aside and moved into place once it is whole; what is given up leaves nothing.
/// </summary>
internal sealed class BundleWriter : IAsyncDisposable
{
    private const string Aside = ".janusq-part";
    private const int BlockSize = 1 << 16;

    // The first instant that a zip can say.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _path;
    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly List<BundleFileEntry> _files = [];
    private readonly byte[] _block = new byte[BlockSize];
    private bool _isDone;

    private BundleWriter(string path, FileStream file)
    {
        _path = path;
        _file = file;
        _zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <summary>The files so far, sorted by name.</summary>
    public IEnumerable<BundleFileEntry> Files => _files.OrderBy(file => file.Path, StringComparer.Ordinal);

    /// <summary>Begins a bundle.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static BundleWriter Create(string path) =>
        new(path, new FileStream(path + Aside, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16));

    /// <summary>Writes a file that is in memory.</summary>
    public async Task AddAsync(BundlePath path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await using var file = Open(path);
        await file.WriteAsync(bytes, cancellation);
    }

    /// <summary>Begins a file, which ends when its stream is disposed of. One at a time.</summary>
    public Stream Open(BundlePath path)
    {
        var entry = _zip.CreateEntry(path.Text, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        entry.ExternalAttributes = 0;
        return new HashingStream(this, path, entry.Open());
    }

    /// <summary>Ends the bundle and moves it into place, over one that is there.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        _zip.Dispose();
        await _file.FlushAsync(cancellation);
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        File.Move(_path + Aside, _path, overwrite: true);
        _isDone = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isDone) return;
        try
        {
            _zip.Dispose();
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // What is given up need not be whole.
        }

        await _file.DisposeAsync();
        File.Delete(_path + Aside);
    }

    /// <summary>
    /// Hashes what is written and hands it on in blocks of one size: what packs a file gives other bytes for other pieces of it, and in
    /// which pieces a document comes from the database is chance.
    /// </summary>
    private sealed class HashingStream(BundleWriter owner, BundlePath path, Stream target) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int _filled;
        private long _size;
        private bool _isClosed;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _size;

        public override long Position
        {
            get => _size;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _hash.AppendData(buffer);
            _size += buffer.Length;
            while (!buffer.IsEmpty)
            {
                var taken = Math.Min(buffer.Length, BlockSize - _filled);
                buffer[..taken].CopyTo(owner._block.AsSpan(_filled));
                _filled += taken;
                buffer = buffer[taken..];
                if (_filled == BlockSize) WriteBlock();
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_isClosed)
            {
                _isClosed = true;
                WriteBlock();
                target.Dispose();
                owner._files.Add(new BundleFileEntry(path.Text, _size, Sha256Hash.Of(_hash)));
                _hash.Dispose();
            }

            base.Dispose(disposing);
        }

        private void WriteBlock()
        {
            target.Write(owner._block, 0, _filled);
            _filled = 0;
        }
    }
}
