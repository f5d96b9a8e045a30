using JanusQ.Ledger.Server.Hosting;
using JanusQ.Ledger.Server.Watching;

return args is ["health", var address]
    ? await HealthProbe.RunAsync(address).ConfigureAwait(false)
    : await ServerProgram.RunAsync(args).ConfigureAwait(false);
