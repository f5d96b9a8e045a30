using System.Collections.Concurrent;

namespace JanusQ.Ledger.Content;

/// <summary>
/// Brings documents into the form in which they are stored while their command is decided and written. On a thread of its own: the thread
/// pool takes up work that its threads hand it within 0.1 to 4 ms, when the whole command is done.
/// </summary>
internal static class CompressingAhead
{
    private static readonly Lazy<BlockingCollection<DocumentContent[]>> Queue = new(Start);

    /// <summary>Begins. Whoever needs a document before its turn comes makes its stored form himself.</summary>
    public static void Begin(DocumentContent[] contents) => Queue.Value.Add(contents);

    private static BlockingCollection<DocumentContent[]> Start()
    {
        var queue = new BlockingCollection<DocumentContent[]>();
        new Thread(() => Compress(queue)) { IsBackground = true, Name = "Compressing ahead" }.Start();
        return queue;
    }

    private static void Compress(BlockingCollection<DocumentContent[]> queue)
    {
        foreach (var contents in queue.GetConsumingEnumerable())
        {
            // What would be waited for longest goes first.
            foreach (var content in contents.OrderByDescending(content => content.Size)) content.TryMakeStored();
        }
    }
}
