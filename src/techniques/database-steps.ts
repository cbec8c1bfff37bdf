import { at, type Condition, type JsonObject, partitionOf, text } from '../model/index.js';
import type { Requirement } from './permissions.js';
import type { Emit, Technique, TechniqueInfo } from './technique.js';
import { nameOf, stated, type World } from './world.js';

/** Emits a step, unless a premise is `undefined`. */
type Step = (
  head: string,
  body: readonly (string | undefined)[],
  detail: {
    readonly does: string;
    readonly about: string;
    readonly evidence: string;
    readonly conditions?: readonly Condition[];
  },
) => void;

/** A technique about databases. */
export interface DatabaseSteps {
  readonly info: TechniqueInfo;
  readonly forWorld: (world: World, step: Step, emit: Emit) => void;
}

/** What databases are had by that are logged in to. */
export const LOGIN = { tactic: 'Collection', attack: ['T1213.006', 'T1078.004'] } as const;

/** The ARN of a database, a snapshot or the like of a place. */
export const rdsArn = (group: { readonly region: string; readonly account: string }, resource: string): string =>
  `arn:${partitionOf(group.region)}:rds:${group.region}:${group.account}:${resource}`;

/** What the actions on databases call them: `ModifyDBInstance`. */
export const instanceOrCluster = (type: string): 'DBInstance' | 'DBCluster' =>
  type === 'rds:db-instance' ? 'DBInstance' : 'DBCluster';

/** What a database is made with: itself, and the groups that configure it, also where the call names none and takes the defaults. */
const MADE_WITH = {
  DBInstance: ['db:*', 'og:*', 'pg:*', 'subgrp:*'],
  DBCluster: ['cluster:*', 'cluster-pg:*', 'og:*', 'subgrp:*'],
} as const;

/**
 * What a call is checked on that makes a database, all by the same principal.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export const makingDatabase = (
  action: string,
  kind: keyof typeof MADE_WITH,
  group: Parameters<typeof rdsArn>[0],
): readonly Requirement[] => MADE_WITH[kind].map((form) => ({ action, resources: [rdsArn(group, form)] }));

/**
 * Instances that a restored cluster has to be given before anybody can log in; `undefined` where nobody may make them. Those that are not of Aurora, and serverless ones
 * of the first version, need none.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html
 */
export function givingInstances(
  world: World,
  group: Parameters<typeof rdsArn>[0],
  record: JsonObject | undefined,
): readonly (string | undefined)[] {
  const engine = text(at(record, 'Engine')) ?? 'aurora';
  if (!engine.startsWith('aurora') || text(at(record, 'EngineMode')) === 'serverless') return [];
  const any = rdsArn(group, 'db:*');
  return [
    world.permissions.may({ action: 'rds:CreateDBInstance', resources: [any], accounts: [group.account] }).of(any),
  ];
}

/** A member of a cluster has its cluster's password and storage; what is done to it is done to the cluster. */
export const isMember = (world: World, database: string): boolean =>
  world.graph.outgoing(database, 'member-of').length > 0;

export function databaseTechnique({ info, forWorld }: DatabaseSteps): Technique {
  return {
    ...info,
    steps: (world, emit) => {
      const step: Step = (head, body, { does, about, evidence, conditions }) => {
        if (body.includes(undefined)) return;
        emit({
          head,
          body: body.filter((b) => b !== undefined),
          conditions: conditions ?? [],
          label: {
            technique: info,
            detail: () => ({
              text: `${does} ${nameOf(world, about)}.`,
              evidence: [stated(world, about, evidence)],
              fix: info.remediation,
            }),
          },
        });
      };
      forWorld(world, step, emit);
    },
  };
}
