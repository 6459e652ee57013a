// A second verifier of exported ledgers, written from docs/ledger-format.md in another language, so that one slip
// of reading or of code cannot pass in both. Usage: node verify_ledger.mjs FILE [--checkpoint FILE]… [--key FILE]…
// Answers the JSON that `connective-ledger verify --json` answers, and the same exit code. Needs node alone.

import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { readFileSync } from "node:fs";

const CONTROL = '{"ledger_';
const LARGEST_BLOCK = 100000;
const TEXT = /^connective-ledger-v1\n([0-9a-f-]{36})\n(0|[1-9][0-9]{0,14})\n([0-9a-f]{64})\n([0-9]{4}-[0-9]{2}-[0-9T:]{11}Z)\n$/;

class Damaged extends Error {}

class Fault extends Error {
  constructor(code, first = null, last = null, entryId = null) {
    super(code);
    this.members = { code, first, last, entry_id: entryId };
  }
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (content) => sha256(Buffer.from([0]), content);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

// RFC 6962 §2.1, kept as the stack of the roots of complete subtrees: [size, root], largest first.
class Tree {
  constructor() {
    this.size = 0;
    this.stack = [];
  }

  append(leaf) {
    let node = [1, leaf];
    while (this.stack.length && this.stack.at(-1)[0] === node[0]) {
      const [size, left] = this.stack.pop();
      node = [2 * size, nodeHash(left, node[1])];
    }
    this.stack.push(node);
    this.size += 1;
  }

  root() {
    if (!this.stack.length) return sha256(Buffer.alloc(0));
    return this.stack.map(([, root]) => root).reduceRight((right, left) => nodeHash(left, right));
  }
}

// Lines as bytes without their line feed; `whole` is false for a last line that has none.
class Lines {
  constructor(content) {
    this.content = content;
    this.at = 0;
  }

  next() {
    if (this.at >= this.content.length) return null;
    const end = this.content.indexOf(10, this.at);
    const line = { bytes: this.content.subarray(this.at, end < 0 ? undefined : end), whole: end >= 0 };
    this.at = end < 0 ? this.content.length : end + 1;
    return line;
  }

  take(count) {
    const taken = [];
    for (let line; taken.length < count && (line = this.next()); ) taken.push(line);
    return taken;
  }
}

const isControl = (line) => line.bytes.subarray(0, CONTROL.length).toString("latin1") === CONTROL;

function readControl(line) {
  let document;
  try {
    document = JSON.parse(line.bytes.toString("utf8"));
  } catch {
    throw new Damaged("neither an entry nor a control line");
  }
  const members = Object.entries(document ?? {});
  if (members.length !== 1) throw new Damaged("a control line of another shape");
  const [name, content] = members[0];
  const isObject = content && typeof content === "object" && !Array.isArray(content);
  if (!isObject || !name.startsWith("ledger_")) throw new Damaged("a control line of another shape");
  return [name.slice("ledger_".length), content];
}

function readHeader(line) {
  const [name, content] = line ? readControl(line) : [];
  if (name !== "export" || content.version !== 1) throw new Damaged("not an export of the ledger");
  const { place_id: placeId, size, root, keys } = content;
  if (typeof placeId !== "string" || !Number.isInteger(size) || typeof root !== "string" || !Array.isArray(keys)) {
    throw new Damaged("the header lacks something");
  }
  return { placeId, size, root, keys };
}

function readNote(document) {
  const found = TEXT.exec(document?.text ?? "");
  if (!found || typeof document.signature !== "string" || typeof document.key_id !== "string") {
    throw new Error("not a checkpoint");
  }
  const [, placeId, size, root, signedAt] = found;
  if (Number.isNaN(Date.parse(signedAt)) || !/^([0-9a-f]{2})*$/i.test(document.signature)) throw new Error("not a checkpoint");
  return {
    placeId,
    size: Number(size),
    root: Buffer.from(root, "hex"),
    text: document.text,
    signature: Buffer.from(document.signature, "hex"),
    keyId: document.key_id,
    publicKey: document.public_key ?? null,
  };
}

function readNotes(text) {
  let documents;
  try {
    documents = [JSON.parse(text)];
  } catch {
    documents = text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
  }
  return documents.flatMap((one) => (Array.isArray(one) ? one : one.items ?? [one])).map(readNote);
}

function readKeys(text) {
  const document = JSON.parse(text);
  const keys = Array.isArray(document) ? document : document.keys ?? [document];
  if (!keys.every((key) => key && key.kid && key.x)) throw new Error("not a public key");
  return keys;
}

function isSignedBy(note, key) {
  try {
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.x }, format: "jwk" });
    return verifySignature(null, Buffer.from(note.text), publicKey, note.signature);
  } catch {
    return false;
  }
}

class Checking {
  constructor(header, kept, keys) {
    this.header = header;
    this.tree = new Tree();
    this.kept = kept;
    this.waiting = [...kept].sort((a, b) => a.size - b.size);
    this.heldKept = 0;
    this.counts = { checkpoints: 0, signedSize: 0, kept: 0 };
    this.given = new Map(keys.map((key) => [key.kid, key]));
    this.inFile = new Map(header.keys.map((key) => [key.kid ?? "", key]));
  }

  run(lines) {
    this.begin();
    this.read(lines);
    for (const note of this.waiting) this.shortened(note);
    if (this.tree.size && !this.counts.signedSize) throw new Fault("checkpoint_missing");
  }

  begin() {
    const cameAlong = new Map(this.kept.filter((n) => n.publicKey).map((n) => [n.publicKey.kid, n.publicKey]));
    for (const [kid, key] of [...cameAlong, ...this.given]) {
      if (this.inFile.has(kid) && this.inFile.get(kid).x !== key.x) throw new Fault("key_changed");
    }
    for (const note of this.kept) {
      if (note.placeId !== this.header.placeId) throw new Fault("other_place");
      this.authentic(note, cameAlong);
    }
    this.holdAgainstKept();
  }

  read(lines) {
    for (;;) {
      const line = lines.next();
      if (!line || !line.whole) throw new Fault("file_cut", this.tree.size);
      if (!isControl(line)) {
        throw new Fault("entry_inserted", this.tree.size, this.tree.size, idOf(line));
      }
      const [name, content] = this.orDamaged(() => readControl(line));
      if (name === "end") return this.end(content, lines.next());
      if (name === "block") this.block(content, lines);
      else if (name === "checkpoint") this.checkpoint(content);
      else throw new Fault("file_damaged");
    }
  }

  orDamaged(read, first = null) {
    try {
      return read();
    } catch (error) {
      if (error instanceof Damaged) throw new Fault("file_damaged", first);
      throw error;
    }
  }

  block(content, lines) {
    const size = this.tree.size;
    const { first, leaf_hashes: joined } = content;
    const isHashes = typeof joined === "string" && /^([0-9a-f]{64})*$/i.test(joined);
    if (!Number.isInteger(first) || !isHashes || joined.length > 64 * LARGEST_BLOCK) {
      throw new Fault("file_damaged", size);
    }
    if (first > size) throw new Fault("entry_missing", size, first - 1);
    if (first < size) throw new Fault("file_damaged", first);
    const sealed = joined.match(/.{64}/g)?.map((hash) => hash.toLowerCase()) ?? [];
    const entries = lines.take(sealed.length);
    const found = entries.map((line) => leafHash(line.bytes).toString("hex"));
    const same = entries.length === sealed.length && entries.every((line, n) => line.whole && found[n] === sealed[n]);
    if (!same) throw blockFault(size, sealed, entries, lines);
    for (const leaf of found) {
      this.tree.append(Buffer.from(leaf, "hex"));
      this.holdAgainstKept();
    }
  }

  holdAgainstKept() {
    while (this.waiting.length && this.waiting[0].size === this.tree.size) {
      const note = this.waiting.shift();
      this.agrees(note, this.heldKept);
      this.heldKept = note.size;
      this.counts.kept += 1;
    }
  }

  checkpoint(content) {
    let note;
    try {
      note = readNote(content);
    } catch {
      throw new Fault("checkpoint_forged");
    }
    if (note.placeId !== this.header.placeId) throw new Fault("other_place");
    this.authentic(note, new Map());
    if (note.size > this.tree.size) this.shortened(note);
    this.agrees(note, this.counts.signedSize);
    this.counts.checkpoints += 1;
  }

  authentic(note, cameAlong) {
    let key = this.given.get(note.keyId);
    if (!key && !this.given.size) key = cameAlong.get(note.keyId) ?? this.inFile.get(note.keyId);
    if (!key) throw new Fault("key_unknown");
    if (!isSignedBy(note, key)) throw new Fault("checkpoint_forged");
  }

  agrees(note, good) {
    if (note.size === this.tree.size && note.root.equals(this.tree.root())) {
      this.counts.signedSize = Math.max(this.counts.signedSize, note.size);
      return;
    }
    const last = Math.max(note.size - 1, 0);
    throw new Fault("checkpoint_contradicted", Math.min(good, last), last);
  }

  shortened(note) {
    throw new Fault("log_shortened", this.tree.size, note.size - 1);
  }

  end(content, after) {
    const { size } = this.tree;
    if (content.size !== this.header.size || after) throw new Fault("file_damaged");
    if (size < this.header.size) throw new Fault("entry_missing", size, this.header.size - 1);
    if (size > this.header.size || this.tree.root().toString("hex") !== this.header.root) throw new Fault("head_altered");
  }
}

function idOf(line) {
  try {
    const { id } = JSON.parse(line.bytes.toString("utf8"));
    return typeof id === "string" ? id : null;
  } catch {
    return null;
  }
}

function blockFault(size, sealed, taken, lines) {
  const entries = [];
  let ends = true;
  for (const line of [...taken, ...lines.take(taken.length)]) {
    if (isControl(line)) {
      ends = false;
      break;
    }
    if (line.whole) entries.push(line);
  }
  ends = ends && !lines.next();
  const found = entries.map((line) => leafHash(line.bytes).toString("hex"));
  let at = 0;
  while (at < sealed.length && at < found.length && sealed[at] === found[at]) at += 1;
  const seq = size + at;
  if (at === found.length && ends) return new Fault("file_cut", seq);
  const removed = found.length < sealed.length && sealed.slice(at + 1).includes(found[at]);
  if (at === found.length || removed) return new Fault("entry_missing", seq, seq);
  const added = found.length > sealed.length && found.slice(at + 1).includes(sealed[at]);
  const id = idOf(entries[at]);
  if (at === sealed.length || added) return new Fault("entry_inserted", seq, seq, id);
  return new Fault(sealed.includes(found[at]) ? "entry_moved" : "entry_altered", seq, seq, id);
}

function check(content, kept, keys) {
  const lines = new Lines(content);
  const checking = new Checking(readHeader(lines.next()), kept, keys);
  let fault = null;
  try {
    checking.run(lines);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error.members;
  }
  const { tree, counts, header } = checking;
  return {
    whole: fault === null,
    place_id: header.placeId,
    size: tree.size,
    root: tree.root().toString("hex"),
    checkpoints: counts.checkpoints,
    signed_size: counts.signedSize,
    kept: counts.kept,
    fault,
  };
}

function main([file, ...options]) {
  const kept = [];
  const keys = [];
  try {
    for (let n = 0; n < options.length; n += 2) {
      const text = readFileSync(options[n + 1], "utf8");
      if (options[n] === "--checkpoint") kept.push(...readNotes(text));
      else keys.push(...readKeys(text));
    }
    const answer = check(readFileSync(file), kept, keys);
    process.stdout.write(JSON.stringify(answer) + "\n");
    return answer.whole ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
