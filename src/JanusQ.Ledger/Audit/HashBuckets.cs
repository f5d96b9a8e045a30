using System.Buffers.Binary;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Audit;

/// <summary>A hash and two numbers that belong to it.</summary>
/// <param name="Hash">The hash.</param>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
internal readonly record struct HashEntry(Sha256Hash Hash, long First, long Second);

/// <summary>
/// Any number of hashes, parted by their first bits, most of them in a file that is gone with the program: two such collections are
/// compared part by part with little memory, however many events there are.
/// </summary>
internal sealed class HashBuckets : IDisposable
{
    /// <summary>Number of parts.</summary>
    public const int Count = 1 << Bits;

    private const int EntryBytes = Sha256Hash.Size + (2 * sizeof(long));
    private const int BlockBytes = EntryBytes * 128;

    // So many that a part of millions of hashes is still a few thousand of them, and so few that the blocks being filled are small
    // together.
    private const int Bits = 9;

    private readonly byte[]?[] _filling = new byte[Count][];
    private readonly int[] _filled = new int[Count];
    private readonly List<long>[] _blocks = [.. Enumerable.Range(0, Count).Select(_ => new List<long>())];
    private FileStream? _file;
    private long _end;

    /// <summary>Number of entries.</summary>
    public long Total { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(in Sha256Hash hash, long first, long second)
    {
        var bucket = BinaryPrimitives.ReadUInt16BigEndian(hash.Bytes) >> (16 - Bits);
        var block = _filling[bucket] ??= new byte[BlockBytes];
        if (_filled[bucket] == BlockBytes) Spill(bucket, block);
        var entry = block.AsSpan(_filled[bucket], EntryBytes);
        hash.Bytes.CopyTo(entry);
        BinaryPrimitives.WriteInt64LittleEndian(entry[Sha256Hash.Size..], first);
        BinaryPrimitives.WriteInt64LittleEndian(entry[(Sha256Hash.Size + sizeof(long))..], second);
        _filled[bucket] += EntryBytes;
        Total++;
    }

    /// <summary>The entries of one part, in the order in which they were added.</summary>
    public IEnumerable<HashEntry> Read(int bucket)
    {
        var block = new byte[BlockBytes];
        foreach (var offset in _blocks[bucket])
        {
            for (var read = 0; read < BlockBytes;) read += RandomAccess.Read(_file!.SafeFileHandle, block.AsSpan(read), offset + read);
            for (var at = 0; at < BlockBytes; at += EntryBytes) yield return EntryAt(block, at);
        }

        for (var at = 0; at < _filled[bucket]; at += EntryBytes) yield return EntryAt(_filling[bucket]!, at);
    }

    /// <inheritdoc />
    public void Dispose() => _file?.Dispose();

    private static HashEntry EntryAt(byte[] block, int at) => new(
        new Sha256Hash(block.AsSpan(at, Sha256Hash.Size)),
        BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(at + Sha256Hash.Size)),
        BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(at + Sha256Hash.Size + sizeof(long))));

    private void Spill(int bucket, byte[] block)
    {
        _file ??= new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.DeleteOnClose,
            });
        RandomAccess.Write(_file.SafeFileHandle, block, _end);
        _blocks[bucket].Add(_end);
        _end += BlockBytes;
        _filled[bucket] = 0;
    }
}
