# The server and the command line in one image. The code around handlers and endpoints is checked in, so nothing is compiled when it runs.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props BannedSymbols.txt global.json .editorconfig ./
COPY migrations ./migrations
COPY config ./config
COPY src ./src
RUN dotnet publish src/JanusQ.Ledger.Server/JanusQ.Ledger.Server.csproj -c Release -o /published/server -p:RunAnalyzers=false \
    && dotnet publish src/JanusQ.Ledger.Cli/JanusQ.Ledger.Cli.csproj -c Release -o /published/cli -p:RunAnalyzers=false \
    && mkdir /published/state

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build --chown=0:0 /published/server ./server
COPY --from=build --chown=0:0 /published/cli ./cli

# Where a volume for what has to stay is put: a new volume takes over whose the folder is.
COPY --from=build --chown=1654:1654 /published/state /var/lib/janusq

# A number, so that whoever forbids root can see that this is none. Nothing below /app belongs to it.
USER 1654:1654
ENV ASPNETCORE_HTTP_PORTS=8080 \
    DOTNET_EnableDiagnostics=0 \
    DOTNET_NOLOGO=1
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["dotnet", "/app/server/JanusQ.Ledger.Server.dll", "health", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dotnet", "/app/server/JanusQ.Ledger.Server.dll"]
