import type { NamedPolicy, PolicyEvaluation } from '../../../src/iam/index.js';
import { ANYBODY } from './alphabet.js';
import type { Request, Scene } from './scene-arbitrary.js';

const everything: NamedPolicy = {
  name: 'root',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/** A scene's request with those of its policies that bear on that kind of principal. */
export function toEvaluation(scene: Scene, request: Request): PolicyEvaluation {
  const { sessionPolicy, identityPolicies, permissionsBoundary, serviceControlPolicies, ...common } = scene.policies;
  const base = { ...request, resourceAccount: scene.family.account, ...common };
  // Neither services nor unsigned requests have identity policies, a boundary or an organization above them.
  if (request.principal === ANYBODY || request.principal.endsWith('.amazonaws.com')) return base;
  const organization = serviceControlPolicies && { serviceControlPolicies };
  // The root user needs no policy. The simulator does not know that, so both are told.
  if (request.principal.endsWith(':root')) return { ...base, ...organization, identityPolicies: [everything] };
  const isRole = request.principal.includes(':assumed-role/') || request.principal.includes(':role/');
  return {
    ...base,
    ...organization,
    ...(identityPolicies && { identityPolicies }),
    ...(permissionsBoundary && { permissionsBoundary }),
    ...(sessionPolicy && isRole && { sessionPolicy }),
  };
}
