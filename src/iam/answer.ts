import { byCode } from '../model/index.js';
import type { AuthorizationAnswer, AuthorizationVerdict, DecidingStatement } from './authorizer.js';
import { allowOf, denyOf, type Layers, whatStops } from './combine-layers.js';
import type { Layer } from './evaluate-layer.js';
import { decide } from './logic/decide.js';

/** Decides on evaluated layers and names the statements that decide. */
export function answerLayers(layers: Layers, notes: readonly string[]): AuthorizationAnswer {
  const deny = denyOf(layers);
  const { verdict, conditions } = decide(allowOf(layers), deny);
  if (verdict !== 'implicit-deny') {
    const decidedBy = decidingStatements(layers, verdict, verdict === 'explicit-deny' && deny === true);
    return { verdict, conditions, decidedBy, notes };
  }
  const stoppedBy = whatStops(layers);
  if (stoppedBy.length === 0) return { verdict, conditions, decidedBy: NONE, notes };
  return { verdict, conditions, decidedBy: NONE, notes, stoppedBy };
}

const NONE: readonly never[] = [];

/** The statements whose effect made the verdict, each once, by policy and name; `isCertain`: those alone that apply in any case. */
function decidingStatements(
  layers: Layers,
  verdict: AuthorizationVerdict,
  isCertain: boolean,
): readonly DecidingStatement[] {
  const effect = verdict === 'allowed' ? 'Allow' : verdict === 'explicit-deny' ? 'Deny' : undefined;
  const deciding: DecidingStatement[] = [];
  collect(layers.identityPolicies, effect, isCertain, deciding);
  collect(layers.resource, effect, isCertain, deciding);
  if (layers.boundary) collect(layers.boundary, effect, isCertain, deciding);
  if (layers.session) collect(layers.session, effect, isCertain, deciding);
  if (layers.endpoint) collect(layers.endpoint, effect, isCertain, deciding);
  for (const level of layers.serviceControl) collect(level, effect, isCertain, deciding);
  for (const level of layers.resourceControl) collect(level, effect, isCertain, deciding);
  return deciding;
}

function collect(
  layer: Layer,
  effect: 'Allow' | 'Deny' | undefined,
  isCertain: boolean,
  into: DecidingStatement[],
): void {
  for (const { placed, truth } of layer.applied) {
    if (effect !== undefined && placed.statement.effect !== effect) continue;
    if (!isCertain || truth === true) insert(into, placed.deciding);
  }
}

/** Keeps them sorted as they come, each once. */
function insert(sorted: DecidingStatement[], one: DecidingStatement): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(sorted[middle] as DecidingStatement, one);
    if (order === 0) return;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  if (low === sorted.length) sorted.push(one);
  else sorted.splice(low, 0, one);
}

const compare = (a: DecidingStatement, b: DecidingStatement): number =>
  byCode(a.policy, b.policy) || byCode(a.statement, b.statement) || byCode(a.effect, b.effect);
