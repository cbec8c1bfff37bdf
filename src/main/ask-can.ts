import { EXIT, parseArn, sortedUnique, unknown, UserError } from '../model/index.js';
import type { AuthorizationRequest, ContextValues } from '../iam/index.js';
import { callContexts, unseenContext } from '../techniques/index.js';
import { locateJsonError } from '../snapshot/index.js';
import type { Analysis } from './analysis.js';
import {
  type AdministratorDocument,
  ANSWER_VERSION,
  type CanDocument,
  type CanInput,
  type OpensDocument,
  type WhatCanDocument,
  type WhatCanInput,
  type WhoCanDocument,
  type WhoCanInput,
} from './answers.js';
import { resolveHost, resolvePrincipal, resolveResource } from './resolve.js';

/** One authorization question. @throws UserError where it cannot be asked. */
export function askCan(analysis: Analysis, input: CanInput): CanDocument {
  const { context, sessionPolicies } = input;
  for (const { name, document } of sessionPolicies ?? []) if (typeof document === 'string') checkJson(name, document);
  const principal = resolvePrincipal(analysis, input.principal);
  const action = checkAction(input.action);
  const resource = resolveResource(analysis, input.resource ?? '*');
  const asked = { principal, action, resource, ...(sessionPolicies && { sessionPolicies }) };
  if (input.from === undefined) return judge(analysis, { ...asked, ...(context && { context }) });
  const host = resolveHost(analysis, input.from);
  const byNetwork = (network: ContextValues): CanDocument => {
    const answer = judge(analysis, { ...asked, context: { ...network, ...context } });
    return { ...answer, from: { host, context: network } };
  };
  const answers = callContexts(analysis, host, action, principal).map(byNetwork);
  // Of several ways out the intruder takes the one that serves it best.
  const best = answers.reduce<CanDocument | undefined>(better, undefined);
  if (best && !DENIALS.has(best.verdict)) return best;
  const places = endpointsUnseen(analysis, host);
  const unseen = places.length === 0 ? undefined : unseenContext(analysis, host, principal);
  if (!unseen) return best ?? noWayOut(asked, host);
  const through = byNetwork(unseen);
  return DENIALS.has(through.verdict) ? (best ?? through) : asUnknown(through, places);
}

/** Where VPC endpoints were not listed that a host could call through, as `account/region`. */
function endpointsUnseen({ graph, snapshot }: Analysis, host: string): readonly string[] {
  const ends = [host, ...graph.outgoing(host, 'in-vpc').map(({ to }) => to)];
  const places = ends.flatMap((id) => {
    const { account, region } = graph.asset(id) ?? parseArn(id) ?? {};
    if (account === undefined || region === undefined) return [];
    return snapshot.coverage(account, region, 'ec2', 'DescribeVpcEndpoints') === 'answered'
      ? []
      : [`${account}/${region}`];
  });
  return sortedUnique(places);
}

const asUnknown = (answer: CanDocument, places: readonly string[]): CanDocument => ({
  ...answer,
  verdict: 'unknown',
  conditions: [
    ...answer.conditions,
    ...places.map((place) => unknown(`VPC endpoints (${place})`, 'ec2/DescribeVpcEndpoints was not answered')),
  ],
});

function judge(analysis: Analysis, request: AuthorizationRequest): CanDocument {
  const { principal, action, resource = '*' } = request;
  const { verdict, conditions, decidedBy, stoppedBy = [], notes } = analysis.iam.evaluate(request);
  const nearly = verdict === 'implicit-deny' ? analysis.iam.nearMisses(request) : [];
  return {
    schemaVersion: ANSWER_VERSION,
    principal,
    action,
    resource,
    verdict,
    conditions,
    decidedBy,
    stoppedBy,
    nearly,
    notes,
  };
}

const DENIALS: ReadonlySet<string> = new Set(['explicit-deny', 'implicit-deny']);

const RANK = ['explicit-deny', 'implicit-deny', 'unknown', 'depends', 'allowed'];

const better = (a: CanDocument | undefined, b: CanDocument): CanDocument =>
  a !== undefined && RANK.indexOf(a.verdict) >= RANK.indexOf(b.verdict) ? a : b;

const noWayOut = (
  { principal, action, resource }: Pick<CanDocument, 'principal' | 'action' | 'resource'>,
  host: string,
): CanDocument => ({
  schemaVersion: ANSWER_VERSION,
  principal,
  action,
  resource,
  from: { host, context: {} },
  verdict: 'implicit-deny',
  conditions: [],
  decidedBy: [],
  stoppedBy: [`${host} has no way to AWS: no endpoint of the service, and none to the internet`],
  nearly: [],
  notes: [],
});

/** Who may do an action on a resource. @throws UserError as {@link askCan}. */
export function askWhoCan(analysis: Analysis, input: WhoCanInput): WhoCanDocument {
  const action = checkAction(input.action);
  const resource = resolveResource(analysis, input.resource ?? '*');
  const { iam } = analysis;
  const grants = iam.grants({ action, resources: [resource], ...(input.context && { context: input.context }) });
  const holder = resource.startsWith('arn:') ? holderOf(resource) : resource;
  return {
    schemaVersion: ANSWER_VERSION,
    action,
    resource,
    principals: grants.map(({ principals, verdict, conditions, decidedBy }) => ({
      principals,
      verdict,
      conditions,
      decidedBy: decidedBy(principals[0] ?? ''),
    })),
    outsiders: iam
      .openings(holder)
      .filter(({ actions }) => actions.some((one) => one.toLowerCase() === action.toLowerCase()))
      .map((opening) => ({ ...opening, actions: [action] })),
  };
}

/** The bucket of an object; everything else stands for itself. */
const holderOf = (arn: string): string => arn.replace(/^(arn:[^:]*:s3:::[^/]+)\/.*$/s, '$1');

/** What a principal may do among some actions. @throws UserError as {@link askCan}. */
export function askWhatCan(analysis: Analysis, input: WhatCanInput): WhatCanDocument {
  const principal = resolvePrincipal(analysis, input.principal);
  const actions = input.actions.map(checkAction);
  const { context } = input;
  return {
    schemaVersion: ANSWER_VERSION,
    principal,
    actions: analysis.iam.permissions({ principal, actions, ...(context && { context }) }),
  };
}

/** Whether a principal administers its account. @throws UserError as {@link askCan}. */
export function askAdministrator(analysis: Analysis, named: string): AdministratorDocument {
  const principal = resolvePrincipal(analysis, named);
  return { schemaVersion: ANSWER_VERSION, principal, ...analysis.iam.administration(principal) };
}

/** Whom a resource lets in from outside of its account. @throws UserError as {@link askCan}. */
export function askOpens(analysis: Analysis, named: string): OpensDocument {
  const resource = resolveResource(analysis, named);
  return { schemaVersion: ANSWER_VERSION, resource, opens: analysis.iam.openings(resource) };
}

function checkJson(name: string, written: string): void {
  const place = locateJsonError(written);
  if (place) throw new UserError(`${name}: line ${place.line}, column ${place.column}: ${place.reason}`, EXIT.usage);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
function checkAction(action: string): string {
  if (/^[a-z0-9-]+:[a-z0-9]+$/i.test(action)) return action;
  const hint = /[*?]/.test(action)
    ? 'name one action, without wildcards'
    : 'write it as service:Action, for example s3:GetObject';
  throw new UserError(`${action} is no action: ${hint}`, EXIT.usage);
}
