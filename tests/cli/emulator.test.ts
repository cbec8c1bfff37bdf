import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  AssociateIamInstanceProfileCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparedReport, Report } from '../../src/findings/index.js';
import type { CanDocument, WhoCanDocument } from '../../src/main/answers.js';
import { field, type Json, objects, text } from '../../src/model/index.js';
import { type Emulator, startEmulator } from '../emulator/emulator.js';
import { ACCOUNT, clientOf, type Estate, REGION, seedEstate } from '../emulator/estate.js';
import { type Outcome, spawnCli } from './run-cli.js';

const emulator: Emulator | undefined = await startEmulator();

/** The emulator launches a group's instances without the instance profile that its launch template names; AWS does not. */
async function attachProfiles(running: Emulator, instances: readonly string[]): Promise<void> {
  const client = new EC2Client(clientOf(running));
  for (const instance of instances) {
    const InstanceId = instance.split('/').at(-1) ?? '';
    await client.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'fleet' } }));
  }
}

async function openGroupOf(running: Emulator, instance: string): Promise<void> {
  const client = new EC2Client(clientOf(running));
  const Filters = [{ Name: 'attachment.instance-id', Values: [instance.split('/').at(-1) ?? ''] }];
  const { NetworkInterfaces = [] } = await client.send(new DescribeNetworkInterfacesCommand({ Filters }));
  const GroupId = NetworkInterfaces[0]?.Groups?.[0]?.GroupId ?? '';
  const IpRanges = [{ CidrIp: '0.0.0.0/0' }];
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, IpRanges }];
  await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

describe.skipIf(emulator === undefined)('over an API that answers as AWS does', () => {
  let estate: Estate;
  let folder: string;
  let first: string;
  let report: Report;

  const cli = (...args: readonly string[]): Promise<Outcome> =>
    spawnCli(args, { ...emulator?.env, SOURCE_DATE_EPOCH: '1780000000', TRESPASS_DEBUG: '1' });
  const live = ['--endpoint-url', emulator?.url ?? '', '--region', REGION];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trespass-emulator-'));
    await emulator?.reset();
    estate = await seedEstate(emulator as Emulator);
    await attachProfiles(emulator as Emulator, estate.fleetInstances);
    first = join(folder, 'first');
    const { code, out, err } = await cli('scan', ...live, '--format', 'json', '--out', first);
    expect(code, err).toBe(0);
    report = JSON.parse(out) as Report;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await emulator?.stop();
  });

  const leads = (entry: string, target: string): boolean =>
    report.paths.some(
      (path) =>
        [path.entry.id, ...path.entry.members].includes(entry) &&
        [path.target.id, ...path.target.members].includes(target),
    );

  it('scan finds every path of the estate', () => {
    for (const [entry, target] of estate.expected) expect(leads(entry, target), `${entry} → ${target}`).toBe(true);
  });

  it('and none other', () => {
    for (const [entry, target] of estate.forbidden) expect(leads(entry, target), `${entry} → ${target}`).toBe(false);
    const known = new Set([...estate.expected, ...estate.possible].map(([entry, target]) => `${entry} ${target}`));
    for (const { entry, target, steps } of report.paths) {
      const pairs = [entry.id, ...entry.members].map((id) => `${id} ${target.id}`);
      expect(
        pairs.some((pair) => known.has(pair)),
        `${pairs[0]}: ${steps.map((s) => s.technique).join(', ')}`,
      ).toBe(true);
      expect(estate.unexposed).not.toContain(entry.id);
    }
  });

  it('collects and prepares in one, and answers from what it prepared', async () => {
    const again = join(folder, 'again');
    const made = await cli('collect', ...live, '--format', 'json', '--out', again, '--prepare');
    expect(made.code, made.err).toBe(0);
    expect(JSON.parse(made.out)).toMatchObject({ snapshot: again, prepared: { file: `${again}.prepared` } });
    const prepared = await cli('analyze', again, '--format', 'json');
    expect((JSON.parse(prepared.out) as Report).paths).toEqual(report.paths);
    expect(prepared.err).not.toContain('not used');
    rmSync(join(again, ACCOUNT, REGION, 'ec2/DescribeInstances.json'));
    expect((await cli('analyze', again, '--format', 'json')).err).toContain(`${again}.prepared is of another snapshot`);
  });

  it('says what it collected where it cannot prepare it', async () => {
    const again = join(folder, 'unprepared');
    mkdirSync(`${again}.prepared`);
    const made = await cli('collect', ...live, '--format', 'json', '--out', again, '--prepare');
    expect(made.code).toBe(2);
    expect(made.err).toContain(`cannot write ${again}.prepared`);
    expect(JSON.parse(made.out)).toMatchObject({ snapshot: again, accounts: [{ id: ACCOUNT }] });
    expect((await cli('analyze', again)).code).toBe(0);
  });

  it('can says who may what, and why not', async () => {
    const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const keys = join(first, ACCOUNT, REGION, 'kms/ListKeys.json');
    const key = objects(field(JSON.parse(readFileSync(keys, 'utf8')) as Json, 'Keys'))[0];
    const sealed = text(field(key, 'KeyArn')) ?? '';
    const questions: readonly (readonly [principal: string, action: string, resource: string, verdict: string])[] = [
      [role('web'), 'rds:ModifyDBInstance', 'orders', 'allowed'],
      [role('denied'), 'rds:ModifyDBInstance', 'orders', 'explicit-deny'],
      [role('bounded'), 'rds:ModifyDBInstance', 'orders', 'implicit-deny'],
      [role('bounded'), 's3:ListAllMyBuckets', '*', 'implicit-deny'],
      [role('hop'), 'sts:AssumeRole', role('operator'), 'allowed'],
      [role('web'), 'sts:AssumeRole', role('operator'), 'implicit-deny'],
      [role('keeper'), 'kms:Decrypt', sealed, 'allowed'],
      [role('web'), 'kms:Decrypt', sealed, 'implicit-deny'],
      ['lambda.amazonaws.com', 'sts:AssumeRole', role('keeper'), 'allowed'],
      ['ec2.amazonaws.com', 'sts:AssumeRole', role('keeper'), 'implicit-deny'],
    ];
    const file = join(folder, 'questions');
    const lines = questions.map(([principal, action, resource]) => JSON.stringify({ principal, action, resource }));
    writeFileSync(file, lines.join('\n'));
    const { code, out, err } = await cli('can', first, '--batch', file);
    expect(code, err).toBe(0);
    const answers = out.trimEnd().split('\n');
    expect(answers).toHaveLength(questions.length);
    for (const [index, [principal, action, , verdict]] of questions.entries()) {
      const answer = JSON.parse(answers[index] ?? '') as CanDocument;
      expect([principal, action, answer.verdict, answer.notes]).toEqual([principal, action, verdict, []]);
      if (verdict === 'implicit-deny') expect(answer.stoppedBy.length).toBeGreaterThan(0);
      else expect(answer.decidedBy.length).toBeGreaterThan(0);
    }
    const bounded = await cli('can', first, role('bounded'), 'rds:ModifyDBInstance', 'orders');
    expect(bounded.out).toContain('the permissions boundary does not allow it');
    const who = await cli('can', first, '--who', 'sts:AssumeRole', role('operator'), '--format', 'json');
    expect((JSON.parse(who.out) as WhoCanDocument).principals).toMatchObject([
      { principals: [role('hop')], verdict: 'allowed' },
    ]);
  });

  it('collect and analyze give the bytes of scan', async () => {
    const scanned = await cli('scan', ...live, '--format', 'json');
    const second = join(folder, 'second');
    expect((await cli('collect', ...live, '--out', second)).code).toBe(0);
    const analyzed = await cli('analyze', second, '--format', 'json');
    expect(analyzed.out).toBe(scanned.out);
    expect((JSON.parse(scanned.out) as Report).snapshot.accounts).toEqual([ACCOUNT]);
  });

  it('a replaced instance of the group passes the check', async () => {
    const baseline = join(folder, 'baseline.json');
    expect((await cli('baseline', first, '--out', baseline, '--allow-gaps')).code).toBe(0);
    const { ended, now } = await estate.replaceFleetInstance();
    expect(now).not.toContain(ended);
    const replaced = join(folder, 'replaced');
    expect((await cli('collect', ...live, '--out', replaced)).code).toBe(0);
    const { code, out, err } = await cli('check', replaced, '--baseline', baseline, '--format', 'json');
    const { comparison } = JSON.parse(out) as ComparedReport;
    expect(comparison.paths.filter(({ state }) => state === 'new')).toEqual([]);
    expect(code, err).toBe(0);
  });

  it('a group that is opened fails the check, which names the new rule', async () => {
    const baseline = join(folder, 'before.json');
    expect((await cli('baseline', first, '--out', baseline, '--allow-gaps')).code).toBe(0);
    await openGroupOf(emulator as Emulator, estate.arns.closed);
    const opened = join(folder, 'opened');
    expect((await cli('collect', ...live, '--out', opened)).code).toBe(0);
    const { code, out } = await cli('check', opened, '--baseline', baseline, '--reference', first, '--format', 'json');
    expect(code).toBe(1);
    const { comparison, paths } = JSON.parse(out) as ComparedReport;
    const fresh = comparison.paths.filter(({ state }) => state === 'new');
    expect(fresh.length).toBeGreaterThan(0);
    for (const { id, because } of fresh) {
      expect(paths.find((path) => path.id === id)?.entry.id).toBe(estate.arns.closed);
      expect(because.join('\n')).toContain('allows tcp/8443 from 0.0.0.0/0');
    }
  });

  it('an endpoint that is not there ends it at once with a sentence', async () => {
    const { code, out, err } = await cli('scan', '--endpoint-url', 'http://127.0.0.1:9', '--region', REGION);
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(/^trespass: /m);
    expect(err).not.toMatch(/^\s+at /m);
  });
});
