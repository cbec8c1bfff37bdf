import { createWriteStream } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, deflateRawSync, crc32 } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot } from '../../src/snapshot/index.js';
import { snapshotRoots } from '../../src/snapshot/stored-file.js';

const ACCOUNT = '111122223333';
const VPCS = `${ACCOUNT}/us-east-1/ec2/DescribeVpcs.json`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trespass-archive-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Entry {
  readonly name: string;
  readonly content?: string;
  readonly linkTo?: string;
}

async function makeTar(name: string, entries: readonly Entry[]): Promise<string> {
  const tar = pack();
  for (const { name, content = '', linkTo } of entries) {
    if (linkTo === undefined) tar.entry({ name }, content);
    else tar.entry({ name, type: 'symlink', linkname: linkTo });
  }
  tar.finalize();
  const path = join(root, name);
  await pipeline(tar, createGzip(), createWriteStream(path));
  return path;
}

/** A zip by hand: libraries refuse to write the names that are tried here. */
async function makeZip(name: string, entries: readonly Entry[]): Promise<string> {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', linkTo } of entries) {
    const raw = Buffer.from(linkTo ?? content);
    const data = deflateRawSync(raw);
    const file = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(raw), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(raw.length, 18);
    shared.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, file, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((linkTo === undefined ? 0o100644 : 0o120777) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), shared, tail, file]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  const path = join(root, name);
  await writeFile(path, Buffer.concat([...locals, central, Buffer.from('PK\u0005\u0006'), end]));
  return path;
}

const plainEntries = (prefix: string): Entry[] => [
  { name: `${prefix}manifest.json`, content: '{"schemaVersion": 1}' },
  { name: `${prefix}${VPCS}`, content: '{"Vpcs": [1]}' },
  { name: `${prefix}README.md`, content: 'hello' },
];

describe.each([
  ['tar', makeTar, 'snapshot.tar.gz'],
  ['zip', makeZip, 'snapshot.zip'],
] as const)('a %s', (_kind, make, name) => {
  it.each(['', './', 'snapshot/', 'a/b/'])('is read where its entries begin with %j', async (prefix) => {
    const snapshot = await readSnapshot(await make(name, plainEntries(prefix)));
    expect(snapshot.everyAnswer.map(({ source, body }) => [source, body])).toEqual([[VPCS, { Vpcs: [1] }]]);
  });

  it('without a manifest is read', async () => {
    const snapshot = await readSnapshot(await make(name, [{ name: `x/${VPCS}`, content: '{"Vpcs": [1]}' }]));
    expect(snapshot.accounts).toEqual([{ id: ACCOUNT, regions: ['us-east-1'] }]);
  });

  it('with several snapshots is refused, and none of them passed over', async () => {
    const path = await make(name, [...plainEntries('monday/'), { name: `tuesday/${VPCS}`, content: '{}' }]);
    await expect(readSnapshot(path)).rejects.toThrow('holds several snapshots: monday/, tuesday/.');
  });

  it('is read where it begins, whatever stands deeper in it', async () => {
    const deeper = { name: 'notes/manifest.json', content: '{"schemaVersion": 1}' };
    const snapshot = await readSnapshot(await make(name, [deeper, { name: VPCS, content: '{"Vpcs": [1]}' }]));
    expect(snapshot.everyAnswer).toHaveLength(1);
  });

  it('says what cannot be read in it', async () => {
    const path = await make(name, [{ name: VPCS, content: '{"Vpcs": [}' }]);
    await expect(readSnapshot(path)).rejects.toThrow(`${path}/${VPCS}:1:11: this is not valid JSON`);
    const none = await make(`none-${name}`, [{ name: 'x.json', content: '{}' }]);
    await expect(readSnapshot(none)).rejects.toMatchObject({ exitCode: 3 });
  });

  it('has its links passed over', async () => {
    const entries = [...plainEntries(''), { name: VPCS.replace('Vpcs', 'Subnets'), linkTo: '/etc/passwd' }];
    const snapshot = await readSnapshot(await make(name, entries));
    expect(snapshot.everyAnswer.map(({ operation }) => operation)).toEqual(['DescribeVpcs']);
  });
});

it('a tar that would write outside its folder writes nothing', async () => {
  const outside = join(root, 'outside.json');
  const entries = [...plainEntries(''), { name: '../outside.json', content: '{}' }, { name: outside, content: '{}' }];
  const snapshot = await readSnapshot(await makeTar('snapshot.tgz', entries));
  expect(snapshot.everyAnswer).toHaveLength(1);
  await expect(access(outside)).rejects.toThrow('ENOENT');
});

it('a zip that would write outside its folder is refused', async () => {
  const path = await makeZip('snapshot.zip', [...plainEntries(''), { name: '../outside.json', content: '{}' }]);
  await expect(readSnapshot(path)).rejects.toMatchObject({ name: 'UserError', exitCode: 3 });
});

it('finds the roots of as many snapshots as an archive may hold files', () => {
  const paths = Array.from({ length: 200_000 }, (_, i) => `x${i}/manifest.json`);
  expect(snapshotRoots(paths)).toHaveLength(paths.length);
});
