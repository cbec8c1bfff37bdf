import { byCode } from '../model/index.js';
import type { AuthorizationAnswer, AuthorizationVerdict, DecidingStatement } from './authorizer.js';
import { combineLayers, type Layers, whatStops } from './combine-layers.js';
import type { AppliedStatement, Layer } from './evaluate-layer.js';
import { decide } from './logic/decide.js';

/** Decides on evaluated layers and names the statements that decide. */
export function answerLayers(layers: Layers, notes: readonly string[]): AuthorizationAnswer {
  const { allow, deny } = combineLayers(layers);
  const { verdict, conditions } = decide(allow, deny);
  const stops = verdict === 'implicit-deny' ? whatStops(layers) : [];
  return {
    verdict,
    conditions,
    decidedBy: decidingStatements(layers, verdict),
    notes,
    ...(stops.length > 0 && { stoppedBy: stops }),
  };
}

const WANTED: Readonly<Record<AuthorizationVerdict, readonly string[]>> = {
  allowed: ['Allow'],
  'explicit-deny': ['Deny'],
  'implicit-deny': [],
  depends: ['Allow', 'Deny'],
  unknown: ['Allow', 'Deny'],
};

function decidingStatements(layers: Layers, verdict: AuthorizationVerdict): readonly DecidingStatement[] {
  const wanted = WANTED[verdict];
  if (wanted.length === 0) return [];
  const found: AppliedStatement[] = [];
  const collect = (layer: Layer | undefined): void => {
    for (const one of layer?.applied ?? []) if (wanted.includes(one.statement.effect)) found.push(one);
  };
  collect(layers.identityPolicies);
  collect(layers.resource);
  collect(layers.boundary);
  collect(layers.session);
  collect(layers.endpoint);
  layers.serviceControl.forEach(collect);
  layers.resourceControl.forEach(collect);
  if (found.length < 2) return found.map(describe);
  const certain = verdict === 'explicit-deny' && found.some(({ truth }) => truth === true);
  const byName = new Map<string, AppliedStatement>();
  for (const one of found) {
    if (!certain || one.truth === true)
      byName.set(`${one.policy.label}\u0000${one.statement.name}\u0000${one.statement.effect}`, one);
  }
  return [...byName].sort(([a], [b]) => byCode(a, b)).map(([, one]) => describe(one));
}

function describe({ policy, statement }: AppliedStatement): DecidingStatement {
  const fact = `statement ${statement.name} of ${policy.label}: ${statement.effect}`;
  return {
    policy: policy.label,
    statement: statement.name,
    effect: statement.effect,
    ...(policy.source !== undefined && {
      evidence: {
        asset: policy.label,
        fact,
        source: policy.source,
        stated: { kind: 'statement', statement: statement.name },
      },
    }),
  };
}
