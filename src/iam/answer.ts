import { byCode } from '../model/index.js';
import type { AuthorizationAnswer, AuthorizationVerdict, DecidingStatement } from './authorizer.js';
import { combineLayers, type Layers } from './combine-layers.js';
import type { AppliedStatement, Layer } from './evaluate-layer.js';
import { decide } from './logic/decide.js';

/** Decides on evaluated layers and names the statements that decide. */
export function answerLayers(layers: Layers, notes: readonly string[]): AuthorizationAnswer {
  const { allow, deny, stoppedBy } = combineLayers(layers);
  const { verdict, conditions } = decide(allow, deny);
  const stops = verdict === 'implicit-deny' ? stoppedBy : [];
  return {
    verdict,
    conditions,
    decidedBy: decidingStatements(layers, verdict),
    notes,
    ...(stops.length > 0 && { stoppedBy: stops }),
  };
}

/** Each layer with its name in evidence. */
function appliedStatements(layers: Layers): readonly AppliedStatement[] {
  const optional = [layers.boundary, layers.session, layers.endpoint].filter(
    (layer): layer is Layer => layer !== undefined,
  );
  return [
    layers.identityPolicies,
    layers.resource,
    ...optional,
    ...layers.serviceControl,
    ...layers.resourceControl,
  ].flatMap((layer) => layer.applied);
}

function decidingStatements(layers: Layers, verdict: AuthorizationVerdict): DecidingStatement[] {
  const effects = {
    allowed: ['Allow'],
    'explicit-deny': ['Deny'],
    'implicit-deny': [],
    depends: ['Allow', 'Deny'],
    unknown: ['Allow', 'Deny'],
  };
  const wanted: readonly string[] = effects[verdict];
  if (wanted.length === 0) return [];
  const found = new Map<string, DecidingStatement>();
  for (const { policy, statement, truth } of appliedStatements(layers)) {
    if (!wanted.includes(statement.effect)) continue;
    if (verdict === 'explicit-deny' && truth !== true && found.size > 0) continue;
    const key = `${policy.label}\u0000${statement.name}\u0000${statement.effect}`;
    if (!found.has(key)) found.set(key, describe({ policy, statement, truth }));
  }
  return [...found].sort(([a], [b]) => byCode(a, b)).map(([, statement]) => statement);
}

function describe({ policy, statement }: AppliedStatement): DecidingStatement {
  const fact = `statement ${statement.name} of ${policy.label}: ${statement.effect}`;
  return {
    policy: policy.label,
    statement: statement.name,
    effect: statement.effect,
    ...(policy.source !== undefined && { evidence: { asset: policy.label, fact, source: policy.source } }),
  };
}
