import type { BlastRadius, ReachedFrom } from '../findings/index.js';
import type { Analysis } from './analysis.js';
import {
  ANSWER_VERSION,
  type CanDocument,
  type CanInput,
  type ConnectionDocument,
  type ConnectionInput,
  type ReachDocument,
  type ReachInput,
} from './answers.js';
import { resolveAsset, resolvePlace, resolvePrincipal, resolveResource } from './resolve.js';

/** One network question. @throws UserError where it cannot be asked. */
export function askReach(analysis: Analysis, input: ReachInput): ReachDocument {
  const from = resolvePlace(analysis, input.from);
  const to = resolvePlace(analysis, input.to);
  const answer = analysis.network.reach({ from, to, ...(input.port !== undefined && { port: input.port }) });
  return {
    schemaVersion: ANSWER_VERSION,
    from: answer.from,
    to: answer.to,
    verdict: answer.verdict,
    allowed: answer.allowed,
    blockedBy: answer.blockedBy,
    conditions: answer.conditions,
  };
}

/** One authorization question. @throws UserError where it cannot be asked. */
export function askCan(analysis: Analysis, input: CanInput): CanDocument {
  const principal = resolvePrincipal(analysis, input.principal);
  const resource = resolveResource(analysis, input.resource ?? '*');
  const answer = analysis.iam.evaluate({
    principal,
    action: input.action,
    resource,
    ...(input.context && { context: input.context }),
  });
  return {
    schemaVersion: ANSWER_VERSION,
    principal,
    action: input.action,
    resource,
    verdict: answer.verdict,
    conditions: answer.conditions,
    decidedBy: answer.decidedBy,
    notes: answer.notes,
  };
}

/** What an intruder on the assets can reach. @throws UserError where an asset is not in the snapshot, or is ambiguous. */
export function askBlastRadius(analysis: Analysis, assets: readonly string[]): BlastRadius {
  return analysis.blastRadius(assets.map((asset) => resolveAsset(analysis, asset)));
}

/** From where the assets can be reached. @throws UserError as {@link askBlastRadius}. */
export function askWhoCanReach(analysis: Analysis, assets: readonly string[]): ReachedFrom {
  return analysis.whoCanReach(assets.map((asset) => resolveAsset(analysis, asset)));
}

/** How two assets are related. @throws UserError where one is not in the snapshot, or is ambiguous. */
export function askConnection(analysis: Analysis, input: ConnectionInput): ConnectionDocument {
  const from = resolveAsset(analysis, input.from);
  const to = resolveAsset(analysis, input.to);
  return { schemaVersion: ANSWER_VERSION, from, to, chains: analysis.graph.connection(from, to, input.count) };
}
