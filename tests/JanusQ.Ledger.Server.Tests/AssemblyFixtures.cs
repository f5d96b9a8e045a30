using JanusQ.Ledger.Testing;

[assembly: AssemblyFixture(typeof(PostgreSqlFixture))]
