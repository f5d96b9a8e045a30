using System.Globalization;
using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests.Compliance;

/// <summary>Every question of docs/queries.md, asked of a ledger whose answers are known.</summary>
public sealed class ComplianceQueriesTests(PostgreSqlFixture postgres)
{
    private static readonly Dictionary<int, string[]> Answers = new()
    {
        [1] =
        [
        ],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_question_of_the_document_has_the_answer_that_the_told_ledger_gives()
    {
        await using var ledger = await ALedger.OnAnEmptyDatabaseAsync(postgres);
        await AStory.TellAsync(ledger.Host.Store, Cancellation);
        await ledger.Host.Projections.CatchUpAsync(Cancellation);
        var questions = QueriesDocument.Read();
        Assert.Equal(Enumerable.Range(1, 20), questions.Select(question => question.Number));
        var last = await ledger.ScalarAsync<long>("select max(seq_id) from janusq.mt_events");
        await using var connection = new NpgsqlConnection(ledger.ConnectionString);
        await connection.OpenAsync(Cancellation);
        var asked = new List<string>();
        foreach (var (number, question, sql) in questions)
        {
            asked.Add($"{number}. {question}");
            asked.AddRange((await RowsAsync(connection, sql)).Select(row => row.Replace($"|{last}|", "|last|", StringComparison.Ordinal)));
        }

        Assert.Equal(questions.SelectMany(question => Answers[question.Number].Prepend($"{question.Number}. {question.Question}")), asked);
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(NpgsqlConnection connection, string sql)
    {
        var rows = new List<string>();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            rows.Add("|" + string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))) + "|");
        return rows;
    }

    private static string Text(object value) => value switch
    {
        DBNull => "",
        DateTime time => time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        string[] texts => string.Join(',', texts),
        string { Length: 64 } hash => hash[..8],
        bool yes => yes ? "yes" : "no",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
