namespace JanusQ.Ledger.Server.Reading;

/// <summary>The forms of query parameters, as regular expressions, and what is said of those that many queries take.</summary>
internal static class QueryForms
{
    public const string Action = "^(deny|hold|promote)$";
    public const string Cursor = "^[A-Za-z0-9_-]{1,1000}$";
    public const string Count = "^[1-9][0-9]{0,8}$";
    public const string Day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    public const string Entries = "^([1-9][0-9]{0,3}|10000)$";
    public const string Limit = "^([1-9][0-9]{0,2}|1000)$";
    public const string Sequence = "^(0|[1-9][0-9]{0,17})$";
    public const string Text = @"^[^\u0000-\u001f\u007f-\u009f]{1,200}$";
    public const string Target = "^(shadow|paper|live)$";

    public const string AtText = "As of this instant, that instant's events included.";
    public const string CursorText = "The next_cursor of the page before, of the same query with the same filters.";
    public const string LimitText = "Items of a page at most, 1 to 1000; 100 if not said.";
}
