using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Tests.Log;

/// <summary>
/// A witness (C2SP tlog-witness) on a port of this machine: remembers what it cosigned last, and answers anything it is told to.
/// </summary>
internal sealed class AWitness : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private readonly SignerKey _key;
    private readonly string _name;

    public AWitness(string name, byte number, params VerifierKey[] logs)
    {
        _name = name;
        _key = SignerKey.FromSeed(name, [.. Enumerable.Repeat(number, SignerKey.SeedSize)], NoteSignatureType.Ed25519Cosignature);
        Logs = logs;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public VerifierKey Key => _key.Verifier;

    public VerifierKey[] Logs { get; }

    /// <summary>The size and root that it cosigned last.</summary>
    public (long Size, Sha256Hash Root) Known { get; set; } = (0, MerkleHash.EmptyTree);

    /// <summary>Answered instead of what it should answer.</summary>
    public (int Status, string MediaType, string Body)? Instead { get; set; }

    public ConcurrentQueue<string> Requests { get; } = new();

    public string PolicyLine => $"witness {_name} {Key} {Url}";

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var (status, type, answer) = Instead ?? Answer(context.Request, body.ToArray());
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            context.Response.Close();
        }
    }

    private (int Status, string MediaType, string Body) Answer(HttpListenerRequest request, byte[] body)
    {
        const string Plain = "text/plain";
        Requests.Enqueue(Encoding.UTF8.GetString(body));
        if (request.HttpMethod != "POST" || request.Url!.AbsolutePath != "/add-checkpoint") return (405, Plain, "");
        if (!AddCheckpointRequest.TryParse(body, out var read, out _)) return (400, Plain, "");
        var checkpoint = read.Checkpoint.Checkpoint;
        if (!Logs.Any(log => log.Name == checkpoint.Origin)) return (404, Plain, "");
        if (!read.Checkpoint.TryVerify(Logs, out _)) return (403, Plain, "");
        if (read.OldSize != Known.Size) return (409, "text/x.tlog.size", $"{Known.Size}\n");
        if (read.Verify(Known.Root) is not null) return (422, Plain, "");
        Known = (checkpoint.Size, checkpoint.Root);
        var cosignature = Cosignature.Make(_key, checkpoint, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        return (200, Plain, cosignature.Signature + "\n");
    }
}
