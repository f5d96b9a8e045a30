using Microsoft.OpenApi;

namespace JanusQ.Ledger.Server.Description;

/// <content>Proofs, audits and what is found in the database.</content>
internal sealed partial class AnswerSchemas
{
    internal static OpenApiSchema EventProof() => Object(
        "That an event is under the last checkpoint (RFC 6962 hashes).",
        ("event_id", Text("The event.", format: "uuid")),
        ("sequence", Number("Its place in the ledger.", 1)),
        ("log_index", Number("Its place in the log, from 0.")),
        ("leaf", Object(
            "What the log holds of the event; the leaf is its canonical JSON.",
            ("actor", Text("Who did it.")),
            ("data_sha256", Sha256("SHA-256 of the canonical JSON of the event's data.")),
            ("id", Text("The event's id.", format: "uuid")),
            ("schema_version", Number("Version of the shape of the event's data.", 1)),
            ("sequence", Number("Its place in the ledger.", 1)),
            ("stream", Text("Its stream.")),
            ("timestamp", Moment("When it was appended.")),
            ("type", Text("Its stored name.")),
            ("version", Number("Its place in its stream, from 1.", 1)))),
        ("leaf_hash", Sha256("The hash of the leaf.")),
        ("tree_size", Number("Size of the tree that the checkpoint speaks for.", 1)),
        ("root", Sha256("The root of that tree.")),
        ("hashes", Hashes("The hashes from the leaf to the root.")),
        ("checkpoint", Text("The signed checkpoint (C2SP tlog-checkpoint).")),
        ("tlog_proof", Text("The same proof as a C2SP tlog-proof.")),
        AsOf());

    internal OpenApiSchema AuditReport() => Object(
        "The server's report on its own ledger (audit.md section 4).",
        ("status", Word("Whether everything is as it must be.", "verified", "violated")),
        ("verifier_keys", Texts("The verifier keys of the log that were trusted.")),
        ("keys_from", Word("Who named them: keys of the operator prove nothing against the operator.", "caller", "operator")),
        ("since", Number("The size of the log from which on was verified: 0 for everything.")),
        ("checkpoint", OrNull(
            "The last checkpoint that is good; null if there is none. Everything up to its size is proven.",
            Object(
                "A checkpoint.",
                ("origin", Text("The log.")),
                ("size", Number("Size of its tree.")),
                ("root", Sha256("The root of that tree.")),
                ("note", Text("The signed checkpoint (C2SP tlog-checkpoint)."))))),
        ("policy", OrNull(Word(
            "Whether that checkpoint is cosigned as the policy asks; null where none was given.", "satisfied", "unsatisfied"))),
        ("cosigned_by", Texts("Keys of the witnesses of the policy that cosigned it, where they are enough.")),
        ("counts", Object(
            "How much was looked at.",
            ("events", Number()),
            ("events_behind", Number()),
            ("leaves", Number()),
            ("leaves_unsigned", Number()),
            ("tiles", Number()),
            ("checkpoints", Number()),
            ("cosignatures", Number()),
            ("references", Number()),
            ("contents", Number()),
            ("content_bytes", Number()),
            ("artifacts", Number()),
            ("decisions", Number()),
            ("projections", Number()),
            ("place_changes", Number()))),
        ("deep", OrNull(
            "What came of running lanes again; null where it was not asked for.",
            Object(
                "Lanes that were run again.",
                ("evaluations_reproduced", Number("Evaluations that gave the same files.")),
                ("evaluations_different", Number("Evaluations that did not.")),
                ("evaluations_not_run", Number("Evaluations that were not run again.")),
                ("not_run_counts", Counts("Those, by reason.")),
                ("not_run", Many(
                    "Those, of one reason not more than 100.",
                    Object(
                        "An evaluation that was not run again.",
                        ("evaluation_id", Id("The evaluation.")),
                        ("stream", Text("Its stream.")),
                        ("sequence", Number("Its place in the ledger.", 1)),
                        ("reason", Text("Why not, as a code.")),
                        ("explanation", Text("Why not, for people.")))))))),
        ("finding_counts", Counts("Number of findings, by code.")),
        ("findings", Many(AuditFinding, "By check and place, of one code not more than 100.")));

    internal OpenApiSchema AuditFinding() => Object(
        "Something that is not as it must be; what does not apply is null.",
        ("check", Text("The check that found it, by its letter in audit.md section 4.", "^[a-h]$")),
        ("code", Text("What it is.", "^[a-z_]+$")),
        ("event_id", OrNull(Text("The event.", format: "uuid"))),
        ("sequence", OrNull(Number("Its place in the ledger."))),
        ("stream", OrNull(Text("The stream."))),
        ("version", OrNull(Number("The event's place in the stream."))),
        ("content_sha256", OrNull(Sha256("The stored document."))),
        ("subject", OrNull(Text("What else it is about."))),
        ("expected", Text("What was expected there.")),
        ("found", Text("What was found.")));

    internal static OpenApiSchema ProjectionComparison() => Object(
        "What was found in projections.",
        ("rebuilt", Flag("Whether they were made anew where they differed, and not only compared.")),
        ("projections", Many(
            "Each projection that was looked at.",
            Object(
                "How a projection compares with what the events say.",
                ("name", Text("The projection.")),
                ("sequence", OrNull(Number("The event up to which it was compared; null for one that is written with its events."))),
                ("rows", Number("Rows that the events give.")),
                ("missing", Number("Rows that are not there.")),
                ("superfluous", Number("Rows that the events do not give.")),
                ("different", Number("Rows that are not as the events give them.")),
                ("equal", Flag("Whether it is what the events say."))))));

    internal static OpenApiSchema SchemaDifferences() => Object(
        "How the database compares with what the program expects.",
        ("equal", Flag("Whether it is as expected.")),
        ("differences", Many(
            "Every difference.",
            Object(
                "A difference.",
                ("kind", Word(
                    "missing and unexpected of what is there, migration of what was applied, event_store of what the event store says.",
                    "migration", "missing", "unexpected", "event_store")),
                ("what", Text("What it is."))))));

    internal static OpenApiSchema SecurityEntries() => Object(
        "Requests that were refused.",
        ("entries", Many(
            "Newest first.",
            Object(
                "A request that was refused. Texts of the request are cut and made printable.",
                ("refused_at", Moment("When.")),
                ("status", Number("Status of the answer, 400 to 499.", 400, 499)),
                ("code", Text("Why.")),
                ("actor", OrNull(Text("Who asked; null where nobody was authenticated."))),
                ("role", OrNull(Text("The role of who asked."))),
                ("key_name", OrNull(Text("Name of the key that was shown, also of one that counts no more."))),
                ("address", OrNull(Text("Address of who asked."))),
                ("method", Text("HTTP method; empty where the request was not read so far.")),
                ("path", Text("The path, without the query.")),
                ("correlation_id", Text("What the request is known by."))))));

    internal static OpenApiSchema Checkpoint() => Text(
        "A signed checkpoint (C2SP tlog-checkpoint): origin, size and root of the log, and signatures.",
        @"^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n\n(— [^\n]+\n)+$");

    internal static OpenApiSchema TlogProof() => Text(
        "A C2SP tlog-proof, with the leaf as its extra data.",
        @"^c2sp\.org/tlog-proof@v1\nextra [A-Za-z0-9+/=]+\nindex [0-9]+\n([A-Za-z0-9+/]{43}=\n)*\n[^\n]+\n[0-9]+\n");
}
