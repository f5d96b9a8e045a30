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
            "|cand-aaaaaaaaaaaa|approval-a|paper|ann|2026-01-11 12:00|decision-a|yes|",
            "|cand-bbbbbbbbbbbb|approval-b|paper|worker-2|2026-02-02 12:00|decision-b|no|",
            "|cand-cccccccccccc|approval-c|live|ann|2026-02-04 12:00||yes|",
            "|cand-999999999999|approval-g|shadow|ann|2026-02-13 09:00||yes|",
        ],
        [2] =
        [
            "|cand-cccccccccccc|approval-c|ann|2026-02-04 12:00|revoked|",
            "|cand-999999999999|approval-g|ann|2026-02-13 09:00|expired|",
        ],
        [3] =
        [
            "|gate2_risk_capacity|2|",
            "|gate5_live_ramp_readiness|1|",
        ],
        [4] =
        [
            "|paper|2|approval_token_missing|1|",
            "|paper|1|drawdown_exceeds_maximum|1|",
            "|paper|2|drawdown_exceeds_maximum|1|",
            "|paper|2|live_not_enabled|1|",
        ],
        [5] =
        [
            "|cand-999999999999|decision-g|hold|2026-02-12 09:00|no|paper|1|2026-02-01|",
        ],
        [6] =
        [
            "|cand-aaaaaaaaaaaa|paper|2026-01-10 09:00|2026-01-12 09:00|2.00:00:00|",
            "|cand-bbbbbbbbbbbb|paper|2026-02-02 09:00|2026-02-03 09:00|1.00:00:00|",
        ],
        [7] =
        [
            "|cand-aaaaaaaaaaaa|2026-01-12 09:00|decision-a||2026-02-03 09:00|omar|"
            + "demoted_after_promotion_of_cand-bbbbbbbbbbbb_for_paper|",
            "|cand-bbbbbbbbbbbb|2026-02-03 09:00|decision-b|cand-aaaaaaaaaaaa|2026-02-04 15:00|omar|rolled_back|",
            "|cand-aaaaaaaaaaaa|2026-02-04 15:00|decision-a|||||",
        ],
        [8] =
        [
            "|paper|cand-bbbbbbbbbbbb|decision-b|c8aaf04f|19d1bcbd|",
        ],
        [9] =
        [
            "|cand-cccccccccccc|decision-c|2026-02-05 12:00|promote|live|deny|worker-1|",
        ],
        [10] =
        [
            "|cand-bbbbbbbbbbbb|decision-b|promote|killSwitchDryRunPassed|2026-01-03 10:00|30.23:00:00|yes|",
        ],
        [11] =
        [
            "|2026-02-05 10:00|olga|venue outage|2026-02-05 16:00|omar|06:00:00|1|0|",
            "|2026-02-20 07:00|olga|drill that lasts||||0|0|",
        ],
        [12] =
        [
            "|2026-02-06 09:10|worker-3|cand-dddddddddddd|evaluation-dddddddddddd1|target||paper|live|",
            "|2026-02-06 09:10|worker-3|cand-dddddddddddd|evaluation-dddddddddddd1|artifact|gates/file-1.json|aa|bb|",
        ],
        [13] =
        [
            "|cand-ffffffffffff|2026-02-09 09:00|olga|under review||",
        ],
        [14] =
        [
            "|approval_token_missing|1|1|",
            "|drawdown_exceeds_maximum|1|1|",
            "|kill_switch_engaged|1|1|",
            "|live_not_enabled|1|1|",
            "|rollback_dry_run_stale|1|1|",
        ],
        [15] =
        [
            "|cand-bbbbbbbbbbbb|paper|2026-02-04 15:00|omar|cand-aaaaaaaaaaaa|2026-02-10 11:00|olga|fixed|",
        ],
        [16] =
        [
            "|cand-ffffffffffff|evaluation-ffffffffffff1|worker-1|2026-02-08 09:00|",
        ],
        [17] =
        [
            "|completed||3|",
            "|failed|disk_full|1|",
            "|skipped||1|",
        ],
        [18] =
        [
            "|live|1|yes|olga|olga|ann|2026-01-04||yes|",
            "|paper|1|no|olga|olga||2026-01-02|2026-02-01|yes|",
            "|paper|2|no|olga|olga||2026-02-01||yes|",
        ],
        [19] =
        [
            "|deny|live|2026-02-05 12:00|worker-1|"
            + "approval_token_missing,drawdown_exceeds_maximum,kill_switch_engaged,live_not_enabled,"
            + "rollback_dry_run_stale|gates/promotion-evidence-gate.json|no|paper 2||"
            + "gate2_risk_capacity=fail gate5_live_ramp_readiness=fail|2|",
        ],
        [20] =
        [
            "|last|2026-02-20 07:00|",
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
