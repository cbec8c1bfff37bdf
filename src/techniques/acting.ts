import type { Authorizer } from '../iam/index.js';
import { type Condition, unknown } from '../model/index.js';
import type { FactKind } from './fact.js';
import { namesService } from './trusted-services.js';

/** A way to have a principal's permissions without its keys: a service calls AWS as a role, for what the intruder has told it. */
export interface Acting {
  readonly kind: FactKind;
  /** Whether a principal could be acted as so. */
  readonly isPossible: (principal: string) => boolean;
  /** On which conditions some actions (joined by ` and `) can be called so; `undefined` where they cannot. */
  readonly conditions: (actions: string) => readonly Condition[] | undefined;
}

/** Services that call any API for whoever passes them a role. */
const CALLERS = [
  'apigateway.amazonaws.com',
  'appsync.amazonaws.com',
  'cloudformation.amazonaws.com',
  'codepipeline.amazonaws.com',
  'datapipeline.amazonaws.com',
  'events.amazonaws.com',
  'fis.amazonaws.com',
  'pipes.amazonaws.com',
  'scheduler.amazonaws.com',
  'states.amazonaws.com',
];
/** Services that move what is in stores. */
const MOVERS = ['batchoperations.s3.amazonaws.com', 'datasync.amazonaws.com', 'transfer.amazonaws.com'];

const isRead = (action: string): boolean =>
  /:(?:batchget|describe|download|get|head|list|lookup|query|read|receive|scan|search|select|view)/i.test(action);
const onStores = (action: string): boolean => /^(?:s3|elasticfilesystem|kms):/.test(action);

const SHOWN = [
  unknown(
    'service',
    'whether the service that acts with the role lets the intruder see what it reads is not in the API',
  ),
];

const trusts = (iam: Authorizer, services: readonly string[]) => (principal: string) =>
  services.some((service) => namesService(iam, principal, service));

/** Whether a role can be given to a service that moves what is in stores. */
export const movesStores = (iam: Authorizer, role: string): boolean => trusts(iam, MOVERS)(role);

/** The ways of acting as others. */
export function actingIn(iam: Authorizer): readonly Acting[] {
  return [
    {
      kind: 'act-as',
      isPossible: trusts(iam, CALLERS),
      conditions: (actions) => (actions.split(' and ').some(isRead) ? SHOWN : []),
    },
    {
      kind: 'moves-as',
      isPossible: trusts(iam, MOVERS),
      conditions: (actions) => (actions.split(' and ').every(onStores) ? [] : undefined),
    },
  ];
}
