#!/usr/bin/env node
// A second verifier of bundles, written from docs/audit.md and nothing else, with the built-in modules of Node alone.
// node verify.mjs BUNDLE KEY [KEY ...]: prints one JSON document, ends with 0 if everything holds, with 5 if anything does not.
// It does not derive decisions again and does not recompute Janus artifacts.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import process from 'node:process';
import { Readable, pipeline } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';

const MOST_IN_MEMORY = 1 << 30;
const ALWAYS = ['manifest.json', 'events.jsonl', 'checkpoint', 'key.vkey', 'policy.tlog-policy', 'report.html'];
const NAME = /^(?:content\/[0-9a-f]{64}|proofs\/(?:0|[1-9][0-9]{0,18})\.tlog-proof|statements\/[0-9a-f]{24}\.dsse\.json)$/;
const NAMED = {
  artifact_emitted: [['sha256'], []],
  lane_run_started: [[], ['signals_sha256', 'strategy_config_sha256', 'gate_policy_sha256', 'documents.strategy_configmap',
    'documents.forecast_metrics', 'documents.rollback_readiness', 'documents.tca_metrics', 'documents.llm_metrics', 'documents.drift_evidence']],
  gate_matrix_evaluated: [['policy_sha256', 'gate_inputs_sha256'], []],
  promotion_decided: [['policy_sha256', 'gate_inputs_sha256', 'gate_report_sha256'], []],
  policy_published: [['policy_sha256'], []],
  drill_recorded: [[], ['evidence_sha256']],
};

const findings = [];
const find = (place, what) => { if (findings.length < 1000) findings.push({ place, what }); };
const sha256 = (...parts) => { const hash = createHash('sha256'); for (const part of parts) hash.update(part); return hash.digest(); };
const hex = (...parts) => sha256(...parts).toString('hex');
const isHash = text => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

// ---- strict parts of texts

function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function utf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

// Below the surrogates the order of UTF-16 units is that of code points.
const codePoints = (a, b) => /[\ud800-\uffff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0;

// Canonical JSON of texts, integers, lists and objects: all that leaves, manifest and statements have.
function canonical(value) {
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error('a number that is no integer');
    return String(value);
  }
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(/[\u007f-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  }
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  return '{' + Object.keys(value).sort(codePoints).map(name => canonical(name) + ':' + canonical(value[name])).join(',') + '}';
}

// A value that is spelled canonically, or null.
function parseCanonical(bytes) {
  try {
    const text = utf8(bytes);
    const value = text === null ? null : JSON.parse(text);
    return value !== null && canonical(value) === text ? value : null;
  } catch {
    return null;
  }
}

// ---- zip

class Zip {
  constructor(path) {
    this.file = openSync(path, 'r');
    this.size = fstatSync(this.file).size;
    this.entries = new Map();
    const tail = this.at(Math.max(0, this.size - 65557), Math.min(this.size, 65557));
    let end = tail.length - 22;
    while (end >= 0 && tail.readUInt32LE(end) !== 0x06054b50) end--;
    if (end < 0) throw new Error('no end of a central directory');
    let [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
    if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
      const locator = tail.subarray(end - 20, end);
      if (locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) throw new Error('no locator of a zip64 directory');
      const record = this.at(Number(locator.readBigUInt64LE(8)), 56);
      if (record.readUInt32LE(0) !== 0x06064b50) throw new Error('no zip64 end of a central directory');
      [count, length, start] = [32, 40, 48].map(at => Number(record.readBigUInt64LE(at)));
    }
    const directory = this.at(start, length);
    for (let at = 0, i = 0; i < count; i++) {
      if (directory.readUInt32LE(at) !== 0x02014b50) throw new Error('a broken central directory');
      const entry = {
        flags: directory.readUInt16LE(at + 8), method: directory.readUInt16LE(at + 10),
        packed: directory.readUInt32LE(at + 20), size: directory.readUInt32LE(at + 24), offset: directory.readUInt32LE(at + 42),
      };
      const [named, extra, comment] = [28, 30, 32].map(offset => directory.readUInt16LE(at + offset));
      const name = directory.toString('utf8', at + 46, at + 46 + named);
      for (let field = at + 46 + named; field < at + 46 + named + extra;) {
        const [id, size] = [directory.readUInt16LE(field), directory.readUInt16LE(field + 2)];
        if (id === 1) {
          let value = field + 4;
          for (const member of ['size', 'packed', 'offset']) {
            if (entry[member] !== 0xffffffff) continue;
            entry[member] = Number(directory.readBigUInt64LE(value));
            value += 8;
          }
        }
        field += 4 + size;
      }
      if (!ALWAYS.includes(name) && !NAME.test(name)) find(name, 'a name that no file of a bundle has');
      else if (this.entries.has(name)) find(name, 'two files of one name');
      else if (entry.flags & 1) find(name, 'an encrypted file');
      else if (entry.method !== 0 && entry.method !== 8) find(name, 'packed in an unknown way');
      this.entries.set(name, entry);
      at += 46 + named + extra + comment;
    }
  }

  at(position, length) {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.file, bytes, done, length - done, position + done);
      if (count === 0) throw new Error('the file ends too early');
      done += count;
    }
    return bytes;
  }

  // The bytes of a file, piece by piece; what it says of its size is the limit.
  async * pieces(name) {
    const entry = this.entries.get(name);
    const header = this.at(entry.offset, 30);
    if (header.readUInt32LE(0) !== 0x04034b50) throw new Error('no file where the directory says');
    const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const zip = this;
    function* packed() {
      for (let done = 0; done < entry.packed; done += 65536) yield zip.at(start + done, Math.min(65536, entry.packed - done));
    }
    let source = packed();
    if (entry.method === 8 && entry.packed <= 65536 && entry.size <= 1 << 26) {
      source = entry.packed === 0 ? [] : [inflateRawSync(zip.at(start, entry.packed), { maxOutputLength: entry.size + 1 })];
    } else if (entry.method === 8) {
      // What goes wrong in it comes out where it is read.
      source = createInflateRaw();
      pipeline(Readable.from(packed()), source, () => {});
    }
    let size = 0;
    for await (const piece of source) {
      size += piece.length;
      if (size > entry.size) throw new Error('larger than it says');
      yield piece;
    }
    if (size !== entry.size) throw new Error('smaller than it says');
  }
}

// ---- keys, notes, proofs

function parseKey(text) {
  const plus = text.split('+');
  if (plus.length < 3) return null;
  const [name, id, typed] = [plus[0], plus[1], base64(plus.slice(2).join('+'))];
  if (!name || /\s/.test(name) || typed === null || typed.length !== 33 || typed[0] !== 1) return null;
  if (sha256(name + '\n', typed).subarray(0, 4).toString('hex') !== id) return null;
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]);
  return { text, name, id, public: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

function parseNote(bytes) {
  const all = utf8(bytes);
  const blank = all === null ? -1 : all.lastIndexOf('\n\n');
  if (blank < 0 || !all.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(all)) return null;
  const text = all.slice(0, blank + 1);
  const signatures = all.slice(blank + 2).split('\n').slice(0, -1).map(line => {
    const parts = line.split(' ');
    const typed = parts.length === 3 && parts[0] === '\u2014' ? base64(parts[2]) : null;
    return typed === null || typed.length < 5 ? null : { name: parts[1], id: typed.subarray(0, 4).toString('hex'), signature: typed.subarray(4) };
  });
  const [origin, size, root] = text.split('\n');
  const hash = root === undefined ? null : base64(root);
  if (signatures.length === 0 || signatures.includes(null) || !origin || !/^(0|[1-9][0-9]*)$/.test(size ?? '') || hash === null || hash.length !== 32) return null;
  return { text, signatures, origin, size: Number(size), root: hash };
}

// The keys of the log that signed, or the reason why the note is refused.
function verifyNote(note, keys) {
  const good = [];
  for (const signature of note.signatures) {
    for (const key of keys.filter(key => key.name === note.origin && key.name === signature.name && key.id === signature.id)) {
      if (!verify(null, Buffer.from(note.text), key.public, signature.signature)) return 'a bad signature of ' + key.name;
      good.push(key);
    }
  }
  return good.length > 0 ? good : 'no signature of a key that was given';
}

const leafHash = leaf => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

// A tree as leaves are appended: the roots of its perfect subtrees.
class Tree {
  size = 0;
  roots = [];

  append(hash) {
    for (let bits = this.size; bits % 2 === 1; bits = Math.floor(bits / 2)) hash = nodeHash(this.roots.pop(), hash);
    this.roots.push(hash);
    this.size++;
  }

  root() {
    return this.roots.length === 0 ? sha256('') : this.roots.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), this.roots.at(-1));
  }
}

function includes(hash, index, size, path, root) {
  if (index >= size) return false;
  let [fn, sn, r] = [BigInt(index), BigInt(size) - 1n, hash];
  for (const p of path) {
    if (sn === 0n) return false;
    if (fn % 2n === 1n || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      r = nodeHash(r, p);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && r.equals(root);
}

// ---- the bundle

class Bundle {
  constructor(zip, keys) {
    this.zip = zip;
    this.keys = keys;
    this.named = new Map();
    this.decisions = new Map();
    this.counts = { events: 0, contents: 0, statements: 0 };
  }

  has(name) { return this.zip.entries.has(name); }

  names(folder) { return [...this.zip.entries.keys()].filter(name => name.startsWith(folder)); }

  // Reads a file to its end, compares it with the manifest, and answers its hash; none where it cannot be read.
  async stream(name, take) {
    const hash = createHash('sha256');
    try {
      for await (const piece of this.zip.pieces(name)) {
        hash.update(piece);
        take(piece);
      }
    } catch (failure) {
      find(name, failure.message);
      return null;
    }
    const digest = hash.digest('hex');
    const listed = this.listed?.get(name);
    if (listed && (listed.sha256 !== digest || listed.size !== this.zip.entries.get(name).size)) find(name, 'not what the manifest lists');
    return digest;
  }

  async read(name) {
    if (!this.has(name)) return find(name, 'missing'), null;
    if (this.zip.entries.get(name).size > MOST_IN_MEMORY) return find(name, 'too large'), null;
    const pieces = [];
    return await this.stream(name, piece => pieces.push(piece)) === null ? null : Buffer.concat(pieces);
  }

  async verify() {
    const manifest = this.manifest = parseCanonical(await this.read('manifest.json') ?? Buffer.alloc(0));
    if (!manifest || manifest.format !== 'janusq-bundle' || manifest.format_version !== 1 || !Array.isArray(manifest.files) || !manifest.counts
      || !manifest.scope || !Array.isArray(manifest.absent_content)) {
      return find('manifest.json', 'no canonical manifest of version 1');
    }
    this.listed = new Map(manifest.files.map(file => [file.path, file]));
    const sorted = manifest.files.map(file => file.path).sort(codePoints);
    if (this.listed.size !== manifest.files.length || manifest.files.some((file, i) => file.path !== sorted[i])) find('manifest.json', 'files not sorted, or one twice');
    if (manifest.counts.files !== manifest.files.length) find('manifest.json', 'another number of files');
    for (const name of this.zip.entries.keys()) if (name !== 'manifest.json' && !this.listed.has(name)) find(name, 'not listed');
    for (const name of [...this.listed.keys(), ...ALWAYS]) if (!this.has(name)) find(name, 'missing');
    const bytes = await this.read('checkpoint');
    this.checkpoint = bytes;
    const note = this.note = bytes && parseNote(bytes);
    if (!note) return find('checkpoint', 'no signed checkpoint');
    const signedBy = verifyNote(note, this.keys);
    if (typeof signedBy === 'string') find('checkpoint', signedBy);
    if (manifest.origin !== note.origin || manifest.tree_size !== note.size || manifest.root !== note.root.toString('hex')) {
      find('manifest.json', 'not the origin, size and root of the checkpoint');
    }
    await this.verifyKeys(note, Array.isArray(signedBy) ? signedBy : []);
    this.whole = manifest.scope.kind === 'all';
    await this.verifyEvents();
    await this.verifyContents();
    await this.verifyStatements();
    await this.read('report.html');
  }

  async verifyKeys(note, signedBy) {
    const lines = (utf8(await this.read('key.vkey') ?? Buffer.alloc(0)) ?? '').split('\n');
    if (lines.pop() !== '' || lines.some(line => parseKey(line) === null)) find('key.vkey', 'not a verifier key a line');
    for (const key of signedBy) if (!lines.includes(key.text)) find('key.vkey', 'without the key that signed');
    const policy = utf8(await this.read('policy.tlog-policy') ?? Buffer.alloc(0)) ?? '';
    const words = policy.split('\n').map(line => line.split(/[ \t]+/).filter(Boolean));
    const logs = words.filter(line => line[0] === 'log').map(line => parseKey(line[1] ?? ''));
    const quorums = words.filter(line => line[0] === 'quorum');
    if (logs.includes(null) || quorums.length !== 1) find('policy.tlog-policy', 'no policy');
    else if (typeof verifyNote(note, logs) === 'string') find('policy.tlog-policy', 'not satisfied by the checkpoint');
  }

  async verifyEvents() {
    const { note, manifest, whole } = this;
    const [tree, streams, proofs] = [new Tree(), new Map(), new Set()];
    const main = whole ? null : 'candidate-' + manifest.scope.candidate_id;
    const waiting = [];
    let [lastIndex, lastSequence] = [-1, -1];
    const take = line => {
      const place = `events.jsonl:${++this.counts.events}`;
      const [leafAt, indexAt] = [line.lastIndexOf(',"leaf":{"actor":'), line.lastIndexOf(',"log_index":')];
      if (line.indexOf('{"data":') !== 0 || leafAt < 9 || indexAt < leafAt || line.at(-1) !== 0x7d) return find(place, 'no line of an event');
      const [data, bytes, digits] = [line.subarray(8, leafAt), line.subarray(leafAt + 8, indexAt), line.toString('latin1', indexAt + 13, line.length - 1)];
      const leaf = parseCanonical(bytes);
      if (whole) tree.append(leafHash(bytes));
      if (!leaf || !/^(0|[1-9][0-9]*)$/.test(digits) || Object.keys(leaf).join() !== 'actor,data_sha256,id,schema_version,sequence,stream,timestamp,type,version') {
        return find(place, 'no canonical leaf or index');
      }
      const index = Number(digits);
      if (hex(data) !== leaf.data_sha256) find(place, 'data that do not hash to data_sha256');
      if (index <= lastIndex || leaf.sequence <= lastSequence) find(place, 'out of order');
      [lastIndex, lastSequence] = [index, leaf.sequence];
      if (whole && index !== tree.size - 1) find(place, 'not the next log index');
      if (!whole && !proofs.has(index)) {
        proofs.add(index);
        waiting.push([place, index, leafHash(bytes)]);
      }
      const before = streams.get(leaf.stream) ?? 0;
      if (whole || leaf.stream === main ? leaf.version !== before + 1 : leaf.version <= before) find(place, 'a gap in the versions of ' + leaf.stream);
      streams.set(leaf.stream, leaf.version);
      this.takeData(place, leaf, data);
    };
    if (this.has('events.jsonl')) {
      let rest = [];
      await this.stream('events.jsonl', piece => {
        for (let end; (end = piece.indexOf(10)) >= 0; piece = piece.subarray(end + 1)) {
          take(rest.length === 0 ? piece.subarray(0, end) : Buffer.concat([...rest, piece.subarray(0, end)]));
          rest = [];
        }
        if (piece.length > 0) rest.push(Buffer.from(piece));
      });
      if (rest.length > 0) find('events.jsonl', 'a line that does not end');
    }
    if (whole && (tree.size !== note.size || !tree.root().equals(note.root))) find('events.jsonl', 'not the tree of the checkpoint');
    for (const [place, index, hash] of waiting) await this.verifyProof(place, index, hash);
    for (const name of this.names('proofs/')) if (whole || !proofs.has(Number(name.slice(7, -11)))) find(name, 'a proof of no event');
    if (manifest.counts.events !== this.counts.events || manifest.counts.decisions !== this.decisions.size) find('manifest.json', 'other counts');
    if (main !== null && !streams.has(main)) find('events.jsonl', 'without the candidate');
    if (manifest.scope.decision_id && !this.decisions.has(manifest.scope.decision_id)) find('events.jsonl', 'without the decision');
  }

  async verifyProof(place, index, hash) {
    const name = `proofs/${index}.tlog-proof`;
    if (!this.has(name)) return find(place, 'without a proof');
    const bytes = await this.read(name);
    const blank = bytes === null ? -1 : bytes.indexOf('\n\n');
    if (blank < 0) return find(name, 'no proof');
    const lines = bytes.toString('latin1', 0, blank).split('\n');
    if (lines.shift() !== 'c2sp.org/tlog-proof@v1') return find(name, 'no proof');
    if (lines[0]?.startsWith('extra ')) lines.shift();
    if (lines.shift() !== `index ${index}`) return find(name, 'of another index');
    const path = lines.map(base64);
    if (path.some(one => one === null || one.length !== 32) || !bytes.subarray(blank + 2).equals(this.checkpoint)) return find(name, 'no proof under this checkpoint');
    if (!includes(hash, index, this.note.size, path, this.note.root)) find(place, 'not in the tree of the checkpoint');
  }

  takeData(place, leaf, data) {
    const type = leaf.type.replace(/\.v[0-9]+$/, '');
    if (!(type in NAMED)) return;
    let members;
    try {
      members = JSON.parse(data);
    } catch {
      return find(place, 'data that are no JSON');
    }
    NAMED[type].forEach((paths, optional) => {
      for (const path of paths) {
        const hash = path.split('.').reduce((value, name) => value?.[name], members);
        if (isHash(hash)) this.named.set(hash, optional === 0 || this.named.get(hash) === true);
      }
    });
    if (leaf.type !== 'promotion_decided') return;
    if (this.decisions.has(members.decision_id)) find(place, 'a decision twice');
    this.decisions.set(members.decision_id, { data: members, stream: leaf.stream });
  }

  async verifyContents() {
    const absent = new Set(this.manifest.absent_content);
    for (const name of this.names('content/')) {
      const hash = name.slice(8);
      if (await this.stream(name, () => {}) !== hash) find(name, 'not what its name says');
      if (!this.named.has(hash)) find(name, 'a document that no event names');
      this.counts.contents++;
    }
    if (this.manifest.counts.contents !== this.counts.contents) find('manifest.json', 'another number of documents');
    for (const [hash, required] of this.named) {
      if (!this.has('content/' + hash) && (required || !absent.has(hash))) find('content/' + hash, 'missing');
    }
    for (const hash of absent) if (this.has('content/' + hash) || !this.named.has(hash)) find('manifest.json', 'not absent: ' + hash);
  }

  async verifyStatements() {
    const count = this.manifest.counts.statements;
    const names = this.names('statements/');
    if (count !== 0 && count !== this.decisions.size) find('manifest.json', 'statements for some decisions only');
    for (const name of names) if (count === 0 || !this.decisions.has(name.slice(11, -10))) find(name, 'a statement about no decision');
    if (count === 0) return;
    for (const [id, { data, stream }] of this.decisions) {
      const name = `statements/${id}.dsse.json`;
      const envelope = parseCanonical(await this.read(name) ?? Buffer.alloc(0));
      const payload = typeof envelope?.payload === 'string' ? base64(envelope.payload) : null;
      if (payload === null || envelope.payloadType !== 'application/vnd.in-toto+json' || !Array.isArray(envelope.signatures)) {
        find(name, 'no envelope');
        continue;
      }
      const signed = Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(envelope.payloadType)} ${envelope.payloadType} ${payload.length} `), payload]);
      const good = envelope.signatures.some(one => {
        const signature = base64(one.sig ?? '');
        return signature !== null && this.keys.some(key => verify(null, signed, key.public, signature));
      });
      if (!good) {
        find(name, 'no signature of a key that was given');
        continue;
      }
      this.compareStatement(name, parseCanonical(payload), id, data, stream);
      this.counts.statements++;
    }
  }

  compareStatement(name, statement, id, data, stream) {
    const uri = 'https://' + this.note.origin;
    const predicate = statement?.predicate;
    const passed = data.action === 'promote';
    const expected = [
      [statement?._type, 'https://in-toto.io/Statement/v1'],
      [statement?.predicateType, 'https://slsa.dev/verification_summary/v1'],
      [statement?.subject?.length, 1],
      [statement?.subject?.[0]?.name, stream.slice('candidate-'.length)],
      [statement?.subject?.[0]?.digest?.sha256, data.artifact_set_sha256],
      [predicate?.verifier?.id, uri],
      [predicate?.timeVerified, String(data.at).replace('+00:00', 'Z')],
      [predicate?.resourceUri, `${uri}/decisions/${id}`],
      [predicate?.policy?.digest?.sha256, data.policy_sha256 ?? predicate?.policy?.digest?.sha256],
      [predicate?.policy?.uri, `${uri}/content/${predicate?.policy?.digest?.sha256}`],
      [predicate?.verificationResult, passed ? 'PASSED' : 'FAILED'],
      [predicate?.verifiedLevels?.join(), passed ? 'JANUSQ_PROMOTION_' + String(data.target).toUpperCase() : 'FAILED'],
    ];
    for (const [found, wanted] of expected) if (found !== wanted) find(name, `expected ${wanted}, found ${found}`);
    for (const input of predicate?.inputAttestations ?? []) {
      if (!this.named.has(input?.digest?.sha256) || !String(input.uri).startsWith(`${uri}/evaluations/${data.evaluation_id}/`)) find(name, 'an input that no event names');
    }
  }
}

const [path, ...given] = process.argv.slice(2);
const keys = given.flatMap(text => parseKey(text) ? [text] : readFileSync(text, 'utf8').split('\n').filter(Boolean)).map(parseKey);
if (!path || keys.length === 0 || keys.includes(null)) {
  console.error('usage: node verify.mjs BUNDLE KEY [KEY ...], each KEY a verifier key or a file with them');
  process.exit(2);
}

let bundle;
try {
  const zip = new Zip(path);
  bundle = new Bundle(zip, keys);
  if (findings.length === 0) await bundle.verify();
  closeSync(zip.file);
} catch (failure) {
  find('the file', failure.message);
}

const counts = bundle?.counts ?? { events: 0, contents: 0, statements: 0 };
console.log(JSON.stringify({ status: findings.length === 0 ? 'verified' : 'findings', ...counts, decisions: bundle?.decisions.size ?? 0, findings }));
process.exitCode = findings.length === 0 ? 0 : 5;
