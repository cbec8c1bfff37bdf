import { describe, expect, it, test } from 'vitest';
import type { BlastRadius } from '../../src/findings/index.js';
import type { JsonObject } from '../../src/model/index.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { renderBlastRadius, renderWhoCanReach } from '../../src/reporters/answers/blast-radius.js';
import { PLAIN } from '../reporters/render.js';
import { arn, keyArn, type Miniature, miniature, roleArn, type Says, userArn } from '../techniques/miniature.js';
import { database } from '../techniques/miniature-database.js';

const ask = (world: Miniature, ...assets: string[]): BlastRadius =>
  openAnalysis(miniature(world), { toolVersion: '0.0.0' }).blastRadius(assets);

/** `right after steps (how)`, with `?` where it hangs on conditions; by asset. */
const rightsIn = ({ data }: BlastRadius): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    data.map(({ asset, rights }) => [
      asset.split(/[:/]/).at(-1),
      rights.map(
        ({ right, steps, how, conditions }) => `${right} after ${steps} (${how})${conditions.length > 0 ? '?' : ''}`,
      ),
    ]),
  );

const BUCKET = {
  'global/s3/ListBuckets': { Buckets: [{ Name: 'orders' }] },
  's3/GetBucketLocation': { orders: {} },
};
const versioned = (versioning: object | undefined) => ({
  ...BUCKET,
  ...(versioning !== undefined && { 's3/GetBucketVersioning': { orders: versioning as JsonObject } }),
});
const held = (says: readonly Says[], answers: Miniature['answers'] = BUCKET): Miniature => ({
  roles: { web: { trust: 'ec2.amazonaws.com', says } },
  ...(answers && { answers }),
});
const table = (parts: Record<string, unknown> = {}) => ({
  'dynamodb/ListTables': { TableNames: ['orders'] },
  'dynamodb/DescribeTable': {
    orders: {
      Table: { TableName: 'orders', TableArn: arn('dynamodb', 'table/orders'), ...parts } as Record<string, string>,
    },
  },
});

describe('what is reached', () => {
  const accesses = (world: Miniature, ...from: string[]): readonly string[] =>
    ask(world, ...from).reaches.map(
      ({ asset, access, confidence }) => `${asset.split(/[:/]/).at(-1)} ${access} ${confidence}`,
    );

  test.each<[string, Miniature, readonly string[]]>([
    [
      'says of a store that it is read and changed',
      held(['s3:*']),
      ['orders read confirmed', 'orders write confirmed'],
    ],
    ['says of one that is read nothing else', held(['s3:GetObject']), ['orders read confirmed']],
    ['says of one that is changed nothing else', held(['s3:PutObject']), ['orders write confirmed']],
    [
      'says of each what it hangs on',
      held([
        's3:GetObject',
        {
          Effect: 'Allow',
          Action: 's3:PutObject',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
        },
      ]),
      ['orders read confirmed', 'orders write conditional'],
    ],
  ])('%s', (_, world, expected) => {
    expect(accesses(world, roleArn('web'))).toEqual(expected);
  });

  it('is shown as one thing', () => {
    const text = renderBlastRadius(ask(held(['s3:*']), roleArn('web')), PLAIN);
    expect(text).toContain('reaches 1 thing\n');
    expect(text).toContain('after one step: 1\n');
    expect(text).toContain('can be read, 1 step; can be changed or destroyed, 1 step');
  });

  it('says nothing beside control that is as certain', () => {
    const roles = { ops: { says: ['*'] as const }, web: { says: ['s3:GetObject'] as const } };
    expect(accesses({ roles }, roleArn('ops')).filter((one) => one.startsWith('web '))).toEqual([
      'web control confirmed',
    ]);
  });
});

describe('reading, changing and destroying are told apart', () => {
  test.each<[string, Miniature, readonly string[] | undefined]>([
    ['a bucket that is read', held(['s3:GetObject']), ['read after 1 (s3-read)']],
    ['a bucket that is written to', held(['s3:PutObject']), ['write after 1 (s3:PutObject)']],
    [
      'objects that are deleted, with their versions kept',
      held(['s3:DeleteObject'], versioned({ Status: 'Enabled' })),
      ['write after 1 (s3-write)'],
    ],
    [
      'the versions too',
      held(['s3:DeleteObjectVersion'], versioned({ Status: 'Enabled' })),
      ['destroy after 1 (s3:DeleteObjectVersion)'],
    ],
    [
      'objects that are deleted, and none is kept',
      held(['s3:DeleteObject'], versioned({})),
      ['destroy after 1 (s3:DeleteObject)'],
    ],
    ['the same where nobody asked about versions', held(['s3:DeleteObject']), ['destroy after 1 (s3:DeleteObject)?']],
    [
      'a rule that expires everything',
      held(['s3:PutLifecycleConfiguration']),
      ['destroy after 1 (s3:PutLifecycleConfiguration)'],
    ],
    ['a table that is written to', held(['dynamodb:PutItem'], table()), ['write after 1 (dynamodb:PutItem)']],
    ['a bucket that is only listed', held(['s3:ListBucket', 's3:DeleteBucketPolicy']), undefined],
    ['objects of another bucket', held(['s3:DeleteObjectVersion on arn:aws:s3:::other/*']), undefined],
    [
      'a deletion that a statement denies',
      held(['s3:DeleteObjectVersion', { Effect: 'Deny', Action: 's3:Delete*', Resource: '*' }]),
      undefined,
    ],
    [
      'a database that is deleted',
      held(['rds:DeleteDBInstance'], database({ DeletionProtection: false })),
      ['destroy after 1 (rds:DeleteDBInstance)'],
    ],
    ['one that is protected', held(['rds:DeleteDBInstance'], database({ DeletionProtection: true })), undefined],
    [
      'one whose protection can be taken away',
      held(['rds:DeleteDBInstance', 'rds:ModifyDBInstance'], database({ DeletionProtection: true })),
      ['destroy after 1 (rds:DeleteDBInstance)'],
    ],
    ['items of a table', held(['dynamodb:DeleteItem'], table()), ['destroy after 1 (dynamodb:DeleteItem)']],
  ])('%s', (_, world, rights) => {
    expect(rightsIn(ask(world, roleArn('web')))['orders']).toEqual(rights);
  });

  it('lets nobody delete a table that is protected', () => {
    const rights = (parts: object): readonly string[] =>
      rightsIn(ask(held(['dynamodb:DeleteTable'], table(parts as JsonObject)), roleArn('web')))['orders'] ?? [];
    expect(rights({ DeletionProtectionEnabled: true })).not.toContainEqual(expect.stringMatching(/^destroy/));
    expect(rights({})).toContain('destroy after 1 (dynamodb:DeleteTable)');
  });

  it('takes a table that was only listed for neither protected nor not', () => {
    const LISTED = { 'dynamodb/ListTables': { TableNames: ['orders'] } };
    const rights = (...says: readonly string[]) => rightsIn(ask(held(says, LISTED), roleArn('web')))['orders'];
    expect(rights('dynamodb:DeleteTable')).toEqual(['destroy after 1 (dynamodb:DeleteTable)?']);
    expect(rights('dynamodb:DeleteTable', 'dynamodb:UpdateTable')).toEqual(['destroy after 1 (dynamodb:DeleteTable)']);
  });

  it('says when each right is had first, and by whom', () => {
    const world: Miniature = {
      roles: {
        web: { trust: 'ec2.amazonaws.com', says: ['s3:GetObject', `sts:AssumeRole on ${roleArn('janitor')}`] },
        janitor: { trust: 'root', says: ['s3:DeleteObjectVersion'] },
      },
      answers: BUCKET,
    };
    const answer = ask(world, roleArn('web'));
    expect(rightsIn(answer)['orders']).toEqual(['read after 1 (s3-read)', 'destroy after 2 (s3:DeleteObjectVersion)']);
    expect(answer.data[0]?.rights.map(({ by }) => by)).toEqual([roleArn('web'), roleArn('janitor')]);
  });

  it('takes what is certain before what is soon and hangs on conditions', () => {
    const guarded = {
      Effect: 'Allow',
      Action: 's3:DeleteObjectVersion',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    };
    const world: Miniature = {
      roles: {
        web: { trust: 'ec2.amazonaws.com', says: [guarded, `sts:AssumeRole on ${roleArn('janitor')}`] },
        janitor: { trust: 'root', says: ['s3:DeleteObjectVersion'] },
      },
      answers: BUCKET,
    };
    expect(rightsIn(ask(world, roleArn('web')))['orders']).toEqual(['destroy after 2 (s3:DeleteObjectVersion)']);
  });

  it('counts what is lost with its key', () => {
    const keyed = { ...table({ SSEDescription: { KMSMasterKeyArn: keyArn('k1') } }) };
    const world = (says: readonly Says[]): Miniature => ({ ...held(says, keyed), keys: { k1: {} } });
    expect(rightsIn(ask(world(['kms:ScheduleKeyDeletion']), roleArn('web')))).toEqual({
      orders: ['destroy after 1 (kms:ScheduleKeyDeletion)'],
    });
    expect(ask(world(['kms:Decrypt']), roleArn('web')).data).toEqual([]);
  });

  it('tells an administrator by what the account holds, once', () => {
    const answer = ask(held(['*'], { ...BUCKET, ...database({ DeletionProtection: false }) }), roleArn('web'));
    const [account, ...others] = answer.data.filter(({ stores }) => stores > 1);
    expect(account).toMatchObject({ asset: 'aws:admin/111122223333', stores: 2 });
    expect(account?.rights.map(({ right }) => right)).toEqual(['read', 'write', 'destroy']);
    expect(others).toEqual([]);
  });

  it('judges snapshots, whose ARNs name no account, by principals of their owner alone', () => {
    const snapshots = {
      'ec2/DescribeSnapshots': { Snapshots: [{ SnapshotId: 'snap-1', OwnerId: '111122223333', VolumeId: 'vol-1' }] },
    };
    const deleter = { trust: 'root', says: ['ec2:DeleteSnapshot'] };
    const world: Miniature = {
      roles: { web: deleter },
      accounts: { '999988887777': { roles: { stranger: deleter } } },
      answers: snapshots,
    };
    expect(rightsIn(ask(world, roleArn('web')))).toEqual({ 'snap-1': ['destroy after 1 (ec2:DeleteSnapshot)'] });
    expect(ask(world, roleArn('stranger', '999988887777')).data).toEqual([]);
  });
});

describe('what is held at once', () => {
  it('is code and disks on a host, credentials of a principal, data of a store', () => {
    const world: Miniature = {
      ...held(['s3:GetObject']),
      instances: { 'i-web': { name: 'web' } },
      volumes: { 'vol-1': { on: 'i-web' } },
    };
    const holds = (asset: string): string => ask(world, asset).holds.join('\n');
    expect(holds(arn('ec2', 'instance/i-web'))).toMatch(/^code that runs on web \(.*\)\nwhat is on its disks.*vol-1$/);
    expect(holds(roleArn('web'))).toMatch(/^the credentials of web /);
    expect(holds('arn:aws:s3:::orders')).toMatch(/^the data of orders /);
    expect(ask(world, 'arn:aws:s3:::orders').data).toMatchObject([
      {
        asset: 'arn:aws:s3:::orders',
        rights: [
          { right: 'read', steps: 0 },
          { right: 'write', steps: 0 },
        ],
      },
    ]);
  });

  it('comes before what takes one step, and that before the rest', () => {
    const world: Miniature = {
      roles: {
        web: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject'] },
      },
      instances: { 'i-web': { role: 'web' } },
      answers: BUCKET,
    };
    const { reaches } = ask(world, arn('ec2', 'instance/i-web'));
    expect(reaches.map(({ asset, steps }) => [asset, steps.length])).toEqual([
      [roleArn('web'), 1],
      ['arn:aws:s3:::orders', 2],
    ]);
  });
});

describe('many things', () => {
  const names = Array.from({ length: 30 }, (_, at) => `shelf-${at}`);
  const world: Miniature = {
    roles: { web: { trust: 'ec2.amazonaws.com', says: ['s3:GetObject'] } },
    answers: {
      'global/s3/ListBuckets': { Buckets: names.map((Name) => ({ Name })) },
      's3/GetBucketLocation': Object.fromEntries(names.map((name) => [name, {}])),
    },
  };

  it('are shown as far as a page goes, and counted by kind', () => {
    const answer = ask(world, roleArn('web'));
    const page = renderBlastRadius(answer, PLAIN);
    expect(page.match(/… 18 more: 18 s3:bucket; --all shows every one/g)).toHaveLength(2);
    expect(page.match(/bucket shelf-\d+: can be read/g)).toHaveLength(12);
    const whole = renderBlastRadius(answer, { ...PLAIN, all: true });
    expect(whole.match(/bucket shelf-\d+: can be read/g)).toHaveLength(30);
    expect(whole).not.toContain('more:');
  });
});

describe('who reaches it', () => {
  it('is counted in words', () => {
    const reaching = (...names: readonly string[]): string => {
      const roles = Object.fromEntries(
        names.map((name) => [name, { trust: 'ec2.amazonaws.com', says: ['s3:GetObject'] }]),
      );
      const analysis = openAnalysis(miniature({ roles, answers: BUCKET }), { toolVersion: '0.0.0' });
      const page = renderWhoCanReach(analysis.whoCanReach(['orders']), PLAIN);
      return page.slice(0, page.indexOf('\n'));
    };
    expect(reaching('web')).toBe('arn:aws:s3:::orders is reached from 1 thing');
    expect(reaching('web', 'batch')).toBe('arn:aws:s3:::orders is reached from 2 things');
  });
});

describe('being an administrator', () => {
  const ADMIN = 'aws:admin/111122223333';
  const analysis = openAnalysis(
    miniature({
      roles: { chief: { trust: 'ec2.amazonaws.com', says: ['*'] }, web: { trust: 'ec2.amazonaws.com', says: [] } },
      answers: BUCKET,
    }),
    { toolVersion: '0.0.0' },
  );

  it('can be asked about as anything that a path leads to', () => {
    expect(analysis.whoCanReach([ADMIN]).reachedFrom.map(({ asset, access }) => `${asset} ${access}`)).toEqual([
      `${roleArn('chief')} admin`,
    ]);
  });

  it('holds all that the account does', () => {
    const answer = analysis.blastRadius([ADMIN]);
    expect(answer.holds).toEqual(['all that account 111122223333 holds']);
    expect(rightsIn(answer)).toEqual({
      '111122223333': ['read', 'write', 'destroy'].map((right) => `${right} after 0 (account-administrator)`),
    });
    expect(answer.reaches.map(({ asset }) => asset)).toContain(roleArn('web'));
  });

  it('is nothing to ask about in an account of which nothing is known', () => {
    expect(() => analysis.whoCanReach(['aws:admin/999988887777'])).toThrow('no such asset');
  });
});

test('what nobody can have is refused, and not said to reach nothing', () => {
  const { graph, blastRadius, whoCanReach } = openAnalysis(miniature({ instances: { 'i-web': {} }, answers: BUCKET }), {
    toolVersion: '0.0.0',
  });
  const [group] = graph.assetsOfType('ec2:security-group');
  for (const ask of [blastRadius, whoCanReach]) {
    expect(() => ask(['internet'])).toThrow('internet is nothing that an intruder could have');
    expect(() => ask([group?.id ?? ''])).toThrow('nothing that an intruder could have');
    expect(() => ask(['orders'])).not.toThrow();
    expect(() => ask(['i-web'])).not.toThrow();
  }
});

describe('containment', () => {
  const host: Miniature = {
    roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject'] } },
    instances: { 'i-web': { role: 'web' } },
    answers: BUCKET,
  };
  const measures = (world: Miniature, asset: string) =>
    ask(world, asset).containment.map(({ text, cuts, command, leaves }) => ({
      text,
      cuts,
      command,
      leaves: leaves ?? '',
    }));
  const HOST = arn('ec2', 'instance/i-web');

  it('takes the profile off a host before it revokes: a revocation alone leaves it asking for new credentials', () => {
    const [first] = measures(host, HOST);
    expect(first).toMatchObject({ cuts: 2, text: expect.stringContaining('Cut role web off from i-web') as string });
    expect(first?.command).toMatch(
      /^aws ec2 disassociate-iam-instance-profile .* && aws iam put-role-policy .*TokenIssueTime/,
    );
    expect(measures(host, HOST).map(({ text }) => text)).not.toContainEqual(expect.stringMatching(/^Revoke/));
  });

  it('revokes the sessions of a role whose credentials are known', () => {
    const found = measures(host, roleArn('web'));
    expect(found[0]?.text).toMatch(/^Revoke the sessions of role web/);
    expect(found[0]?.leaves).toContain('where these came from');
  });

  it('deactivates the keys of a user and denies what is signed in', () => {
    const world: Miniature = { users: { ann: { says: ['s3:GetObject'] } }, answers: BUCKET };
    expect(measures(world, userArn('ann'))).toMatchObject([
      {
        cuts: 1,
        command: expect.stringMatching(/update-access-key .*--status Inactive.* && aws iam put-user-policy/) as string,
      },
    ]);
  });

  it('does not count a role as cut that is had another way', () => {
    const world: Miniature = {
      ...host,
      roles: {
        web: { trust: 'root', profile: true, says: ['s3:GetObject', `sts:AssumeRole on ${roleArn('web')}`] },
        side: { trust: 'root', says: [`sts:AssumeRole on ${roleArn('web')}`] },
      },
    };
    const both = ask(world, HOST, roleArn('side')).containment;
    expect(both.find(({ text }) => text.startsWith('Cut role web off'))).toBeUndefined();
    expect(both.find(({ text }) => text.startsWith('Deny everything to role web'))?.cuts).toBe(2);
  });

  it('blocks sharing where snapshots could be shared, and only there', () => {
    const disks = (says: readonly Says[]): Miniature => ({
      roles: { web: { trust: 'ec2.amazonaws.com', says } },
      volumes: { 'vol-1': {} },
    });
    const sharing = measures(disks(['ec2:CreateSnapshot', 'ec2:ModifySnapshotAttribute']), roleArn('web'));
    const block = sharing.find(({ text }) => text.startsWith('Block the sharing'));
    expect(block).toMatchObject({ cuts: 1, leaves: expect.stringContaining('shared already') as string });
    expect(block?.command).toContain('"ec2:ModifySnapshotAttribute"');
    expect(measures(host, HOST).filter(({ text }) => text.startsWith('Block the sharing'))).toEqual([]);
  });

  describe('blocks sharing by more principals than one names', () => {
    const NAMES = Array.from({ length: 12 }, (_, at) => `web-${at}`);
    const says = ['ec2:CreateSnapshot', 'ec2:ModifySnapshotAttribute'];
    const block = (organization?: JsonObject, more: readonly JsonObject[] = [], policyTypes?: JsonObject) => {
      const world: Miniature = {
        roles: Object.fromEntries(NAMES.map((name) => [name, { trust: 'ec2.amazonaws.com', says }])),
        volumes: { 'vol-1': {} },
        answers: {
          ...(organization && { 'global/organizations/DescribeOrganization': { Organization: organization } }),
          ...(more.length > 0 && { 'global/organizations/ListAccounts': { Accounts: more } }),
          ...(policyTypes && {
            'global/organizations/ListRoots': { Roots: [{ ...ROOT, PolicyTypes: [policyTypes] }] },
          }),
        },
      };
      const all = ask(world, ...NAMES.map((name) => roleArn(name))).containment;
      return all.find(({ text }) => text.startsWith('Block the sharing'));
    };
    const ROOT = { Id: 'r-1', Arn: 'arn:aws:organizations::999988887777:root/o-abc/r-1', Name: 'Root' };
    const listed = {
      Id: '111122223333',
      Arn: 'arn:aws:organizations::999988887777:account/o-abc/111122223333',
      Name: 'shop',
    };
    const scp = (Status: string): JsonObject => ({ Type: 'SERVICE_CONTROL_POLICY', Status });
    const organization = (manager: string): JsonObject => ({
      Id: 'o-abc',
      MasterAccountId: manager,
      FeatureSet: 'ALL',
    });

    it('with a policy of the organization, attached to their account', () => {
      const { command = '', leaves, cuts } = block(organization('999988887777')) ?? {};
      expect(cuts).toBe(1);
      expect(command).toMatch(/^POLICY=\$\(aws organizations create-policy .* --output text\) && /);
      expect(command).toContain(`aws organizations attach-policy --policy-id "$POLICY" --target-id '111122223333'`);
      expect(command).not.toContain('put-role-policy');
      expect(leaves).toContain('service-linked roles');
    });

    it('and so where the organization lists the account, and enables such policies', () => {
      expect(block(undefined, [listed], scp('ENABLED'))?.command).toContain('attach-policy');
    });

    it.each([
      ['in the management account', organization('111122223333')],
      [
        'where the organization has consolidated billing alone',
        { ...organization('9'), FeatureSet: 'CONSOLIDATED_BILLING' },
      ],
      ['where it is not known whether there is one', undefined],
      ['where it is not known which features the organization has', { Id: 'o-abc', MasterAccountId: '999988887777' }],
      ['where the organization lists the account, and its features are not known', undefined, [listed]],
      ['where such policies are not enabled', organization('999988887777'), [listed], scp('PENDING_DISABLE')],
    ])('by name %s', (_, described, accounts: readonly JsonObject[] = [], policyTypes?: JsonObject) => {
      const { command = '', text, cuts } = block(described, accounts, policyTypes) ?? {};
      expect(cuts).toBe(1);
      expect(command).not.toContain('organizations');
      expect(command).toMatch(/^for NAME in ('web-\d+' ?){12}; do aws iam put-role-policy --role-name "\$NAME" /);
      expect(text).toContain('12 principals that are had, by name');
    });
  });

  it('closes a key to each of many principals by name', () => {
    const names = Array.from({ length: 12 }, (_, at) => `web-${at}`);
    const SECRET = arn('secretsmanager', 'secret:login-AbCdEf');
    const says = ['secretsmanager:GetSecretValue', 'kms:Decrypt'];
    const world: Miniature = {
      roles: Object.fromEntries(names.map((name) => [name, { trust: 'ec2.amazonaws.com', says }])),
      keys: { k1: {} },
      answers: {
        'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login', KmsKeyId: keyArn('k1') }] },
      },
    };
    const found = ask(world, ...names.map((name) => roleArn(name))).containment.find(({ text }) =>
      text.startsWith('Close key'),
    );
    expect(found?.cuts).toBe(1);
    expect(found?.text).toContain('the 12 principals that are had');
    for (const name of names) expect(found?.command).toContain(`"${roleArn(name)}"`);
  });

  describe('denies by the permission set what a role of Identity Center may', () => {
    const NAME = 'AWSReservedSSO_Ops_0123456789abcdef';
    const RESERVED = arn('iam', `role/aws-reserved/sso.amazonaws.com/eu-west-1/${NAME}`);
    const INSTANCE = 'arn:aws:sso:::instance/ssoins-1';
    const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
    const world = (answers: Miniature['answers'], path = '/aws-reserved/sso.amazonaws.com/eu-west-1/'): Miniature => ({
      roles: {
        [NAME]: {
          trust: 'ec2.amazonaws.com',
          path,
          says: ['s3:GetObject', 'ec2:CreateSnapshot', 'ec2:ModifySnapshotAttribute'],
        },
      },
      volumes: { 'vol-1': {} },
      answers: { ...BUCKET, ...answers },
    });
    const SETS = {
      'sso-admin/ListInstances': { Instances: [{ InstanceArn: INSTANCE, OwnerAccountId: '111122223333' }] },
      'sso-admin/DescribePermissionSet': { [SET]: { PermissionSet: { Name: 'Ops', PermissionSetArn: SET } } },
    };

    it('where that was collected, and keeps what it said before', () => {
      const { containment } = ask(world(SETS), RESERVED);
      expect(containment.map(({ text }) => text.split(' ')[0])).toEqual(['Revoke', 'Deny', 'Block']);
      for (const { command, leaves } of containment) {
        expect(command).toContain(
          `aws sso-admin put-inline-policy-to-permission-set --instance-arn '${INSTANCE}' --permission-set-arn '${SET}' --region us-east-1 --inline-policy `,
        );
        expect(command).toMatch(
          /\{ \[ -s 'Ops-before\.json' \] \|\| aws sso-admin get-inline-policy-for-permission-set .* > 'Ops-before\.json'; \} && .* --target-type AWS_ACCOUNT --target-id '111122223333'$/,
        );
        expect(command).not.toContain('aws iam put-role-policy');
        expect(leaves).toContain('the inline policy that permission set Ops had');
      }
      expect(containment[1]?.text).toContain('by its permission set Ops, in the account that owns Identity Center');
    });

    it('and says once what is left of a set that roles in several accounts are of', () => {
      const [one, OTHER] = [world(SETS), '444455556666'];
      const { roles = {}, volumes = {} } = one;
      const both = { ...one, accounts: { [OTHER]: { roles, volumes } } };
      const { containment } = ask(both, RESERVED, RESERVED.replace('111122223333', OTHER));
      const block = containment.find(({ text }) => text.startsWith('Block the sharing'));
      for (const account of ['111122223333', OTHER]) expect(block?.command).toContain(`--target-id '${account}'`);
      expect(block?.leaves?.match(/permission set Ops had/g)).toHaveLength(1);
    });

    it('looks the set up where it was not collected', () => {
      const deny = ask(world({}), RESERVED).containment.find(({ text }) => text.startsWith('Deny'));
      expect(deny?.command).toMatch(/^INSTANCE=\$\(aws sso-admin list-instances .* && SET=\$\(.*awk '\$1 == "Ops" /);
      expect(deny?.command).toContain('--instance-arn "$INSTANCE" --permission-set-arn "$SET"');
    });

    it('and another role of such a name by IAM', () => {
      const commands = ask(world(SETS, '/'), roleArn(NAME)).containment.map(({ command }) => command);
      expect(commands).toHaveLength(3);
      for (const command of commands) {
        expect(command).toContain(`aws iam put-role-policy --role-name '${NAME}'`);
        expect(command).not.toContain('sso-admin');
      }
    });

    it('and no role of an AWS service, which nothing denies', () => {
      const role = arn('iam', `role/aws-service-role/autoscaling.amazonaws.com/${NAME}`);
      expect(ask(world(SETS, '/aws-service-role/autoscaling.amazonaws.com/'), role).containment).toEqual([]);
    });
  });

  it('turns a key off, and says why, where more principals are had than its policy can name', () => {
    const keyMeasure = (count: number, SecretList: JsonObject[]) => {
      const names = Array.from({ length: count }, (_, at) => `web-${at}-${'x'.repeat(50)}`);
      const says = ['secretsmanager:GetSecretValue', 'kms:Decrypt'];
      const world: Miniature = {
        roles: Object.fromEntries(names.map((name) => [name, { trust: 'ec2.amazonaws.com', says }])),
        keys: { k1: {}, k2: {} },
        answers: { 'secrets-manager/ListSecrets': { SecretList } },
      };
      return ask(world, ...names.map((name) => roleArn(name))).containment.filter(({ text }) =>
        text.includes(' key k'),
      );
    };
    const SECRET = arn('secretsmanager', 'secret:login-AbCdEf');
    const under = [{ ARN: SECRET, Name: 'login', KmsKeyId: keyArn('k1') }];
    expect(keyMeasure(200, under)).toMatchObject([
      {
        text: 'Turn key k1 off: the 200 principals that are had are more than a statement in its policy can name.',
        command: `aws kms disable-key --key-id '${keyArn('k1')}' --region us-east-1`,
        cuts: 1,
      },
    ]);
    expect(keyMeasure(100, under)).toMatchObject([{ text: expect.stringContaining('Close key k1') as string }]);
    expect(keyMeasure(200, [{ ARN: SECRET, Name: 'login' }])).toEqual([]);
  });

  it('closes the key under which what is read is encrypted', () => {
    const SECRET = arn('secretsmanager', 'secret:login-AbCdEf');
    const world: Miniature = {
      ...held(['secretsmanager:GetSecretValue', 'kms:Decrypt'], {
        'secrets-manager/ListSecrets': { SecretList: [{ ARN: SECRET, Name: 'login', KmsKeyId: keyArn('k1') }] },
      }),
      keys: { k1: {}, k2: {} },
    };
    const found = measures(world, roleArn('web')).filter(({ text }) => text.startsWith('Close key'));
    expect(found).toMatchObject([{ cuts: 1, text: expect.stringContaining('Close key k1 to web') as string }]);
    expect(found[0]?.command).toContain(`"ArnEquals":{"aws:PrincipalArn":["${roleArn('web')}"]}`);
  });

  it('is in the order of what it cuts, and then of how little it breaks', () => {
    const found = ask(host, roleArn('web')).containment;
    expect(found.map(({ cuts }) => cuts)).toEqual([1, 1]);
    expect(found.map(({ interrupts }) => interrupts)).toEqual([
      'whatever uses the role, until it asks for new credentials',
      'whatever uses role web, until the policy is taken away',
    ]);
  });
});
