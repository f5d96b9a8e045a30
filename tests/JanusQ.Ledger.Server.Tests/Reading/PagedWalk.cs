using System.Text.Json.Nodes;

namespace JanusQ.Ledger.Server.Tests.Reading;

/// <summary>Walks a list page by page, as a caller does.</summary>
internal static class PagedWalk
{
    /// <summary>Every item of every page, in order.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="path">The list, with its filters.</param>
    /// <param name="member">The member with the items.</param>
    /// <param name="between">What happens between two pages.</param>
    public static async Task<IReadOnlyList<JsonObject>> WalkAsync(HttpClient client, string path, string member, Func<Task>? between = null)
    {
        var items = new List<JsonObject>();
        var (cursor, sequence) = ((string?)null, 0L);
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await Got.FromAsync(client, cursor is null ? path : $"{path}{separator}cursor={cursor}");
            Assert.Equal(System.Net.HttpStatusCode.OK, page.Status);
            Assert.True(page.Sequence >= sequence);
            sequence = page.Sequence;
            items.AddRange(page.Document[member]!.AsArray().Select(item => item!.AsObject()));
            cursor = (string?)page.Document["next_cursor"];
            if (cursor is not null && between is not null) await between();
        }
        while (cursor is not null);
        return items;
    }
}
