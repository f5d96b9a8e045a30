using JanusQ.Ledger.Benchmarks;

if (args is ["recording-a-run", ..])
    return await RecordingARunAgainstPlainMarten.RunAsync(writers: args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1);
return 0;
