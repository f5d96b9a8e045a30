using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using DotNet.Testcontainers.Configurations;

namespace JanusQ.Ledger.PostgreSql;

/// <summary>
/// A Docker engine that answers (Docker Engine API). Testcontainers makes and starts containers; here is what must be quick (is there an
/// engine at all), and what must work on a container of another, ended process.
/// </summary>
internal sealed class DockerEngine
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly bool isSecured;
    private Version? newestApi;

    private DockerEngine(Uri endpoint, Func<string, string?> variable)
    {
        Endpoint = endpoint;
        isSecured = endpoint.Scheme is "tcp" or "https" && variable("DOCKER_TLS_VERIFY") is { Length: > 0 };
    }

    /// <summary>Where it listens: <c>unix:///path</c>, <c>npipe://./pipe/name</c> or <c>tcp://host:port</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The first engine that answers, or null. Without an engine this takes less than a second for each endpoint.</summary>
    public static async Task<DockerEngine?> FindAsync(PostgreSqlOptions options, CancellationToken cancellation)
    {
        foreach (var endpoint in options.DockerEndpoints ?? UsualEndpoints(options.Variable))
        {
            var engine = new DockerEngine(endpoint, options.Variable);
            if (await engine.AnswersAsync(cancellation).ConfigureAwait(false))
                return engine;
        }

        return null;
    }

    /// <summary>How Testcontainers is to talk to this engine.</summary>
    public IDockerEndpointAuthenticationConfiguration ForTestcontainers() => isSecured
        ? TestcontainersSettings.OS.DockerEndpointAuthConfig
        : new OfferedVersion(new DockerEndpointAuthenticationConfiguration(Endpoint), newestApi);

    /// <summary>Removes a container with its anonymous volumes; one that is not there is fine.</summary>
    public Task RemoveContainerAsync(string name, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Delete, $"containers/{name}?force=true&v=true", cancellation);

    /// <summary>Stops a container and waits for its end; one that is not there or does not run is fine.</summary>
    public Task StopContainerAsync(string name, TimeSpan timeout, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Post, $"containers/{name}/stop?t={Math.Min((int)timeout.TotalSeconds, 20)}", cancellation);

    private static IEnumerable<Uri> UsualEndpoints(Func<string, string?> variable)
    {
        if (variable("DOCKER_HOST") is { Length: > 0 } given)
        {
            if (Uri.TryCreate(given, UriKind.Absolute, out var endpoint))
                yield return endpoint;
            yield break;
        }

        if (OperatingSystem.IsWindows())
        {
            yield return new Uri("npipe://./pipe/docker_engine");
            yield break;
        }

        yield return new Uri("unix:///var/run/docker.sock");
        if (variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            yield return new Uri($"unix://{runtime}/docker.sock");
        if (variable("HOME") is { Length: > 0 } home)
        {
            yield return new Uri($"unix://{home}/.docker/run/docker.sock");
            yield return new Uri($"unix://{home}/.docker/desktop/docker.sock");
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        if (Endpoint.Scheme == "unix" && !File.Exists(Endpoint.AbsolutePath))
            return false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(PingTimeout);
        try
        {
            if (isSecured)
            {
                // The certificates are Testcontainers' concern.
                using var reached = await ConnectAsync(limit.Token).ConfigureAwait(false);
                return true;
            }

            using var client = Client();
            using var answer = await client.GetAsync(new Uri("http://docker/_ping"), limit.Token).ConfigureAwait(false);
            newestApi = answer.Headers.TryGetValues("Api-Version", out var offered) && Version.TryParse(offered.First(), out var version)
                ? version
                : null;
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or NotSupportedException or TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task CallAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        using var client = Client();
        client.Timeout = CallTimeout;
        using var request = new HttpRequestMessage(method, new Uri("http://docker/" + path));
        using var answer = await client.SendAsync(request, cancellation).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NotModified)
            return;
        if (!answer.IsSuccessStatusCode)
        {
            var said = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            throw new PostgreSqlUnavailableException($"Docker ({Endpoint}) refused {method} {path}: {said.Trim()}");
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = (_, cancellation) => new ValueTask<Stream>(ConnectAsync(cancellation)),
    });

    private async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        if (Endpoint.Scheme == "npipe")
        {
            var name = Endpoint.AbsolutePath.Replace("/pipe/", "", StringComparison.Ordinal);
            var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
            await pipe.ConnectAsync(PingTimeout, cancellation).ConfigureAwait(false);
            return pipe;
        }

        var (family, protocol, target) = Endpoint.Scheme switch
        {
            "unix" => (AddressFamily.Unix, ProtocolType.Unspecified, (EndPoint)new UnixDomainSocketEndPoint(Endpoint.AbsolutePath)),
            "tcp" or "http" or "https" => (AddressFamily.Unspecified, ProtocolType.Tcp, new DnsEndPoint(Endpoint.Host, Endpoint.Port)),
            var other => throw new NotSupportedException($"Docker by {other} is not asked."),
        };
        var socket = family == AddressFamily.Unix
            ? new Socket(family, SocketType.Stream, protocol)
            : new Socket(SocketType.Stream, protocol);
        try
        {
            await socket.ConnectAsync(target, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Talks in the version that an engine offers when that is older than the one Testcontainers would use.</summary>
    private sealed class OfferedVersion(IDockerEndpointAuthenticationConfiguration usual, Version? offered)
        : IDockerEndpointAuthenticationConfiguration
    {
        public Version Version => offered is not null && usual.Version is { } wanted && offered < wanted ? offered : usual.Version!;

        public Uri Endpoint => usual.Endpoint;

        public IAuthProvider AuthProvider => usual.AuthProvider;

        public DockerClientBuilder GetDockerClientBuilder(Guid sessionId = default) =>
            usual.GetDockerClientBuilder(sessionId).WithApiVersion(Version);
    }
}
