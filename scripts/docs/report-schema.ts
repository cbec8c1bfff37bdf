import { z } from 'zod';
import type { ComparedReport, Report } from '../../src/findings/index.js';

/** The report as a schema: docs/report.schema.json and docs/report.md are made of it, and every golden report is checked against it. */
const condition = z
  .strictObject({
    key: z.string().describe('a condition key, or what is not known for operator `Known`'),
    operator: z.string(),
    values: z.array(z.string()),
  })
  .describe('something that must hold, and that the snapshot does not decide');

const evidence = z.strictObject({
  asset: z.string().describe('which asset states it'),
  fact: z.string().describe('what it states, as a sentence'),
  source: z.string().describe('path of the answer inside the snapshot'),
  stated: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('statement'),
        statement: z.string().describe('its Sid, or its place in the document'),
      }),
      z.strictObject({
        kind: z.literal('group-rule'),
        direction: z.enum(['ingress', 'egress']),
        permission: z.looseObject({}).describe('as `aws ec2 revoke-security-group-ingress --ip-permissions` takes it'),
      }),
    ])
    .optional()
    .describe('the one entry that says it, where it could be taken away by itself'),
});

const gap = z.strictObject({
  account: z.string(),
  region: z.string(),
  service: z.string(),
  operation: z.string(),
  resource: z.string().optional(),
  error: z.string().describe("the error's name, for example `AccessDenied`"),
  message: z.string(),
});

const severity = z.enum(['critical', 'high', 'medium', 'low']);
const confidence = z
  .enum(['confirmed', 'conditional'])
  .describe('`conditional`: some condition could not be decided; then `conditions` lists them');

const step = z.strictObject({
  technique: z.string().describe('docs/techniques/ describes each'),
  title: z.string(),
  from: z.string().describe('the asset from which the step is taken'),
  to: z.string(),
  requires: z.array(z.string()).describe('every asset that the step needs something from; sorted'),
  text: z.string(),
  attack: z.array(z.string()).describe('ATT&CK technique ids'),
  assumptions: z.array(z.string()),
  conditions: z.array(condition),
  evidence: z.array(evidence),
  fix: z.string().describe('one change that would break the step'),
});

const note = z.strictObject({
  id: z.string(),
  principal: z.string().describe('whose rights those are: one that signs calls on the path'),
  text: z.string().describe("goes on from the principal's name: `may …`"),
  limit: z.string().optional().describe('what it cannot do, where permissions do not say'),
  actions: z.array(z.string()).describe('calls that do it, each by itself'),
  attack: z.array(z.string()).describe('ATT&CK technique ids'),
  confidence,
  conditions: z.array(condition).describe('what must hold; empty when confirmed'),
});

const path = z.strictObject({
  id: z.string().describe('stable from run to run, and when an asset is replaced by its twin'),
  severity,
  score: z.number().min(0).max(100),
  factors: z.array(z.string()).describe('why it has that score, in words'),
  confidence,
  conditions: z.array(condition).describe('what must hold; empty when confirmed'),
  entry: z.strictObject({
    id: z.string(),
    type: z.string(),
    name: z.string().optional(),
    members: z.array(z.string()).describe('the interchangeable assets that the entry stands for'),
    identities: z
      .array(z.string())
      .optional()
      .describe('what the members count as from one day to the next: an instance of a group as the group; sorted'),
  }),
  target: z.strictObject({
    id: z.string(),
    type: z.string(),
    name: z.string().optional(),
    access: z.enum(['control', 'read', 'write', 'admin']),
    members: z.array(z.string()),
  }),
  steps: z.array(step).describe('each after those that give what it needs'),
  notes: z
    .array(note)
    .describe('what whoever goes this way could hide behind: logging and guards that it may turn off'),
});

const exposure = z.strictObject({
  asset: z.string(),
  type: z.string(),
  name: z.string().optional(),
  from: z.string().describe('`internet`, or `named-addresses` where only listed addresses may come in'),
  grade: z.enum(['internet', 'broad', 'cloudfront', 'named']),
  sources: z.array(z.string()).describe('CIDRs'),
  addresses: z.number().describe('how many IPv4 addresses those are'),
  ports: z.array(z.string()),
  via: z.array(z.string()).describe('what is passed on the way, in order'),
  confidence,
  conditions: z.array(condition),
  evidence: z.array(evidence),
});

const chokePoint = z.strictObject({
  remove: z.strictObject({ asset: z.string(), what: z.string(), command: z.string().optional() }),
  paths: z.number().describe('how many paths are gone without it'),
  targets: z.number().describe('how many targets are out of reach without it'),
  verified: z.boolean(),
});

const baselinePath = {
  id: z.string(),
  severity,
  entry: z.strictObject({ id: z.string(), name: z.string().optional() }),
  target: z.strictObject({ id: z.string(), name: z.string().optional(), access: z.string() }),
  entries: z.array(z.string()).describe('what the members of the entry counted as'),
  techniques: z.array(z.string()),
  assets: z.array(z.string()),
  inputs: z.array(z.string()).describe('the operations whose answers showed the path'),
  reason: z.string().optional().describe('why it is accepted'),
  owner: z.string().optional(),
  expires: z.string().optional().describe('`YYYY-MM-DD`: the last day on which it is accepted'),
};

const guardrail = z.strictObject({
  kind: z.enum(['never', 'only']),
  text: z.string().describe('what it says, as a sentence'),
  place: z.string().describe('where it stands: `file:line:column`'),
  paths: z
    .array(z.string())
    .describe('ids of the paths that break it, in the order of the report; empty where it holds'),
});

const comparison = z
  .strictObject({
    verdict: z.enum(['passed', 'failed', 'gaps']).describe('`failed` where a guardrail is broken, too'),
    paths: z.array(
      z.strictObject({
        id: z.string(),
        state: z.enum(['new', 'expired', 'newly-seen', 'unchanged']),
        because: z.array(z.string()),
        further: z
          .array(z.string())
          .optional()
          .describe('entries of a path that is accepted over others alone, which were not accepted'),
        reason: z.string().optional(),
        owner: z.string().optional(),
        expires: z.string().optional(),
      }),
    ),
    missing: z
      .array(z.strictObject({ ...baselinePath, state: z.enum(['absent', 'unverified']), unseen: z.array(z.string()) }))
      .describe('paths of the baseline that were not found: gone, or not to be judged'),
    gaps: z.array(z.string()).describe('gaps that the result depends on and that nobody accepted'),
    allowGaps: z.boolean(),
    counts: z.strictObject({
      new: z.number(),
      expired: z.number(),
      'newly-seen': z.number(),
      unchanged: z.number(),
      absent: z.number(),
      unverified: z.number(),
    }),
  })
  .describe('only from `check`');

export const reportShape = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  snapshot: z.strictObject({
    accounts: z.array(z.string()),
    regions: z.array(z.string()),
    collectedAt: z.string().optional().describe('ISO 8601'),
    gaps: z.array(gap).describe('what could not be seen'),
    notCollected: z
      .array(z.string())
      .describe('operations that no answer and no gap stands for, as `account/region/service/Operation`'),
  }),
  summary: z.strictObject({
    assets: z.number(),
    relationships: z.number(),
    exposed: z.number(),
    dataStores: z.number(),
    paths: z.number(),
    bySeverity: z.strictObject({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number() }),
  }),
  exposures: z.array(exposure).describe('by asset, then grade'),
  paths: z.array(path).describe('by score, highest first, then id'),
  chokePoints: z.array(chokePoint).describe('by paths cut, most first'),
  guardrails: z
    .array(guardrail)
    .optional()
    .describe('only where the configuration has some: in its order, `never` first'),
  comparison: comparison.optional(),
});

type Shape = z.infer<typeof reportShape>;
type Loose<T> = T extends readonly (infer I)[]
  ? readonly Loose<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Loose<T[K]> }
    : T;

// The types that the program uses and the schema that it promises are the same, or this does not compile.
export const sameReport = (report: Report & Partial<ComparedReport>): Loose<Shape> => report;
export const sameShape = (shape: Shape): Report => shape as Report;

export const reportSchema = (): object => ({
  ...z.toJSONSchema(reportShape, { target: 'draft-2020-12' }),
  title: 'trespass report',
});
