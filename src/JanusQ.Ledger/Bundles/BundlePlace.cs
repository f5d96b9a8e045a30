using System.Globalization;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>How findings name what they are about.</summary>
internal static class BundlePlace
{
    /// <summary>A line of the file of events, from 1.</summary>
    public static string OfLine(long line) => $"{BundlePath.Events.Text}:{Text(line)}";

    /// <summary>The event on a line.</summary>
    public static string OfLine(long line, long index, LogLeaf leaf) => $"{OfLine(line)} {OfEvent(index, leaf)}";

    /// <summary>An event, wherever it stands in the file.</summary>
    public static string OfEvent(long index, LogLeaf leaf) => $"(log index {Text(index)}, event {leaf.Id:D})";

    /// <summary>A number.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
