import { type BlastRadius, canBeHeld, type ReachedFrom } from '../findings/index.js';
import { sortedUnique } from '../model/index.js';
import type { Analysis } from './analysis.js';
import {
  ANSWER_VERSION,
  type ConnectionDocument,
  type ConnectionInput,
  type ReachDocument,
  type ReachInput,
} from './answers.js';
import { resolveAsset, resolvePlace } from './resolve.js';

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

/** What an intruder on the assets can reach. @throws UserError where an asset is not in the snapshot, or is ambiguous. */
export function askBlastRadius(analysis: Analysis, assets: readonly string[]): BlastRadius {
  return analysis.blastRadius(resolveAll(analysis, assets));
}

/** From where the assets can be reached. @throws UserError as {@link askBlastRadius}. */
export function askWhoCanReach(analysis: Analysis, assets: readonly string[]): ReachedFrom {
  return analysis.whoCanReach(resolveAll(analysis, assets));
}

/** Each once, by whichever of its names it is called. */
const resolveAll = (analysis: Analysis, texts: readonly string[]): readonly string[] =>
  sortedUnique(texts.map((text) => resolveHeld(analysis, text)));

const resolveHeld = (analysis: Analysis, text: string): string =>
  resolveAsset(analysis, text, (id) => canBeHeld(analysis.graph.asset(id)?.type ?? ''));

/** How two assets are related. @throws UserError where one is not in the snapshot, or is ambiguous. */
export function askConnection(analysis: Analysis, input: ConnectionInput): ConnectionDocument {
  const from = resolveAsset(analysis, input.from);
  const to = resolveAsset(analysis, input.to);
  return { schemaVersion: ANSWER_VERSION, from, to, chains: analysis.graph.connection(from, to, input.count) };
}
