namespace JanusQ.Ledger.Core.Log;

/// <summary>The name of a key as notes carry it (C2SP signed-note).</summary>
public static class NoteKeyName
{
    /// <summary>Whether a text can name a key: not empty, no Unicode blanks, no control characters, no plus.</summary>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || !LogText.CanBeEncoded(name)) return false;
        foreach (var c in name)
            if (c == '+' || char.IsWhiteSpace(c) || c < ' ') return false;
        return true;
    }
}
