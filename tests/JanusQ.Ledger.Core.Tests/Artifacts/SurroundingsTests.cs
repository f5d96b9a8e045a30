using System.Diagnostics;
using System.Globalization;
using CsCheck;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Lane.Strategies;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Core.Tests.Artifacts;

/// <summary>
/// Culture, time zone and the number of threads never change a byte. Alone, because it changes the culture of the whole process.
/// </summary>
[Collection(nameof(SurroundingsTests))]
[CollectionDefinition(nameof(SurroundingsTests), DisableParallelization = true)]
public class SurroundingsTests
{
    private const string Configuration = """
        strategies:
          - name: a
            params: {buy_rsi_threshold: 36.5, qty: 1.50}
          - {strategy_id: I, strategy_type: intraday_tsmom_v1, version: 1.1.0, priority: -3}
        """;

    private static readonly (JsonObject[] Signals, JsonObject[] Decisions) Sample = MakeSample();

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    public void culture(string name)
    {
        var expected = Digest();
        var before = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(name).Clone();
        culture.NumberFormat.NegativeSign = "minus";
        culture.NumberFormat.NumberDecimalSeparator = "'";
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            CultureInfo.DefaultThreadCurrentCulture = culture;
            Assert.Equal("minus1'5", (-1.5).ToString(CultureInfo.CurrentCulture));
            Assert.Equal(expected, Digest());
        }
        finally
        {
            CultureInfo.CurrentCulture = before.CurrentCulture;
            CultureInfo.DefaultThreadCurrentCulture = before.DefaultThreadCurrentCulture;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void threads(int threads) => Assert.Equal(Digest(16), Digest(threads));

    [Theory]
    [InlineData("Asia/Kathmandu", "C.UTF-8")]
    [InlineData("America/St_Johns", "tr_TR.UTF-8")]
    [InlineData("Pacific/Kiritimati", "ar_SA.UTF-8")]
    public async Task time_zone_and_locale_of_a_process_of_its_own(string timeZone, string locale)
    {
        // This very assembly once more, under another environment, asked for one test that prints the digest.
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(SurroundingsTests).Assembly.Location);
        foreach (var argument in new[] { "-method", $"{typeof(SurroundingsTests).FullName}.{nameof(the_digest_of_this_process)}",
            "-showLiveOutput", "-noColor" })
            start.ArgumentList.Add(argument);
        start.Environment["TZ"] = timeZone;
        start.Environment["LANG"] = start.Environment["LC_ALL"] = locale;
        start.Environment[OutputVariable] = "1";
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.Contains($"digest of {timeZone} is {Digest()}", output + await errors, StringComparison.Ordinal);
    }

    [Fact]
    public void the_digest_of_this_process()
    {
        var digest = Digest();
        Assert.Equal(digest, Digest());
        if (Environment.GetEnvironmentVariable(OutputVariable) is not null)
            TestContext.Current.TestOutputHelper!.WriteLine($"digest of {TimeZoneInfo.Local.Id} is {digest}");
    }

    private const string OutputVariable = "JANUSQ_PRINT_DIGEST";

    /// <summary>One hash over the artifacts' files and over what strategies decide from the signals.</summary>
    private static string Digest(int? threads = null)
    {
        var files = RandomSignals.Build(Sample.Signals, Sample.Decisions, threads);
        var strategies = StrategyConfiguration.Read("x.YAML", System.Text.Encoding.UTF8.GetBytes(Configuration));
        var lane = SignalsDocument.Read((
            """[{"event_ts":"2026-01-05T14:30","symbol":"I\u0131","timeframe":"1Min","payload":"""u8
            + """
            {"price":1.5,"macd":0.3,"macd_signal":-0.2,"rsi14":20.25,"regime_label":" TITLE I "}},
             {"event_ts":"2026-01-05T14:30:00.5+05:45","symbol":"i","timeframe":"1Min","ingest_ts":1767623460,"payload":
            """u8
            + """{"price":"1.5","macd":1e-7,"macd_signal":0,"rsi":20,"ema12":2,"ema26":1,"vol":0.002}}]"""u8).ToArray());
        var outcome = StrategyRuntime.Run(SortedSignals.Of(lane), strategies);
        Assert.NotEmpty(outcome.Decisions);
        var decided = FileJson.Bytes(new JsonArray([.. outcome.Decisions.Select(decision => decision.ToJson()),
            JsonArray.OfTexts(outcome.Errors)]));
        return Sha256Hash.Of([.. files.EventCar, .. files.Reward, .. decided]).ToString();
    }

    private static (JsonObject[] Signals, JsonObject[] Decisions) MakeSample()
    {
        // Several chunks' worth, from fixed seeds.
        var signals = new List<JsonObject>();
        for (var day = 0; signals.Count < 1500; day++)
        {
            foreach (var signal in RandomSignals.Signals.Single(_ => true, "0N0XIzNsQ0O2"))
            {
                var moved = new DateTimeOffset(2026, 3, 1, 0, signals.Count % 60, 0, TimeSpan.Zero).AddDays(day).ToUnixTimeSeconds();
                signals.Add(signal.With("event_ts", moved).With("seq", signals.Count));
            }
        }

        return ([.. signals], RandomSignals.Decisions.Single(_ => true, "0N0XIzNsQ0O2"));
    }
}
