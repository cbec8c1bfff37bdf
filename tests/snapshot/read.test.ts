import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshot } from '../../src/snapshot/index.js';

const ACCOUNT = '111122223333';
const VPCS = `${ACCOUNT}/us-east-1/ec2/DescribeVpcs.json`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trespass-read-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function store(files: Record<string, string | Uint8Array | object>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(join(root, path), isRaw ? content : JSON.stringify(content));
  }
  return root;
}

const bodyOf = async (operation = 'DescribeVpcs') =>
  (await readSnapshot(root)).answer(ACCOUNT, 'us-east-1', 'ec2', operation)?.body;

describe('a folder', () => {
  it('without a manifest is read by its folders', async () => {
    await store({ [VPCS]: { Vpcs: [{ VpcId: 'vpc-1' }] }, [`${ACCOUNT}/global/iam/ListUsers.json`]: { Users: [] } });
    const snapshot = await readSnapshot(root);
    expect(snapshot.accounts).toEqual([{ id: ACCOUNT, regions: ['us-east-1'] }]);
    expect(snapshot.answers('ec2', 'DescribeVpcs')).toEqual([
      {
        account: ACCOUNT,
        region: 'us-east-1',
        service: 'ec2',
        operation: 'DescribeVpcs',
        source: VPCS,
        body: { Vpcs: [{ VpcId: 'vpc-1' }] },
      },
    ]);
    expect(snapshot.coverage(ACCOUNT, 'us-east-1', 'ec2', 'DescribeSubnets')).toBe('missing');
    expect(snapshot.collectedAt).toBeUndefined();
  });

  it('has the manifest say which operations were empty, which failed, and when', async () => {
    await store({
      'manifest.json': {
        schemaVersion: 1,
        finishedAt: '2026-01-02T03:04:05Z',
        accounts: [
          {
            id: ACCOUNT,
            name: 'shop',
            regions: ['us-east-1', 'eu-west-1'],
            empty: { 'us-east-1': ['ec2/DescribeSubnets', 'ec2/DescribeVpcs'] },
            later: 1,
          },
        ],
        gaps: [
          {
            account: ACCOUNT,
            region: 'eu-west-1',
            service: 'ec2',
            operation: 'DescribeVpcs',
            error: 'AccessDenied',
            message: 'no',
          },
        ],
        unknownField: true,
      },
      [VPCS]: { Vpcs: [1] },
    });
    const snapshot = await readSnapshot(root);
    expect(snapshot.accounts).toEqual([{ id: ACCOUNT, name: 'shop', regions: ['eu-west-1', 'us-east-1'] }]);
    expect(snapshot.collectedAt).toBe('2026-01-02T03:04:05Z');
    expect(snapshot.answer(ACCOUNT, 'us-east-1', 'ec2', 'DescribeSubnets')).toMatchObject({
      body: {},
      source: 'manifest.json',
    });
    expect(snapshot.coverage(ACCOUNT, 'us-east-1', 'ec2', 'DescribeSubnets')).toBe('answered');
    expect(snapshot.coverage(ACCOUNT, 'eu-west-1', 'ec2', 'DescribeVpcs')).toBe('gap');
    // What stands in a file counts more than what the manifest says of it.
    expect(snapshot.answer(ACCOUNT, 'us-east-1', 'ec2', 'DescribeVpcs')?.body).toEqual({ Vpcs: [1] });
  });

  it('is read past what is none of ours, and past the manifest alone', async () => {
    await store({
      'manifest.json': { schemaVersion: 1 },
      'README.md': 'hello',
      'notes/x.json': '{',
      [`${ACCOUNT}/readme.json`]: '{',
      [`${ACCOUNT}/us-east-1/ec2/DescribeVpcs.json.bak`]: '{',
    });
    const snapshot = await readSnapshot(root);
    expect(snapshot.everyAnswer).toEqual([]);
    expect(snapshot.accounts).toEqual([]);
  });

  it('joins the parts of an answer, in number order and packed ones too', async () => {
    await store({
      [VPCS]: { Vpcs: [1], Note: 'first' },
      [`${ACCOUNT}/us-east-1/ec2/DescribeVpcs.2.json.gz`]: gzipSync(JSON.stringify({ Vpcs: [2], Note: 'second' })),
      ...Object.fromEntries(
        [3, 4, 5, 6, 7, 8, 9, 10].map((n) => [`${ACCOUNT}/us-east-1/ec2/DescribeVpcs.${n}.json`, { Vpcs: [n] }]),
      ),
    });
    expect(await bodyOf()).toEqual({ Vpcs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Note: 'first' });
  });

  it('has a gap where a part is missing or an answer is no object', async () => {
    await store({
      [VPCS]: { Vpcs: [1] },
      [`${ACCOUNT}/us-east-1/ec2/DescribeVpcs.3.json`]: { Vpcs: [3] },
      [`${ACCOUNT}/us-east-1/ec2/DescribeSubnets.json`]: '[1]',
    });
    const snapshot = await readSnapshot(root);
    expect(snapshot.gaps.map(({ operation, error, message }) => [operation, error, message])).toEqual([
      ['DescribeSubnets', 'Unreadable', `${ACCOUNT}/us-east-1/ec2/DescribeSubnets.json holds no object`],
      ['DescribeVpcs', 'Unreadable', `part 2 of ${VPCS} is not there`],
    ]);
    expect(snapshot.coverage(ACCOUNT, 'us-east-1', 'ec2', 'DescribeVpcs')).toBe('gap');
    expect(snapshot.coverage(ACCOUNT, 'us-east-1', 'ec2', 'DescribeSubnets')).toBe('gap');
  });

  it('is known by its account and region even where none of it can be read', async () => {
    await store({ [VPCS]: '[]' });
    expect((await readSnapshot(root)).accounts).toEqual([{ id: ACCOUNT, regions: ['us-east-1'] }]);
  });

  it('has all regions of an account that its manifest names twice', async () => {
    const accounts = [
      { id: ACCOUNT, name: 'shop', regions: ['us-east-1'] },
      { id: ACCOUNT, regions: ['eu-west-1'] },
    ];
    await store({ 'manifest.json': JSON.stringify({ schemaVersion: 1, accounts }) });
    expect((await readSnapshot(root)).accounts).toEqual([
      { id: ACCOUNT, name: 'shop', regions: ['eu-west-1', 'us-east-1'] },
    ]);
  });

  it('keeps keys such as __proto__ as data', async () => {
    await store({
      [`${ACCOUNT}/us-east-1/ec2/DescribeSnapshotAttribute.json`]: '{"__proto__": {"a": 1}}',
      [`${ACCOUNT}/us-east-1/ec2/DescribeSnapshotAttribute.2.json`]: '{"constructor": {"b": 2}}',
    });
    const body = await bodyOf('DescribeSnapshotAttribute');
    expect(Object.keys(body ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it('is read in UTF-8 with a byte order mark, and in the UTF-16 of PowerShell', async () => {
    await store({
      [VPCS]: '\uFEFF{"Vpcs": ["ä"]}',
      [`${ACCOUNT}/us-east-1/ec2/DescribeSubnets.json`]: Buffer.from('\uFEFF{"Subnets": ["ß"]}', 'utf16le'),
    });
    expect(await bodyOf()).toEqual({ Vpcs: ['ä'] });
    expect(await bodyOf('DescribeSubnets')).toEqual({ Subnets: ['ß'] });
  });
});

const refused = async (message: RegExp | string, path = root): Promise<void> => {
  const error = await readSnapshot(path).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ name: 'UserError', exitCode: 3 });
  expect((error as Error).message).toMatch(message);
};

describe('what cannot be read is said with file and place, as exit code 3', () => {
  it.each([
    ['{\n  "Vpcs": [\n    {"a": 1},\n  ]\n}', ':4:3: this is not valid JSON: a value should stand here'],
    ['{"Vpcs": [', ':1:11: this is not valid JSON: the text ends where a value should follow'],
    ['{"a" 1}', ':1:6: this is not valid JSON: a colon should stand here'],
    ['{"a": 1 "b": 2}', ':1:9: this is not valid JSON: a string is not closed or holds an invalid character'],
    ['{"a": "x\ny"}', ':1:7: this is not valid JSON'],
    ['{"a": 01}', ':1:8: this is not valid JSON: a comma or } should stand here'],
    ['{} {}', ':1:4: this is not valid JSON: the document has ended before'],
    ['', ':1:1: this is not valid JSON: the text ends where a value should follow'],
    ['<html>', ':1:1: this is not valid JSON'],
  ])('%j', async (content, expected) => {
    await store({ [VPCS]: content });
    await refused(new RegExp(`${VPCS.replaceAll('.', '\\.')}${expected.replaceAll(/[.{}]/g, '\\$&')}`));
  });

  it('nothing there, no snapshot there, a file of another kind', async () => {
    await refused(/cannot be read: there is nothing there/, join(root, 'nowhere'));
    await refused(/is not a snapshot: it has neither a manifest\.json nor answers/);
    await store({ 'list.txt': 'x', 'broken.zip': 'x', 'broken.tar.gz': 'x' });
    await refused(/is no snapshot: give a folder, a \.tar\.gz or a \.zip/, join(root, 'list.txt'));
    await refused(/broken\.zip cannot be unpacked/, join(root, 'broken.zip'));
    await refused(/broken\.tar\.gz cannot be unpacked/, join(root, 'broken.tar.gz'));
  });

  it.each([
    [{ schemaVersion: 2 }, /schemaVersion 2 is not known/],
    [{ name: 'my extension', version: '1' }, /schemaVersion should be a number; without it this is no snapshot/],
    [[], /the document should be an object/],
    [{ schemaVersion: 1, accounts: 'x' }, /accounts should be an array/],
    [{ schemaVersion: 1, accounts: [{ id: 12 }] }, /accounts\[0\]\.id should be a string of 12 digits/],
    [
      { schemaVersion: 1, accounts: [{ id: ACCOUNT, regions: 'x' }] },
      /accounts\[0\]\.regions should be an array of strings/,
    ],
    [
      { schemaVersion: 1, accounts: [{ id: ACCOUNT, empty: { x: ['a'] } }] },
      /accounts\[0\]\.empty\.x should be an array of "service\/Operation"/,
    ],
    [{ schemaVersion: 1, gaps: [1] }, /gaps\[0\] should be an object/],
    [{ schemaVersion: 1, gaps: [{ error: 1 }] }, /gaps\[0\]\.error should be a string/],
  ])('a manifest %j', async (manifest, message) => {
    await store({ 'manifest.json': manifest });
    await refused(message);
  });

  it('documents nested without end', async () => {
    await store({ [VPCS]: `{"Vpcs": ${'['.repeat(200_000)}${']'.repeat(200_000)}}` });
    await refused(/nested more than 500 levels deep is not read/);
  });

  it('links, and the same answer twice', async () => {
    await store({ 'elsewhere.json': '{}', 'manifest.json': { schemaVersion: 1 } });
    await mkdir(dirname(join(root, VPCS)), { recursive: true });
    await symlink(join(root, 'elsewhere.json'), join(root, VPCS));
    await refused(/DescribeVpcs\.json is a link or a special file/);
    await rm(join(root, VPCS));
    await store({ [VPCS]: {}, [`${VPCS}.gz`]: gzipSync('{}') });
    await refused(/is part 1 of .* stands there twice/);
  });

  it('a gz file that is none', async () => {
    await store({ [`${VPCS}.gz`]: 'plain' });
    await refused(/this cannot be unpacked as gzip/);
  });
});
