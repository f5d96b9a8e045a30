namespace JanusQ.Ledger.Core.Canonical;

/// <summary>
/// Order and blanks of texts as the contract has them: by Unicode code point, no culture (artifacts.md sections 2 and 5.3).
/// </summary>
public static class CodePoints
{
    /// <summary>Compares by code point; a text that is a prefix of another comes first.</summary>
    public static IComparer<string> Order { get; } = Comparer<string>.Create(Compare);

    /// <summary>Compares by code point. UTF-16 units would put U+1F600 before U+FF21.</summary>
    public static int Compare(string? left, string? right)
    {
        var a = left.AsSpan();
        var b = right.AsSpan();
        var common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length) return a.Length.CompareTo(b.Length);
        var x = a[common];
        var y = b[common];
        // Surrogates stand for code points above all others, so a surrogate wins over a unit that is none. Where both are
        // surrogates the first difference decides either way: pairs are complete.
        var xs = char.IsSurrogate(x);
        var ys = char.IsSurrogate(y);
        return xs == ys ? x.CompareTo(y) : xs ? 1 : -1;
    }

    /// <summary>Removes the blanks of artifacts.md 5.3 from both ends.</summary>
    public static string Trim(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = 0;
        var end = text.Length;
        while (start < end && IsBlank(text[start])) start++;
        while (end > start && IsBlank(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary>Whether nothing remains after <see cref="Trim"/>.</summary>
    public static bool IsBlank(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var c in text)
            if (!IsBlank(c)) return false;
        return true;
    }

    /// <summary>Replaces A-Z by a-z and nothing else (A20).</summary>
    public static string Lower(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAnyInRange('A', 'Z')
            ? string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++) span[i] = source[i] is >= 'A' and <= 'Z' ? (char)(source[i] | 0x20) : source[i];
            })
            : text;
    }

    private static bool IsBlank(char c) =>
        c is (>= '\u0009' and <= '\u000D') or (>= '\u001C' and <= '\u0020') or '\u0085' or '\u00A0' or '\u1680'
            or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';
}
