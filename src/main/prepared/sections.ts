import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { EXIT, UserError } from '../../model/index.js';

/** Where a section stands in the file, in bytes. */
interface Place {
  readonly start: number;
  readonly length: number;
  /** SHA-256 of what stands there, in base64; absent where values are read one at a time. */
  readonly hash?: string;
}

interface Contents {
  readonly sections: Readonly<Record<string, Place>>;
  readonly header: unknown;
}

/** The file ends with the length of its table of contents, in digits, and this. */
const END = ' trespass-prepared\n';
const LENGTH_DIGITS = 12;
const TAIL = LENGTH_DIGITS + END.length;

/** As many bytes as are gathered before they are written. */
const CHUNK = 1024 ** 2;

/** A file of named sections that is being written. It appears under its name when it is whole. */
export interface SectionWriter {
  json(name: string, value: unknown): void;
  /** Whole numbers below 2 ** 32. */
  numbers(name: string, values: ArrayLike<number>): void;
  /** Values that are read one at a time. */
  values(name: string, count: number, valueAt: (index: number) => unknown): void;
  /** Ends the file. */
  finish(header: unknown): void;
}

/** Writes a file of sections, readable by its owner alone. @throws UserError where it cannot be written */
export function writeSections(path: string, write: (sections: SectionWriter) => void): void {
  const unfinished = `${path}.unfinished`;
  try {
    const file = openSync(unfinished, 'w', 0o600);
    try {
      write(sectionWriter(file));
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new UserError(`cannot write ${path}: ${cause.message}`, EXIT.usage);
  }
}

function sectionWriter(file: number): SectionWriter {
  const places: Record<string, Place> = {};
  let end = 0;
  const add = (bytes: Uint8Array): void => {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    end += bytes.length;
  };
  /** A section that is read as a whole. */
  const section = (name: string, bytes: Uint8Array): void => {
    places[name] = { start: end, length: bytes.length, hash: hashOf(bytes) };
    add(bytes);
  };
  const numbers = (name: string, values: ArrayLike<number>): void => section(name, bytesOf(Uint32Array.from(values)));
  return {
    json: (name, value) => section(name, Buffer.from(JSON.stringify(value))),
    numbers,
    values: (name, count, valueAt) => {
      const starts = new Float64Array(count + 1);
      const start = end;
      let gathered: Buffer[] = [];
      let waiting = 0;
      for (let i = 0; i < count; i++) {
        const bytes = Buffer.from(JSON.stringify(valueAt(i)));
        starts[i + 1] = (starts[i] as number) + bytes.length;
        gathered.push(bytes);
        waiting += bytes.length;
        if (waiting < CHUNK) continue;
        add(Buffer.concat(gathered));
        [gathered, waiting] = [[], 0];
      }
      add(Buffer.concat(gathered));
      places[name] = { start, length: end - start };
      section(startsOf(name), bytesOf(starts));
    },
    finish: (header) => {
      const contents: Contents = { sections: places, header };
      const bytes = Buffer.from(JSON.stringify(contents));
      add(bytes);
      add(Buffer.from(`${String(bytes.length).padStart(LENGTH_DIGITS)}${END}`));
    },
  };
}

const startsOf = (name: string): string => `${name} starts`;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function open(path: string): number {
  try {
    const file = openSync(path, 'r');
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (cause) {
    throw new UserError(`cannot read ${path}: ${(cause as Error).message}`, EXIT.unreadable);
  }
  throw new UserError(`cannot read ${path}: it is no file`, EXIT.unreadable);
}

/** A file of sections, open; a section is read when it is asked for. */
export interface SectionReader {
  readonly header: unknown;
  json(name: string): unknown;
  numbers(name: string): Uint32Array;
  values(name: string): (index: number) => unknown;
}

/** @throws UserError where the file cannot be read, or is not whole; asking for a section that is not there throws one too */
export function openSections(path: string): SectionReader {
  const damaged = (): never => {
    throw new UserError(`${path} is damaged: remove it, or prepare the snapshot again`, EXIT.unreadable);
  };
  const file = open(path);
  const read = ({ start, length }: Place): Buffer => {
    // Of its own, so that numbers in it begin where numbers may.
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let done = 0; done < length; ) {
      const more = readSync(file, bytes, done, length - done, start + done);
      if (more === 0) damaged();
      done += more;
    }
    return bytes;
  };
  const parse = (bytes: Buffer): unknown => {
    try {
      return JSON.parse(bytes.toString());
    } catch {
      return damaged();
    }
  };
  const { size } = fstatSync(file);
  const tail = size < TAIL ? '' : read({ start: size - TAIL, length: TAIL }).toString();
  const length = Number(tail.slice(0, LENGTH_DIGITS));
  if (!tail.endsWith(END) || !(length > 0 && length <= size - TAIL)) damaged();
  const { sections, header } = parse(read({ start: size - TAIL - length, length })) as Contents;
  const section = (name: string): Buffer => {
    const place = sections[name] ?? damaged();
    const bytes = read(place);
    return hashOf(bytes) === place.hash ? bytes : damaged();
  };
  return {
    header,
    json: (name) => parse(section(name)),
    numbers: (name) => {
      const bytes = section(name);
      return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / Uint32Array.BYTES_PER_ELEMENT);
    },
    values: (name) => {
      const bytes = section(startsOf(name));
      const starts = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / Float64Array.BYTES_PER_ELEMENT);
      const { start } = sections[name] ?? damaged();
      return (index) => {
        const [from, to] = [starts[index], starts[index + 1]];
        if (from === undefined || to === undefined) return damaged();
        return parse(read({ start: start + from, length: to - from }));
      };
    },
  };
}
