using System.Security.Cryptography;
using JanusQ.Ledger.Core.Artifacts;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Lane;

/// <summary>
/// A file that a run emits, with its hash and size: spelled once, hashed while it is spelled, and kept as spelled unless it is so large
/// that spelling it again when it is written costs less than holding it.
/// </summary>
public sealed class SealedFile : IArtifactFile
{
    private const long MostBytesKept = 160L << 20;
    private const int PieceSize = 1 << 20;

    private readonly List<ReadOnlyMemory<byte>>? _pieces;
    private readonly IArtifactFile? _source;

    private SealedFile(string path, string mediaType, Sha256Hash hash, long size, List<ReadOnlyMemory<byte>>? pieces, IArtifactFile? source)
    {
        Path = path;
        MediaType = mediaType;
        Hash = hash;
        Size = size;
        _pieces = pieces;
        _source = source;
    }

    /// <summary>Relative to the artifact root, with <c>/</c>.</summary>
    public string Path { get; }

    /// <summary>What it holds.</summary>
    public string MediaType { get; }

    /// <summary>SHA-256 of its bytes.</summary>
    public Sha256Hash Hash { get; }

    /// <summary>Number of bytes.</summary>
    public long Size { get; }

    /// <summary>For Janus artifacts the schema's name.</summary>
    public string? SchemaVersion => _source switch
    {
        EventCarArtifact => EventCarArtifact.SchemaVersion,
        HgrmRewardArtifact => HgrmRewardArtifact.SchemaVersion,
        _ => null,
    };

    /// <summary>For Janus artifacts the hash over their own entries.</summary>
    public Sha256Hash? ManifestHash => (_source as EventCarArtifact)?.ManifestHash ?? (_source as HgrmRewardArtifact)?.ManifestHash;

    /// <inheritdoc />
    public void WriteTo(ByteSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_pieces is null) _source!.WriteTo(sink);
        else foreach (var piece in _pieces) sink(piece.Span);
    }

    /// <summary>The file form of a JSON value.</summary>
    internal static SealedFile OfJson(string path, JsonValue value) => OfBytes(path, "application/json", FileJson.Bytes(value));

    /// <summary>Bytes as they are.</summary>
    internal static SealedFile OfBytes(string path, string mediaType, byte[] bytes) =>
        new(path, mediaType, Sha256Hash.Of(bytes), bytes.Length, [bytes], null);

    /// <summary>A JSON file that spells itself.</summary>
    internal static SealedFile OfJson(string path, IArtifactFile source)
    {
        using var sealing = new Sealing(path);
        source.WriteTo(sealing.Append);
        return sealing.Close(source);
    }

    /// <summary>Takes the bytes of a JSON file that is being spelled.</summary>
    internal sealed class Sealing(string path) : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly Pieces _pieces = new();

        public void Append(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            _pieces.Append(bytes);
        }

        /// <summary>The file, once all of it was taken.</summary>
        /// <param name="source">Spells the same bytes again, should they be too many to keep.</param>
        public SealedFile Close(IArtifactFile source) =>
            new(path, "application/json", Sha256Hash.Of(_hash), _pieces.Size, _pieces.Kept, source);

        public void Dispose() => _hash.Dispose();
    }

    private sealed class Pieces
    {
        private List<ReadOnlyMemory<byte>>? _kept = [];
        private byte[] _piece = [];
        private int _used;

        public long Size { get; private set; }

        public List<ReadOnlyMemory<byte>>? Kept
        {
            get
            {
                Close();
                return _kept;
            }
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            Size += bytes.Length;
            if (_kept is null) return;
            if (Size > MostBytesKept)
            {
                _kept = null;
                _piece = [];
                _used = 0;
                return;
            }

            while (!bytes.IsEmpty)
            {
                if (_used == _piece.Length)
                {
                    Close();
                    _piece = GC.AllocateUninitializedArray<byte>(Size < PieceSize ? (int)Math.Max(Size * 2, 4096) : PieceSize);
                }

                var part = bytes[..Math.Min(bytes.Length, _piece.Length - _used)];
                part.CopyTo(_piece.AsSpan(_used));
                _used += part.Length;
                bytes = bytes[part.Length..];
            }
        }

        private void Close()
        {
            if (_used > 0) _kept?.Add(_piece.AsMemory(0, _used));
            _piece = [];
            _used = 0;
        }
    }
}
