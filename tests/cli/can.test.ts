import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

const WEB_SHOP = fileURLToPath(new URL('../../fixtures/web-shop', import.meta.url));
const TWO_ACCOUNTS = fileURLToPath(new URL('../../fixtures/two-accounts', import.meta.url));
const INVOICE = 'arn:aws:s3:::shop-invoices-111122223333/2026/1.pdf';

async function can(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await runCli(['can', WEB_SHOP, ...args]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

async function refusal(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await runCli(['can', WEB_SHOP, ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  return err;
}

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await can(...args, '--format', 'json')) as Record<string, unknown>;

describe('trespass can', () => {
  it('names the statements that decide', async () => {
    expect(await can('shop-web', 's3:GetObject', 'arn:aws:s3:::shop-assets-111122223333/logo.png')).toContain(
      'Allow: statement ShopBuckets of arn:aws:iam::111122223333:role/shop-web#buckets',
    );
    expect(await can('shop-web', 's3:GetObject', INVOICE)).toContain(
      'Deny: statement NotTheInvoices of arn:aws:iam::111122223333:role/shop-web#buckets',
    );
  });

  it('says of a denial what stops it, and which statements nearly allow it', async () => {
    const answer = await can('shop-web', 's3:GetObject', 'arn:aws:s3:::elsewhere/x');
    expect(answer).toContain('stopped by\n    - no identity policy allows it');
    expect(answer).toMatch(/nearly allowed by\n.*statement ShopBuckets .*which is about\s+arn:aws:s3:::shop-\*/s);
    expect(await can('shop-catalog', 'rds:ModifyDBInstance', 'orders')).toContain(
      'the permissions boundary does not allow it',
    );
    expect(await json('shop-web', 's3:GetObject', 'arn:aws:s3:::elsewhere/x')).toMatchObject({
      verdict: 'implicit-deny',
      stoppedBy: ['no identity policy allows it'],
      nearly: [{ statement: 'ShopBuckets', because: 'is about arn:aws:s3:::shop-*/*' }],
    });
  });

  it('says what an answer depends on, and takes it stated', async () => {
    const key = 'arn:aws:kms:us-east-1:111122223333:key/8c66be24-82d1-44d0-8d54-56e1613893e8';
    expect(await can('shop-web', 'kms:Decrypt', key)).toContain(
      'depends on\n    - kms:ViaService StringEquals ec2.us-east-1.amazonaws.com',
    );
    const via = (service: string) => ['--context', `kms:ViaService=${service}.us-east-1.amazonaws.com`];
    expect(await json('shop-web', 'kms:Decrypt', key, ...via('ec2'))).toMatchObject({ verdict: 'allowed' });
    expect(await json('shop-web', 'kms:Decrypt', key, ...via('rds'))).toMatchObject({ verdict: 'implicit-deny' });
  });

  it('judges a call from the network of the host that makes it', async () => {
    const answer = await json('shop-web', 'ec2:CreateSnapshot', '--from', 'web');
    expect(answer).toMatchObject({
      verdict: 'allowed',
      from: { context: { 'aws:SourceIp': '203.0.113.21', 'aws:SourceVpc': [] } },
    });
    expect(answer['from']).toMatchObject({
      context: { 'ec2:SourceInstanceARN': expect.stringContaining('instance/') },
    });
    // Credentials of another host's role say nothing of this one.
    const { from } = await json('shop-web', 'ec2:CreateSnapshot', '--from', 'reports');
    expect(from).not.toHaveProperty('context.ec2:SourceInstanceARN');
    expect(await can('shop-web', 'ec2:CreateSnapshot', '--from', 'web')).toContain('no aws:SourceVpc,');
  });

  it('says who may do something', async () => {
    expect(await json('--who', 's3:GetObject', INVOICE)).toMatchObject({
      action: 's3:GetObject',
      principals: [{ principals: ['arn:aws:iam::111122223333:role/shop-reports'], verdict: 'allowed' }],
      outsiders: [],
    });
    expect(await can('--who', 'rds:ModifyDBInstance', 'orders')).toContain('role/shop-web\n      by Allow: statement');
    expect(await can('--who', 'iam:CreateUser')).toContain('nobody');
  });

  it('says on which resources a principal may do something', async () => {
    expect(await can('shop-web', '--what', 's3:GetObject', 'iam:CreateUser')).toContain(
      'iam:CreateUser: on nothing\n\n  s3:GetObject\n    - arn:aws:s3:::shop-*/*, except arn:aws:s3:::shop-invoices-111122223333/*',
    );
    expect(await json('shop-web', '--what', 's3:GetObject')).toMatchObject({
      actions: [{ action: 's3:GetObject', resources: [{ pattern: 'arn:aws:s3:::shop-*/*', verdict: 'allowed' }] }],
    });
  });

  it('says who administers the account, and what holds back who does not', async () => {
    const capped = await can('shop-catalog', '--administrator');
    expect(capped).toContain('by its policies: implicit-deny');
    expect(capped).toContain('the permissions boundary does not allow it');
    const { out } = await runCli(['can', TWO_ACCOUNTS, 'arn:aws:iam::222233334444:root', '--administrator']);
    expect(out).toContain('by its policies: allowed');
  });

  it('says whom a resource lets in', async () => {
    expect(await can('--opens', 'shop-assets-111122223333')).toContain('nobody outside of its account');
    expect(await can('--opens', 'arn:aws:iam::111122223333:role/shop-web')).toContain(
      'service ec2.amazonaws.com: sts:AssumeRole',
    );
  });

  it.each([
    [['shop-web', 'GetObject'], 'GetObject is no action: write it as service:Action'],
    [['shop-web', 's3:*'], 's3:* is no action: name one action, without wildcards'],
    [['nobody', 's3:GetObject'], 'there is no asset nobody'],
    [['shop-web', 's3:GetObject', 'nothing'], 'there is no asset nothing'],
    [['shop-web', 's3:GetObject', 'shop-*'], 'shop-* is no ARN'],
    [['arn:aws:s3:::shop-assets-111122223333', 's3:GetObject'], 'is no principal: name a user, a role'],
    [['shop-web', 's3:GetObject', '--from', 'nowhere'], 'there is no asset nowhere'],
    [['shop-web', 's3:GetObject', '--from', 'orders'], 'is neither an instance nor a function'],
    [['shop-web'], 'can needs PRINCIPAL and ACTION'],
    [['shop-web', 's3:GetObject', '--context', 'x'], '--context x: write it as key=value'],
    [['--who', 's3:GetObject', 'a', 'b'], '--who ACTION [RESOURCE]'],
    [['--administrator'], 'PRINCIPAL --administrator'],
    [['--what', 's3:GetObject'], 'PRINCIPAL --what ACTION'],
    [['shop-web', '--opens', 'orders'], '--opens RESOURCE'],
    [['--who', 's3:GetObject', '--opens', 'orders'], 'give one of --who, --what'],
    [['--batch', '-', '--who', 's3:GetObject'], '--batch stands for'],
    [['shop-web', 's3:GetObject', '--session-policy', 'no-such-file.json'], 'no-such-file.json: there is no such file'],
  ])('refuses %j', async (args, why) => {
    expect(await refusal(...args)).toContain(why);
  });

  it('takes a session policy from a file, and says where it is no JSON', async () => {
    const file = fileURLToPath(new URL('./session-policy.json', import.meta.url));
    expect(await json('shop-web', 'ec2:CreateSnapshot', '--session-policy', file)).toMatchObject({
      verdict: 'implicit-deny',
      stoppedBy: ['the session policy does not allow it'],
    });
    const here = fileURLToPath(import.meta.url);
    expect(await refusal('shop-web', 'ec2:CreateSnapshot', '--session-policy', here)).toContain(
      'can.test.ts: line 1, column 1:',
    );
  });
});
