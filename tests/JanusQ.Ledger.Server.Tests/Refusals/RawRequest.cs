using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using JanusQ.Ledger.Server.Tests.Hosting;

namespace JanusQ.Ledger.Server.Tests.Refusals;

/// <summary>A request byte for byte, and its answer: for what no client sends.</summary>
internal sealed record RawRequest(string Answer)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    public int Status => int.Parse(Answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    public string Head => Answer.Split("\r\n\r\n")[0];

    public string Body => Answer[(Head.Length + 4)..];

    /// <summary>The problem that the answer is, whether it came in chunks or not.</summary>
    public JsonObject Problem =>
        JsonNode.Parse(Body[Body.IndexOf('{', StringComparison.Ordinal)..(Body.LastIndexOf('}') + 1)])!.AsObject();

    /// <summary>Sends a request of a worker; each char of it is a byte.</summary>
    public static async Task<RawRequest> SendAsync(
        AServer server, string line, string headers = "", string body = "", bool keepOpen = false)
    {
        using var key = server.ClientOf("worker");
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, cancellation);
        var stream = client.GetStream();
        var authorization = headers.Contains("Authorization:", StringComparison.Ordinal)
            ? ""
            : $"Authorization: {key.DefaultRequestHeaders.Authorization}\r\n";
        var connection = keepOpen ? "" : "Connection: close\r\n";
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: a\r\n{connection}{authorization}{headers}\r\n{body}"),
            cancellation);
        var (buffer, answer) = (new byte[4096], new StringBuilder());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Soon);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, patience.Token)) > 0)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));

                // A server waits for a body that never comes before it closes, long after its answer.
                if (!keepOpen && answer.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)) break;
            }
        }
        catch (IOException)
        {
            // Closed while what nobody wants was still under way.
        }

        return new RawRequest(answer.ToString());
    }
}
