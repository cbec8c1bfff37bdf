import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectSnapshot } from '../../src/collectors/index.js';
import { at, field, objects } from '../../src/model/index.js';
import type { WholeSnapshot } from '../../src/snapshot/index.js';
import { startEmulator } from '../emulator/emulator.js';
import { ACCOUNT, clientOf, REGION } from '../emulator/estate.js';

const emulator = await startEmulator();
afterAll(() => emulator?.stop());

describe.skipIf(!emulator)('collecting an organization', () => {
  let snapshot: WholeSnapshot;
  let member: string;
  let unit: string;
  let policy: string;

  beforeAll(async () => {
    if (!emulator) return;
    for (const [name, value] of Object.entries(emulator.env)) vi.stubEnv(name, value);
    const client = new OrganizationsClient(clientOf(emulator));
    await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const { Roots = [] } = await client.send(new ListRootsCommand({}));
    const root = Roots[0]?.Id ?? '';
    const makeUnit = async (ParentId: string, Name: string): Promise<string> => {
      const made = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
      return made.OrganizationalUnit?.Id ?? '';
    };
    unit = await makeUnit(await makeUnit(root, 'workloads'), 'production');
    const made = await client.send(new CreateAccountCommand({ AccountName: 'shop', Email: 'shop@example.com' }));
    member = made.CreateAccountStatus?.AccountId ?? '';
    await client.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' }));
    const Content = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'rds:*', Resource: '*' }],
    });
    const { Policy } = await client.send(
      new CreatePolicyCommand({ Name: 'no-rds', Description: '', Type: 'SERVICE_CONTROL_POLICY', Content }),
    );
    policy = Policy?.PolicySummary?.Id ?? '';
    await client.send(new AttachPolicyCommand({ PolicyId: policy, TargetId: unit }));
    snapshot = await collectSnapshot({ org: true, regions: [REGION], services: ['ec2', 'organizations'] });
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('collects every account as itself', () => {
    expect(snapshot.accounts.map(({ id }) => id)).toEqual([ACCOUNT, member].sort((a, b) => (a < b ? -1 : 1)));
    expect(snapshot.accounts.find(({ id }) => id === member)?.name).toBe('shop');
    const vpcOf = (account: string): unknown =>
      at(objects(field(snapshot.answer(account, REGION, 'ec2', 'DescribeVpcs')?.body, 'Vpcs'))[0], 'VpcId');
    expect(vpcOf(member)).toMatch(/^vpc-/);
    expect(vpcOf(member)).not.toBe(vpcOf(ACCOUNT));
  });

  it('walks the tree of units, and knows the policies of each', () => {
    const bodyOf = (operation: string) => snapshot.answer(ACCOUNT, 'global', 'organizations', operation)?.body;
    expect(Object.keys(bodyOf('ListOrganizationalUnitsForParent') ?? {})).toContain(unit);
    const attached = objects(at(bodyOf('ListPoliciesForTarget'), `${unit}/SERVICE_CONTROL_POLICY`, 'Policies'));
    expect(attached.map((item) => item['Id'])).toContain(policy);
    expect(at(bodyOf('DescribePolicy'), policy, 'Policy', 'Content')).toContain('rds:*');
    expect(Object.keys(bodyOf('ListAccountsForParent') ?? {})).toHaveLength(3);
  });

  it('has a gap for an account whose role cannot be assumed, and collects the others', async () => {
    if (!emulator) return;
    const client = new IAMClient(clientOf(emulator));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['organizations:*', 'ec2:*', 'sts:GetCallerIdentity'], Resource: '*' }],
    });
    await client.send(new CreateUserCommand({ UserName: 'auditor' }));
    await client.send(new PutUserPolicyCommand({ UserName: 'auditor', PolicyName: 'own', PolicyDocument }));
    const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'auditor' }));
    vi.stubEnv('AWS_ACCESS_KEY_ID', AccessKey?.AccessKeyId ?? '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', AccessKey?.SecretAccessKey ?? '');
    await emulator.enforceIam(true);
    const partly = await collectSnapshot({ org: true, regions: [REGION], services: ['ec2'] });
    expect(partly.gaps.filter((gap) => gap.account === member)).toMatchObject([
      { region: 'global', service: 'sts', operation: 'AssumeRole', error: 'AccessDenied' },
    ]);
    expect(partly.coverage(member, REGION, 'ec2', 'DescribeVpcs')).not.toBe('answered');
    expect(partly.coverage(ACCOUNT, REGION, 'ec2', 'DescribeVpcs')).toBe('answered');
  });
});
