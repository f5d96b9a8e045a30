using JanusQ.Ledger.Server.Hosting;

return await ServerProgram.RunAsync(args).ConfigureAwait(false);
