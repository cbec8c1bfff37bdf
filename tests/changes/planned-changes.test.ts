import { describe, expect, test } from 'vitest';
import { applyChanges, type Change, compareReports, whatItCuts } from '../../src/changes/index.js';
import { openAnalysis } from '../../src/main/analyze.js';
import { askWhatIf } from '../../src/main/plan-changes.js';
import type { JsonObject } from '../../src/model/index.js';
import { replaceAnswers } from '../../src/snapshot/index.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn } from '../techniques/miniature.js';

const OPTIONS = { toolVersion: '0.0.0' };
const SECRET = (name: string): string => arn('secretsmanager', `secret:${name}-AbCdEf`);

/** A statement that lets a role in, for a policy of a resource. */
const letsIn = (role: string, action: string, Sid?: string): JsonObject => ({
  ...(Sid !== undefined && { Sid }),
  Effect: 'Allow',
  Principal: { AWS: roleArn(role) },
  Action: action,
  Resource: '*',
});
const policy = (...Statement: readonly JsonObject[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

const WORLD: Miniature = {
  roles: {
    web: {
      trust: 'ec2.amazonaws.com',
      profile: true,
      says: ['s3:GetObject on arn:aws:s3:::archive/*', 'sqs:ListQueues'],
    },
    lone: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject'], attached: ['reads'] },
  },
  users: { ann: { groups: ['staff'] }, bob: { groups: ['staff'] } },
  groups: { staff: { attached: ['reads'] } },
  policies: { reads: [['secretsmanager:GetSecretValue']] },
  instances: { 'i-web': { role: 'web', open: true } },
  answers: {
    'global/s3/ListBuckets': { Buckets: [{ Name: 'archive' }] },
    's3/GetBucketLocation': { archive: {} },
    's3/GetBucketPolicy': { archive: { Policy: policy(letsIn('web', 's3:GetObject', 'Web')) } },
    'secrets-manager/ListSecrets': {
      SecretList: ['team/token', 'other/token'].map((name) => ({ Name: name, ARN: SECRET(name) })),
    },
    'secrets-manager/GetResourcePolicy': Object.fromEntries(
      ['other/token', 'team/token'].map((name) => [
        name,
        {
          ARN: SECRET(name),
          Name: name,
          ResourcePolicy: policy(
            letsIn('web', 'secretsmanager:GetSecretValue', 'Web'),
            letsIn('lone', 'secretsmanager:GetSecretValue'),
          ),
        },
      ]),
    ),
    'sqs/GetQueueAttributes': {
      'https://sqs.us-east-1.amazonaws.com/111122223333/orders': {
        Attributes: { QueueArn: arn('sqs', 'orders'), Policy: policy(letsIn('web', 'sqs:SendMessage', 'Web')) },
      },
    },
  },
};
const world = openAnalysis(miniature(WORLD), OPTIONS);

const planned = (written: string) => {
  const [change] = askWhatIf(world, { remove: [written], add: [] }, OPTIONS).changes;
  return change as NonNullable<typeof change>;
};

describe('a command', () => {
  const left = (...statements: readonly JsonObject[]): string =>
    `'${JSON.stringify({ Version: '2012-10-17', Statement: statements })}'`;

  test('holds the document without the statement', () => {
    expect(planned(`statement ${roleArn('web')}#inline 1`).command).toBe(
      `aws iam put-role-policy --role-name web --policy-name inline --policy-document ` +
        left({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::archive/*' }),
    );
    expect(planned(`statement ${SECRET('team/token')}#policy Web`).command).toBe(
      `aws secretsmanager put-resource-policy --region us-east-1 --secret-id ${SECRET('team/token')} --resource-policy ` +
        left(letsIn('lone', 'secretsmanager:GetSecretValue')),
    );
  });

  test.each([
    [`statement ${roleArn('lone')}#inline 0`, 'aws iam delete-role-policy --role-name lone --policy-name inline'],
    ['statement arn:aws:s3:::archive#policy Web', 'aws s3api delete-bucket-policy --bucket archive'],
    [
      `statement ${arn('iam', 'policy/reads')} 0`,
      `aws iam detach-group-policy --group-name staff --policy-arn ${arn('iam', 'policy/reads')} && ` +
        `aws iam detach-role-policy --role-name lone --policy-arn ${arn('iam', 'policy/reads')}`,
    ],
    [
      `statement ${roleArn('web')}#trust 0`,
      `aws iam update-assume-role-policy --role-name web --policy-document ${left({ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' })}`,
    ],
  ])('takes the whole policy away where nothing would be left: %s', (written, command) => {
    expect(planned(written).command).toBe(command);
  });
});

describe('what a change cuts as well', () => {
  test.each<[string, readonly string[]]>([
    [`statement ${roleArn('web')}#inline 1`, [`sqs:ListQueues on *, for ${roleArn('web')}`]],
    [
      `statement ${arn('iam', 'policy/reads')} 0`,
      [
        `secretsmanager:GetSecretValue on *, for ${roleArn('lone')}`,
        `secretsmanager:GetSecretValue on *, for ${arn('iam', 'user/ann')}`,
        `secretsmanager:GetSecretValue on *, for ${arn('iam', 'user/bob')}`,
      ],
    ],
    [
      `policy ${arn('iam', 'policy/reads')} of staff`,
      ['ann', 'bob'].map(
        (name) => `everything that ${arn('iam', 'policy/reads')} allows ${arn('iam', `user/${name}`)}`,
      ),
    ],
    ['statement arn:aws:s3:::archive#policy Web', [`s3:GetObject on *, for ${roleArn('web')}`]],
    [`statement ${roleArn('web')}#trust 0`, [`ec2.amazonaws.com becoming ${roleArn('web')}`]],
    ['profile i-web', [`every call that software on ${arn('ec2', 'instance/i-web')} makes as ${roleArn('web')}`]],
  ])('%s', (written, cuts) => {
    expect(planned(written).alsoCuts).toEqual(cuts);
  });

  test('is all that a rule lets in to whatever has the group', () => {
    const [group = ''] = world.graph.outgoing(arn('ec2', 'instance/i-web'), 'has-security-group').map(({ to }) => to);
    expect(planned(`rule ${group} tcp/443 from 0.0.0.0/0`).alsoCuts).toEqual([
      `tcp/443 from 0.0.0.0/0, to ${arn('ec2', 'instance/i-web')}`,
    ]);
  });

  test('is said of a rule to be not all known where interfaces were not collected, and nothing where a group is of no use', () => {
    const WEB_GROUP = 'sg-open';
    const cut = (mini: Miniature, group: string): readonly string[] => {
      const { graph, snapshot } = openAnalysis(miniature(mini), OPTIONS);
      const permission = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
      const id = arn('ec2', `security-group/${group}`);
      return whatItCuts(graph, snapshot, {
        kind: 'group-rule',
        do: 'remove',
        direction: 'ingress',
        group: id,
        permission,
      });
    };
    const none: Miniature = { instances: {} };
    expect(cut(none, WEB_GROUP)).toEqual([]);
    const unseen =
      /^tcp\/443 from 0\.0\.0\.0\/0, to whatever has .*sg-open: what that is, was not all collected \(ec2\/DescribeNetworkInterfaces/;
    expect(cut({ ...none, missing: ['ec2/DescribeNetworkInterfaces'] }, WEB_GROUP)).toEqual([
      expect.stringMatching(unseen),
    ]);
    expect(cut({ ...none, refused: ['ec2/DescribeNetworkInterfaces'] }, WEB_GROUP)).toEqual([
      expect.stringMatching(unseen),
    ]);
    const one: Miniature = { instances: { 'i-web': { open: true } } };
    expect(cut(one, WEB_GROUP)).toEqual([`tcp/443 from 0.0.0.0/0, to ${arn('ec2', 'instance/i-web')}`]);
    expect(cut({ ...one, missing: ['ec2/DescribeNetworkInterfaces'] }, WEB_GROUP)).toEqual([
      `tcp/443 from 0.0.0.0/0, to ${arn('ec2', 'instance/i-web')}`,
      expect.stringMatching(unseen),
    ]);
  });

  const cutBy = (policyName: string, statement: string, { graph, snapshot } = world): readonly string[] =>
    whatItCuts(graph, snapshot, { kind: 'statement', do: 'remove', policy: policyName, statement });
  const NOT_KNOWN = /is not known: it could not be read$/;

  test('is of the statement at a place only where that has no Sid', () => {
    const SHARED = `${SECRET('team/token')}#policy`;
    expect(cutBy(SHARED, '1')).toEqual([`secretsmanager:GetSecretValue on *, for ${roleArn('lone')}`]);
    expect(cutBy(SHARED, '0')).toEqual([expect.stringMatching(NOT_KNOWN)]);
  });

  test('is not known of a document that cannot be read', () => {
    const torn = (Policy: string) =>
      openAnalysis(
        miniature({ answers: { ...WORLD.answers, 's3/GetBucketPolicy': { archive: { Policy } } } }),
        OPTIONS,
      );
    const BUCKET = 'arn:aws:s3:::archive#policy';
    expect(cutBy(BUCKET, 'Web', torn('{"Statement": ['))).toEqual([expect.stringMatching(NOT_KNOWN)]);
    expect(cutBy(BUCKET, 'Web', torn(policy({ ...letsIn('web', 's3:GetObject', 'Web'), Effect: 'Deny' })))).toEqual([]);
  });

  test('counts places among all statements, readable or not', () => {
    const [allowed, odd] = [letsIn('web', 's3:GetObject'), 'torn' as unknown as JsonObject];
    const answers = { ...WORLD.answers, 's3/GetBucketPolicy': { archive: { Policy: policy(odd, allowed) } } };
    const analysis = openAnalysis(miniature({ answers }), OPTIONS);
    expect(cutBy('arn:aws:s3:::archive#policy', '1', analysis)).toEqual([`s3:GetObject on *, for ${roleArn('web')}`]);
    expect(cutBy('arn:aws:s3:::archive#policy', '0', analysis)).toEqual([expect.stringMatching(NOT_KNOWN)]);
  });

  test('is nothing where something is added', () => {
    const [change] = askWhatIf(
      world,
      { remove: [], add: [`policy ${arn('iam', 'policy/reads')} of web`] },
      OPTIONS,
    ).changes;
    expect(change?.alsoCuts).toEqual([]);
  });
});

test('a statement is taken out of the policy of the one resource, not of another whose name ends alike', () => {
  const change: Change = {
    kind: 'statement',
    do: 'remove',
    policy: `${SECRET('team/token')}#policy`,
    statement: 'Web',
  };
  const after = applyChanges(world.snapshot, [change]);
  const statements = (name: string): number => {
    const [answer] = after.answers('secrets-manager', 'GetResourcePolicy');
    const record = answer?.body[name] as { ResourcePolicy: string };
    return (JSON.parse(record.ResourcePolicy) as { Statement: unknown[] }).Statement.length;
  };
  expect([statements('team/token'), statements('other/token')]).toEqual([1, 2]);
  const foreign = SECRET('team/token').replace(ACCOUNT, '999988887777');
  expect(() => applyChanges(world.snapshot, [{ ...change, policy: `${foreign}#policy` }])).toThrow(/no such thing/);
});

describe('an inline policy of a role that is called "trust"', () => {
  const snapshot = miniature(WORLD);
  const named = (name: string) =>
    openAnalysis(
      replaceAnswers(
        snapshot,
        new Map(
          snapshot
            .answers('iam', 'GetAccountAuthorizationDetails')
            .map(({ source, body }) => [
              source,
              JSON.parse(
                JSON.stringify(body).replaceAll('"PolicyName":"inline"', `"PolicyName":"${name}"`),
              ) as JsonObject,
            ]),
        ),
      ),
      OPTIONS,
    );
  const trusting = named('trust');
  const TRUST = `${roleArn('web')}#trust`;
  const INLINE = `${roleArn('web')}#inline/trust`;
  const mayList = ({ iam }: ReturnType<typeof named>) =>
    iam.evaluate({ principal: roleArn('web'), action: 'sqs:ListQueues', resource: '*' });
  const commandOf = (policyName: string, statement: string, analysis = trusting): string =>
    askWhatIf(analysis, { remove: [`statement ${policyName} ${statement}`], add: [] }, OPTIONS).changes[0]?.command ??
    '';

  test('is not called like the trust policy in evidence', () => {
    expect(mayList(trusting).decidedBy.map((decided) => decided.policy)).toEqual([INLINE]);
    const assumed = trusting.iam.evaluate({
      principal: 'ec2.amazonaws.com',
      action: 'sts:AssumeRole',
      resource: roleArn('web'),
    });
    expect(assumed.decidedBy.map((decided) => decided.policy)).toEqual([TRUST]);
    for (const name of ['trusted', 'policy'])
      expect(mayList(named(name)).decidedBy.map((decided) => decided.policy)).toEqual([`${roleArn('web')}#${name}`]);
  });

  test('is changed where it is meant, and the trust policy where that is', () => {
    expect(commandOf(INLINE, '1')).toMatch(/^aws iam put-role-policy --role-name web --policy-name trust /);
    expect(commandOf(TRUST, '0')).toMatch(/^aws iam update-assume-role-policy --role-name web /);
    expect(commandOf(`${roleArn('web')}#policy`, '1', named('policy'))).toMatch(
      /--policy-name policy --policy-document/,
    );
    const without = (policyName: string, statement: string) =>
      openAnalysis(
        applyChanges(trusting.snapshot, [{ kind: 'statement', do: 'remove', policy: policyName, statement }]),
        OPTIONS,
      );
    expect(mayList(without(INLINE, '1')).verdict).toBe('implicit-deny');
    expect(mayList(without(TRUST, '0')).verdict).toBe('allowed');
    expect(() => without(TRUST, '1')).toThrow(/no such thing/);
  });

  test('cuts what it allows, and not who becomes the role', () => {
    const { graph, snapshot: own } = trusting;
    const cut = (policyName: string, statement: string) =>
      whatItCuts(graph, own, { kind: 'statement', do: 'remove', policy: policyName, statement });
    expect(cut(INLINE, '1')).toEqual([`sqs:ListQueues on *, for ${roleArn('web')}`]);
    expect(cut(TRUST, '0')).toEqual([`ec2.amazonaws.com becoming ${roleArn('web')}`]);
  });
});

describe('a role that Identity Center made is changed by its permission set', () => {
  const NAME = 'AWSReservedSSO_Ops_0123456789abcdef';
  const RESERVED = arn('iam', `role/aws-reserved/sso.amazonaws.com/${NAME}`);
  const INSTANCE = 'arn:aws:sso:::instance/ssoins-1';
  const OPS = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
  const SETS = {
    'sso-admin/ListInstances': { Instances: [{ InstanceArn: INSTANCE, OwnerAccountId: ACCOUNT }] },
    'sso-admin/DescribePermissionSet': { [OPS]: { PermissionSet: { Name: 'Ops', PermissionSetArn: OPS } } },
  };
  const SET = `--instance-arn '${INSTANCE}' --permission-set-arn '${OPS}' --region us-east-1`;
  const PROVISION = `aws sso-admin provision-permission-set ${SET} --target-type AWS_ACCOUNT --target-id '${ACCOUNT}'`;
  const AWS_OWN = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const commandOf = (
    written: string,
    path = '/aws-reserved/sso.amazonaws.com/',
    says = ['s3:GetObject', 'sqs:ListQueues'],
    own = 'reads',
    sets: Miniature['answers'] = SETS,
  ) => {
    const role = { trust: 'ec2.amazonaws.com', path, says, attached: [own, AWS_OWN] };
    const answers = { ...WORLD.answers, ...sets };
    const analysis = openAnalysis(miniature({ ...WORLD, answers, roles: { ...WORLD.roles, [NAME]: role } }), OPTIONS);
    return askWhatIf(analysis, { remove: [written], add: [] }, OPTIONS).changes[0]?.command;
  };

  test.each([
    [
      'statement ROLE#inline 1',
      `put-inline-policy-to-permission-set ${SET} --inline-policy '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}' && ${PROVISION}`,
    ],
    [
      `policy ${arn('iam', 'policy/reads')} of ROLE`,
      `detach-customer-managed-policy-reference-from-permission-set ${SET} --customer-managed-policy-reference Name=reads,Path=/ && ${PROVISION}`,
    ],
    [
      `policy ${AWS_OWN} of ROLE`,
      `detach-managed-policy-from-permission-set ${SET} --managed-policy-arn ${AWS_OWN} && ${PROVISION}`,
    ],
    [
      'statement ROLE#trust 0',
      `list-account-assignments ${SET} --account-id '${ACCOUNT}' --query 'AccountAssignments[].[PrincipalType,PrincipalId]' --output text | while read -r TYPE ID; do aws sso-admin delete-account-assignment ${SET} --target-type AWS_ACCOUNT --target-id '${ACCOUNT}' --principal-type "$TYPE" --principal-id "$ID"; done`,
    ],
  ])('%s', (written, command) => {
    expect(commandOf(written.replace('ROLE', RESERVED))).toBe(`aws sso-admin ${command}`);
  });

  test('which is looked up by its name where it was not collected, or is not alone by it', () => {
    const other = OPS.replace('ps-1', 'ps-2');
    const twice = {
      ...SETS,
      'sso-admin/DescribePermissionSet': Object.fromEntries(
        [OPS, other].map((set) => [set, { PermissionSet: { Name: 'Ops', PermissionSetArn: set } }]),
      ),
    };
    for (const sets of [{}, twice]) {
      const command = commandOf(`policy ${AWS_OWN} of ${RESERVED}`, undefined, undefined, undefined, sets);
      expect(command).toMatch(/^INSTANCE=\$\(aws sso-admin list-instances .* && SET=\$\(.*awk '\$1 == "Ops" /);
      expect(command).toContain('--instance-arn "$INSTANCE" --permission-set-arn "$SET" --managed-policy-arn');
      expect(command).toMatch(/ --target-type AWS_ACCOUNT --target-id '111122223333'$/);
    }
  });

  test('and what strangers called a policy is one word of the shell', () => {
    const odd = arn('iam', "policy/$(x)'/reads");
    expect(commandOf(`policy ${odd} of ${RESERVED}`, undefined, ['s3:GetObject'], odd)).toContain(
      String.raw`--customer-managed-policy-reference 'Name=reads,Path=/$(x)'\''/' && `,
    );
  });

  test('which has no inline policy left where nothing is left of it', () => {
    expect(commandOf(`statement ${RESERVED}#inline 0`, undefined, ['s3:GetObject'])).toBe(
      `aws sso-admin delete-inline-policy-from-permission-set ${SET} && ${PROVISION}`,
    );
  });

  test('and another role of such a name by IAM', () => {
    expect(commandOf(`statement ${roleArn(NAME)}#inline 1`, '/')).toMatch(
      /^aws iam put-role-policy --role-name AWSReservedSSO_Ops_/,
    );
    expect(commandOf(`policy ${arn('iam', 'policy/reads')} of ${roleArn(NAME)}`, '/')).toMatch(
      /^aws iam detach-role-policy /,
    );
  });
});

test('a queue is known by its address', () => {
  const change: Change = {
    kind: 'statement',
    do: 'remove',
    policy: `${arn('sqs', 'orders')}#policy`,
    statement: 'Web',
  };
  expect(() => applyChanges(world.snapshot, [change])).not.toThrow();
  expect(() => applyChanges(world.snapshot, [{ ...change, policy: `${arn('sqs', 'ders')}#policy` }])).toThrow();
});

describe('what was open to everybody', () => {
  const open = (parts: Miniature['answers']): Miniature => ({
    roles: { web: { trust: 'ec2.amazonaws.com', profile: true, says: ['s3:GetObject'] } },
    instances: { 'i-web': { role: 'web', open: true } },
    answers: {
      'global/s3/ListBuckets': { Buckets: [{ Name: 'press' }] },
      's3/GetBucketLocation': { press: {} },
      's3/GetBucketPolicy': {
        press: {
          Policy: policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::press/*' }),
        },
      },
      ...parts,
    },
  });
  const before = openAnalysis(
    miniature(
      open({
        's3/GetPublicAccessBlock': { press: null },
        'global/s3-control/GetPublicAccessBlock': { [ACCOUNT]: null },
      }),
    ),
    OPTIONS,
  );

  test('is still had, another way, by hosts that come to light once it is closed: they open nothing', () => {
    const after = applyChanges(before.snapshot, [{ kind: 'public-access', do: 'remove', asset: 'arn:aws:s3:::press' }]);
    const outcome = compareReports(before.report(), openAnalysis(after, OPTIONS).report());
    expect(before.report().paths.map(({ entry }) => entry.type)).toEqual(['s3:bucket']);
    expect(outcome).toMatchObject({ gone: [], opened: [], left: 1 });
    expect(outcome.anotherWay.map(({ target }) => target)).toEqual(['arn:aws:s3:::press']);
  });

  test('is opened again by whoever opens it', () => {
    const closed = applyChanges(before.snapshot, [
      { kind: 'public-access', do: 'remove', asset: 'arn:aws:s3:::press' },
    ]);
    const outcome = compareReports(openAnalysis(closed, OPTIONS).report(), before.report());
    expect(outcome.opened.map(({ entry }) => entry)).toEqual(['arn:aws:s3:::press']);
  });
});
