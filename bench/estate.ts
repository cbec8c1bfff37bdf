import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject } from '../src/model/index.js';
import { addImages, addInstances } from './estate/compute.js';
import { addIdentities } from './estate/identity.js';
import { ACCOUNT, type EstateAnswer, makeLedger, REGION, WHEN } from './estate/ledger.js';
import { addVpc } from './estate/network.js';
import { addBucket, addDatabases, addFunction, addKey, addSecret, addTable } from './estate/stores.js';
import { randomFrom } from './random.js';

const INSTANCES_PER_VPC = 400;
/** Records of a list, or resources of an answer by key, in one file. */
const ITEMS_PER_FILE = 20_000;

/** What a full collection asks that has no answer in this account. */
const EMPTY = [
  'ec2/DescribeAddresses',
  'ec2/DescribeTransitGateways',
  'ec2/DescribeVpcEndpoints',
  'ec2/DescribeVpnGateways',
  'ec2/DescribeVpcPeeringConnections',
  'ec2/DescribeManagedPrefixLists',
  'ec2/DescribeEgressOnlyInternetGateways',
  'rds/DescribeDBClusters',
  'rds/DescribeDBClusterSnapshots',
  'rds/DescribeDBProxies',
  'elastic-load-balancing/DescribeLoadBalancers',
  'ec2/DescribeInstanceConnectEndpoints',
];

/**
 * The answers of an account with so many instances, and of the rest what such an account has: VPCs of 400 instances in three zones and
 * tiers, 24 groups each; a role for every eight instances; databases, buckets, secrets, tables and functions in
 * proportion. The same size and seed give the same estate.
 */
function drawEstate(instances: number, seed = 1): readonly EstateAnswer[] {
  const ledger = makeLedger(randomFrom(seed));
  const roles = addIdentities(ledger, Math.max(40, Math.ceil(instances / 8)));
  addImages(ledger);
  // Also a small estate has some stores of every team, or its roles would grant on nothing.
  const share = (per: number): number => Math.max(80, Math.ceil(instances / per));
  const perVpc = Math.max(INSTANCES_PER_VPC, Math.ceil(instances / 250));
  for (let number = 0, left = instances; left > 0; number++, left -= perVpc) {
    const vpc = addVpc(ledger, number);
    const here = Math.min(left, perVpc);
    addKey(ledger, number);
    addInstances(ledger, vpc, roles, here);
    addDatabases(ledger, vpc, Math.ceil(here / 50));
    for (let i = 0; i < Math.ceil(here / 40); i++) addFunction(ledger, vpc, roles, number * 10_000 + i);
  }
  for (let i = 0; i < share(20); i++) addBucket(ledger, i);
  for (let i = 0; i < share(30); i++) addSecret(ledger, i);
  for (let i = 0; i < share(60); i++) addTable(ledger, i);
  return ledger.answers();
}

/** Writes an estate as a snapshot folder. Gives the bytes written. */
export function writeEstate(folder: string, instances: number, seed = 1): number {
  let bytes = 0;
  const write = (path: string, body: unknown): void => {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    const json = JSON.stringify(body, null, 1);
    bytes += Buffer.byteLength(json);
    writeFileSync(file, json);
  };
  for (const { region, service, operation, body } of drawEstate(instances, seed)) {
    parts(body).forEach((part, i) => {
      write(`${ACCOUNT}/${region}/${service}/${operation}${i === 0 ? '' : `.${i + 1}`}.json`, part);
    });
  }
  write('manifest.json', {
    schemaVersion: 1,
    tool: { name: 'bench', version: '1' },
    startedAt: WHEN,
    finishedAt: WHEN,
    accounts: [{ id: ACCOUNT, name: 'estate', regions: [REGION], empty: { [REGION]: EMPTY } }],
    gaps: [],
  });
  return bytes;
}

const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / ITEMS_PER_FILE) }, (_, i) =>
    items.slice(i * ITEMS_PER_FILE, (i + 1) * ITEMS_PER_FILE),
  );

/** An answer cut into several of the same shape, so that none is larger than a string can be. */
function parts(body: JsonObject): readonly JsonObject[] {
  const entries = Object.entries(body);
  if (entries.every(([, value]) => isObject(value))) return chunks(entries).map((some) => Object.fromEntries(some));
  const lists = entries.map(([key, value]) => [key, chunks(Array.isArray(value) ? (value as Json[]) : [])] as const);
  const count = Math.max(...lists.map(([, pieces]) => pieces.length));
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(lists.filter(([, pieces]) => i < pieces.length).map(([key, pieces]) => [key, pieces[i] ?? []])),
  );
}
