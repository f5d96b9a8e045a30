using System.Collections.Immutable;
using JanusQ.Ledger.Compliance;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Migrations;

/// <summary>
/// Everything in a ledger's schemas as lines of text, sorted: tables, columns, constraints, indexes, sequences, functions, triggers, rules,
/// policies, rights and comments. Two databases with the same lines have the same schema, and the lines in which they differ say how.
/// </summary>
public static class SchemaListing
{
    private const string ResourceName = "schema.txt";

    // The owner's own rights are left out, and its name: it is another one everywhere.
    private const string Sql =
        $"""
        with schemas as (
            select oid, nspname, nspowner, nspacl from pg_namespace where nspname in ('{LedgerStore.Schema}', '{ComplianceTables.Schema}')),
        relations as (
            select c.*, nspname || '.' || relname as name, nspowner from pg_class c join schemas s on s.oid = relnamespace
            where relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')),
        functions as (select p.*, p.oid::regprocedure::text as name, nspowner from pg_proc p join schemas s on s.oid = pronamespace),
        rights as (
            select 'schema ' || nspname as what, nspowner as owner, a.* from schemas, aclexplode(nspacl) a
            union all
            select case relkind when 'S' then 'sequence ' else 'table ' end || name, relowner, a.* from relations, aclexplode(relacl) a
            union all
            select 'column ' || name || '.' || attname, relowner, a.*
            from relations join pg_attribute on attrelid = relations.oid, aclexplode(attacl) a
            union all
            select 'function ' || name, proowner, a.* from functions, aclexplode(coalesce(proacl, acldefault('f', proowner))) a)

        select 'schema ' || nspname from schemas
        union all
        select case relkind when 'r' then 'table ' when 'S' then 'sequence ' else 'relation of kind ' || relkind::text || ' ' end || name
            || case relpersistence when 'p' then '' else ' persistence ' || relpersistence::text end
            || coalesce(' with (' || array_to_string(reloptions, ', ') || ')', '')
            || case when relrowsecurity or relforcerowsecurity then ' row security' else '' end
        from relations
        union all
        select 'owner of ' || name || ' is not the owner of its schema' from relations where relowner <> nspowner
        union all
        select 'owner of ' || name || ' is not the owner of its schema' from functions where proowner <> nspowner
        union all
        select 'column ' || name || '.' || attname || ' ' || format_type(atttypid, atttypmod)
            || case when attnotnull then ' not null' else '' end
            || case attgenerated when 's' then ' generated as ' || pg_get_expr(adbin, adrelid)
                else coalesce(' default ' || pg_get_expr(adbin, adrelid), '') end
            || case when attidentity <> '' then ' identity ' || attidentity::text else '' end
            || case when attcollation <> typcollation then ' collation ' || attcollation::regcollation::text else '' end
            || case when attstorage <> typstorage then ' storage ' || attstorage::text else '' end
        from relations join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
            join pg_type on pg_type.oid = atttypid
            left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where relkind <> 'S'
        union all
        select 'sequence ' || name || ' of ' || format_type(seqtypid, null) || ' from ' || seqstart || ' by ' || seqincrement
            || ' between ' || seqmin || ' and ' || seqmax || ' cache ' || seqcache || case when seqcycle then ' cycle' else '' end
        from relations join pg_sequence on seqrelid = relations.oid
        union all
        select 'constraint ' || name || ' ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
            || case when convalidated then '' else ' not validated' end
        from relations join pg_constraint on conrelid = relations.oid where contype in ('c', 'f', 'p', 'u', 'x')
        union all
        select 'index ' || pg_get_indexdef(indexrelid) || case when indisvalid and indisready then '' else ' invalid' end
        from relations join pg_index on indrelid = relations.oid
        union all
        select 'function ' || name || ' returns ' || pg_get_function_result(oid) || ' ' || provolatile::text || ' '
            || (select lanname from pg_language where pg_language.oid = prolang) || case when prosecdef then ' security definer' else '' end
            || coalesce(' set ' || array_to_string(proconfig, ', '), '') || ' md5 ' || md5(prosrc)
        from functions
        union all
        select 'trigger ' || name || ' '
            || case tgenabled when 'A' then 'always ' when 'D' then 'disabled ' when 'R' then 'replica ' else '' end
            || pg_get_triggerdef(pg_trigger.oid)
        from relations join pg_trigger on tgrelid = relations.oid where not tgisinternal
        union all
        select 'trigger ' || name || ' of a foreign key, not enabled'
        from relations join pg_trigger on tgrelid = relations.oid where tgisinternal and tgenabled <> 'O'
        union all
        select 'rule ' || name || ' ' || rulename || ' ' || md5(pg_get_ruledef(pg_rewrite.oid))
        from relations join pg_rewrite on ev_class = relations.oid
        union all
        select 'policy ' || name || ' ' || polname || ' ' || polcmd::text from relations join pg_policy on polrelid = relations.oid
        union all
        select 'type ' || nspname || '.' || typname from schemas join pg_type on typnamespace = schemas.oid
        where typelem = 0 and (typrelid = 0 or exists (select from pg_class where oid = typrelid and relkind = 'c'))
        union all
        select 'right ' || what || ' ' || case grantee when 0 then 'public' else grantee::regrole::text end || ' '
            || string_agg(privilege_type || case when is_grantable then ' with grant option' else '' end, ', ' order by privilege_type)
        from rights where grantee <> owner group by what, grantee
        union all
        select 'comment schema ' || nspname || ' ' || obj_description(oid, 'pg_namespace')
        from schemas where obj_description(oid, 'pg_namespace') is not null
        union all
        select 'comment ' || name || coalesce('.' || attname, '') || ' ' || description
        from relations join pg_description on classoid = 'pg_class'::regclass and objoid = relations.oid
            left join pg_attribute on attrelid = relations.oid and attnum = objsubid and objsubid > 0
        union all
        select 'comment ' || name || ' ' || description
        from functions join pg_description on classoid = 'pg_proc'::regclass and objoid = functions.oid
        """;

    /// <summary>The lines that this program expects: those of a database that all its migrations were applied to.</summary>
    public static ImmutableArray<string> Expected { get; } = ReadExpected();

    /// <summary>The lines of a database.</summary>
    public static async Task<ImmutableArray<string>> OfAsync(NpgsqlDataSource database, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);

        // Names are spelled with their schema only if it is not on the search path.
        await using (var path = new NpgsqlCommand("set local search_path = pg_catalog", connection, transaction))
            await path.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var lines = new List<string>();
        while (await reader.ReadAsync(cancellation)) lines.Add(reader.GetString(0).ReplaceLineEndings(" "));
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static ImmutableArray<string> ReadExpected()
    {
        using var stream = typeof(SchemaListing).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"{ResourceName} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
