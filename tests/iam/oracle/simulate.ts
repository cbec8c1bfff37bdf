/**
 * The independent simulator, a development dependency under the AGPL: imported here and under bench/, never from src/.
 * It works on explicit policies like `evaluatePolicies`, and on known context alone.
 */
import { anonymousPrincipal, runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { NamedPolicy, PolicyEvaluation } from '../../../src/iam/index.js';
import { ANYBODY } from './alphabet.js';

export type SimulatedVerdict = 'allowed' | 'implicit-deny' | 'explicit-deny';

const VERDICTS = new Map<string, SimulatedVerdict>([
  ['Allowed', 'allowed'],
  ['ImplicitlyDenied', 'implicit-deny'],
  ['ExplicitlyDenied', 'explicit-deny'],
]);

const plain = (policy: NamedPolicy): { name: string; policy: unknown } => ({
  name: policy.name,
  policy: policy.document,
});

const levels = (policies: readonly (readonly NamedPolicy[])[] | undefined): Simulation['serviceControlPolicies'] =>
  (policies ?? []).map((level, index) => ({ orgIdentifier: `level-${index}`, policies: level.map(plain) }));

/** Our question in the simulator's words. */
export function toSimulation(evaluation: PolicyEvaluation): Simulation {
  const { resourcePolicy, permissionsBoundary, sessionPolicy, vpcEndpointPolicy } = evaluation;
  return {
    request: {
      principal: evaluation.principal === ANYBODY ? anonymousPrincipal : evaluation.principal,
      action: evaluation.action,
      resource: { resource: evaluation.resource ?? '*', accountId: evaluation.resourceAccount ?? '' },
      contextVariables: { ...evaluation.context } as Record<string, string | string[]>,
    },
    identityPolicies: (evaluation.identityPolicies ?? []).map(plain),
    serviceControlPolicies: levels(evaluation.serviceControlPolicies),
    resourceControlPolicies: levels(evaluation.resourceControlPolicies),
    ...(resourcePolicy && { resourcePolicy: resourcePolicy.document }),
    ...(permissionsBoundary && { permissionBoundaryPolicies: [plain(permissionsBoundary)] }),
    ...(sessionPolicy && { sessionPolicy: sessionPolicy.document }),
    ...(vpcEndpointPolicy && { vpcEndpointPolicies: [plain(vpcEndpointPolicy)] }),
  };
}

/** @throws where the simulator refuses the question, which is a mistake of the question's. */
export async function simulate(evaluation: PolicyEvaluation): Promise<SimulatedVerdict> {
  const result = await runSimulation(toSimulation(evaluation), {});
  if (result.resultType === 'error') throw new Error(`The simulator refuses: ${JSON.stringify(result.errors)}`);
  const ignored = result.resultType === 'single' ? result.result.ignoredContextKeys : undefined;
  // A key that it drops would be judged as absent by one side only.
  if (ignored !== undefined && ignored.length > 0) throw new Error(`The simulator ignores ${ignored.join(', ')}`);
  const verdict = VERDICTS.get(result.overallResult);
  if (verdict === undefined) throw new Error(`The simulator answers ${result.overallResult}`);
  return verdict;
}
