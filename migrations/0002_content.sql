-- Documents by the SHA-256 of their bytes (ledger.md section 3).

CREATE TABLE janusq.content (
    sha256      bytea                       NOT NULL,
    size        bigint                      NOT NULL,
    encoding    text                        NOT NULL,
    bytes       bytea                       NOT NULL,
    created     timestamp with time zone    NOT NULL DEFAULT now(),
    CONSTRAINT pkey_content_sha256 PRIMARY KEY (sha256),
    CONSTRAINT content_sha256_has_32_bytes CHECK (length(sha256) = 32),
    CONSTRAINT content_size_is_not_negative CHECK (size >= 0),
    CONSTRAINT content_encoding_is_known CHECK (encoding IN ('raw', 'br')),
    CONSTRAINT content_raw_has_its_size CHECK (encoding <> 'raw' OR length(bytes) = size)
);

-- Bytes are compressed before they come here. Most documents of a run then fit into a page: one row each, instead of one and some pieces
-- elsewhere.
ALTER TABLE janusq.content
    ALTER COLUMN bytes SET STORAGE EXTERNAL,
    SET (toast_tuple_target = 8160);

COMMENT ON TABLE janusq.content IS 'Documents by the SHA-256 of their bytes. Rows are inserted and never changed.';
COMMENT ON COLUMN janusq.content.sha256 IS 'SHA-256 of the bytes before compression.';
COMMENT ON COLUMN janusq.content.size IS 'Number of bytes before compression.';
COMMENT ON COLUMN janusq.content.encoding IS 'How the bytes are stored: raw, or br for Brotli.';
COMMENT ON COLUMN janusq.content.bytes IS 'The bytes in that encoding.';
COMMENT ON COLUMN janusq.content.created IS 'When the row was inserted.';
