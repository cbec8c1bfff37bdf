import { describe, expect, test } from 'vitest';
import { applyChanges, parseChange } from '../../src/changes/index.js';
import type { Analysis } from '../../src/main/analysis.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { askWhatIf } from '../../src/main/plan-changes.js';
import { UserError } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, miniature } from '../techniques/miniature.js';

const OPTIONS = { toolVersion: '0.0.0' };

const SHOP: Miniature = {
  roles: {
    web: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject', 'sqs:ListQueues'] },
    reader: { trust: 'role/web', attached: ['reads'] },
    bare: { trust: 'ec2.amazonaws.com', profile: true },
  },
  policies: { reads: [['secretsmanager:GetSecretValue']] },
  instances: {
    'i-web': { role: 'web', open: true },
    'i-shut': { role: 'web' },
    'i-bare': { role: 'bare', open: true },
  },
  answers: {
    'global/s3/ListBuckets': { Buckets: [{ Name: 'archive' }] },
    's3/GetBucketLocation': { archive: {} },
    'secrets-manager/ListSecrets': {
      SecretList: [{ Name: 'token', ARN: arn('secretsmanager', 'secret:token-AbCdEf') }],
    },
  },
};

/** Things that are open to everybody, and no instance. */
const OPEN: Miniature = {
  answers: {
    'global/s3/ListBuckets': { Buckets: [{ Name: 'open' }] },
    's3/GetBucketLocation': { open: {} },
    's3/GetBucketPolicy': {
      open: {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Sid: 'World', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::open/*' },
            { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::open' },
          ],
        }),
      },
    },
    's3/GetPublicAccessBlock': {},
    'ec2/DescribeSnapshots': { Snapshots: [{ SnapshotId: 'snap-1', OwnerId: ACCOUNT, State: 'completed' }] },
    'ec2/DescribeSnapshotAttribute': {
      'snap-1': { SnapshotId: 'snap-1', CreateVolumePermissions: [{ Group: 'all' }, { UserId: '444455556666' }] },
    },
  },
};

const shop = openAnalysis(miniature(SHOP), OPTIONS);
const open = openAnalysis(miniature(OPEN), OPTIONS);

const short = (id: string): string => id.split(/[:/]/).at(-1) ?? id;

type Written = `${'add' | 'remove'} ${string}`;

/** Every pair of an entry and what it leads to, once the changes are made. */
function pathsAfter({ graph, snapshot }: Analysis, ...written: readonly Written[]): string[] {
  const changes = written.map((text) => {
    const verb = text.startsWith('add') ? 'add' : 'remove';
    return parseChange(graph, verb, text.slice(verb.length + 1));
  });
  const { paths } = openAnalysis(applyChanges(snapshot, changes), OPTIONS).report();
  return paths
    .flatMap((p) => p.entry.members.flatMap((e) => p.target.members.map((t) => `${short(e)} → ${short(t)}`)))
    .toSorted();
}

const ARCHIVE = 'i-web → archive';
const TOKEN = 'i-web → token-AbCdEf';

const [GROUP = ''] = shop.graph.outgoing(arn('ec2', 'instance/i-web'), 'has-security-group').map(({ to }) => to);
const [TABLE = ''] = shop.graph.assetsOfType('ec2:route-table').map(({ id }) => id);

describe('the snapshot after a change', () => {
  test('has all its paths before any', () => {
    expect(pathsAfter(shop)).toEqual([ARCHIVE, TOKEN]);
    expect(pathsAfter(open)).toEqual(['open → open', 'snap-1 → snap-1']);
  });

  test('lacks the rule that was taken away, and no other', () => {
    const rule = `rule ${GROUP} tcp/443 from 0.0.0.0/0`;
    expect(pathsAfter(shop, `remove ${rule}`)).toEqual([]);
    expect(pathsAfter(shop, `remove ${rule}`, `add rule ${GROUP} tcp/80 from 0.0.0.0/0`)).toEqual([ARCHIVE, TOKEN]);
    expect(pathsAfter(shop, `remove ${rule}`, `add rule ${GROUP} tcp/80 from 10.0.0.0/8`)).toEqual([]);
    expect(() => pathsAfter(shop, `remove rule ${GROUP} tcp/22 from 0.0.0.0/0`)).toThrow(/no such thing to change/);
  });

  test('lacks the route', () => {
    expect(pathsAfter(shop, `remove route ${TABLE} 0.0.0.0/0`)).toEqual([]);
    expect(() => pathsAfter(shop, `remove route ${TABLE} 10.9.0.0/16`)).toThrow(/no such thing to change/);
  });

  test('lacks the statement, inline, managed, of a trust and of a bucket, by place or Sid', () => {
    const web = arn('iam', 'role/web');
    expect(pathsAfter(shop, `remove statement ${web}#inline 0`)).toEqual([TOKEN]);
    expect(pathsAfter(shop, `remove statement ${web}#inline 1`)).toEqual([ARCHIVE, TOKEN]);
    expect(pathsAfter(shop, `remove statement ${arn('iam', 'policy/reads')} 0`)).toEqual([ARCHIVE]);
    expect(pathsAfter(shop, `remove statement ${arn('iam', 'role/reader')}#trust 0`)).toEqual([ARCHIVE]);
    expect(pathsAfter(open, 'remove statement arn:aws:s3:::open#policy World')).toEqual(['snap-1 → snap-1']);
    expect(pathsAfter(open, 'remove statement arn:aws:s3:::open#policy 1')).toHaveLength(2);
    expect(() => pathsAfter(open, 'remove statement arn:aws:s3:::open#policy Other')).toThrow(/no such thing/);
  });

  test('has another policy attached, or one fewer', () => {
    expect(pathsAfter(shop, `remove policy ${arn('iam', 'policy/reads')} of reader`)).toEqual([ARCHIVE]);
    const opened = pathsAfter(shop, `add policy ${arn('iam', 'policy/reads')} of bare`);
    expect(opened).toEqual(['i-bare → token-AbCdEf', ARCHIVE, TOKEN]);
    expect(() => pathsAfter(shop, `remove policy ${arn('iam', 'policy/reads')} of bare`)).toThrow(/no such thing/);
  });

  test('lacks the instance profile of the one instance', () => {
    expect(pathsAfter(shop, 'remove profile i-web')).toEqual([]);
    expect(pathsAfter(shop, 'remove profile i-shut')).toEqual([ARCHIVE, TOKEN]);
  });

  test('is not public any more', () => {
    expect(pathsAfter(open, 'remove public open')).toEqual(['snap-1 → snap-1']);
    expect(pathsAfter(open, 'remove public snap-1')).toEqual(['open → open']);
  });
});

describe('a change as a person writes it', () => {
  const refuses = (verb: 'add' | 'remove', text: string, why: RegExp): void => {
    expect(() => parseChange(shop.graph, verb, text)).toThrow(UserError);
    expect(() => parseChange(shop.graph, verb, text)).toThrow(why);
  };

  test.each([
    ['', /no kind of change/],
    ['bucket open', /no kind of change/],
    ['rule sg-none tcp/22 from 0.0.0.0/0', /no ec2:security-group sg-none/],
    ['rule i-web tcp/22 from 0.0.0.0/0', /no ec2:security-group i-web/],
    ['profile', /too few or too many/],
    ['profile i-web i-shut', /too few or too many/],
    ['profile web', /no ec2:instance web/],
    ['policy x by web', /lacks "of"/],
    [`route ${TABLE} everywhere`, /neither a CIDR nor a prefix list/],
    ['route i-web 0.0.0.0/0', /no ec2:route-table i-web/],
  ])('"%s" is refused', (text, why) => refuses('remove', text, why));

  test.each(['tcp/0-70000', 'tcp/90-80', 'tcp/x', 'smtp', '999999'])('ports %s are refused', (ports) => {
    refuses('add', `rule ${GROUP} ${ports} from 0.0.0.0/0`, /ports or its peer/);
  });

  test.each(['10.0.0.0', 'everywhere', '300.0.0.0/8', '10.0.0.0/40', '::/200'])('peer %s is refused', (peer) => {
    refuses('add', `rule ${GROUP} tcp/22 from ${peer}`, /ports or its peer/);
  });

  test('a profile, a statement and public access cannot be added', () => {
    for (const text of ['profile i-web', 'statement arn:aws:s3:::open#policy World', 'public open'])
      refuses('add', text, /can only be removed/);
  });

  test('says which paths it would open', () => {
    const answer = askWhatIf(shop, { remove: [], add: [`policy ${arn('iam', 'policy/reads')} of bare`] }, OPTIONS);
    expect(answer.outcome.gone).toEqual([]);
    expect(answer.outcome.opened.length).toBeGreaterThan(0);
    expect(new Set(answer.outcome.opened.map(({ entry }) => entry))).toEqual(new Set([arn('ec2', 'instance/i-bare')]));
    expect(answer.pathsAfter).toBe(answer.pathsBefore + answer.outcome.opened.length);
  });
});
