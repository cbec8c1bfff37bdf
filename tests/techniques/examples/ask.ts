import { buildAssets, logicalIdOf } from '../../../src/assets/index.js';
import { buildAttackGraph, type ReportStep } from '../../../src/findings/index.js';
import { stepsOf } from '../../../src/findings/proof-steps.js';
import { buildAssetGraph } from '../../../src/graph/index.js';
import { buildAuthorizer } from '../../../src/iam/index.js';
import { observe } from '../../../src/main/observations.js';
import type { Condition } from '../../../src/model/index.js';
import { buildNetwork } from '../../../src/network/index.js';
import { accessOf, fact, type FactKind, INTERNET_FACT, parseFact } from '../../../src/techniques/index.js';
import type { WholeSnapshot } from '../../../src/snapshot/index.js';
import { type Miniature, miniature } from '../miniature.js';
import type { TechniqueExamples } from './example.js';

/** More ways than a small account has. */
const MOST_WAYS = 64;

const MEANS: Readonly<Partial<Record<FactKind, TechniqueExamples['access']>>> = {
  'net-reach': 'connection',
  'db-creds': 'login',
};

/** What the program says of a technique in a small account. */
export interface ExampleAnswer {
  /** The easiest way to the target that uses the technique; certain ones first. */
  readonly way?: Way;
  /** The easiest way to the target without the technique. */
  readonly without?: Way;
}

export interface Way {
  readonly confidence: 'confirmed' | 'conditional';
  readonly conditions: readonly Condition[];
  readonly steps: readonly ReportStep[];
}

/** Asks what whoever has `from` gets of `reaches`, and whether by the technique. */
export function askExample(
  technique: string,
  { from, reaches, access }: Pick<TechniqueExamples, 'from' | 'reaches' | 'access'>,
  world: Miniature | WholeSnapshot,
): ExampleAnswer {
  const snapshot = 'everyAnswer' in world ? world : miniature(world);
  const { assets, relationships } = buildAssets(snapshot);
  const graph = buildAssetGraph(assets, relationships);
  const attack = buildAttackGraph({
    graph,
    iam: buildAuthorizer(snapshot),
    network: buildNetwork(snapshot),
    observed: observe(snapshot, graph),
    logicalId: (id) => {
      const asset = graph.asset(id);
      return asset === undefined ? id : logicalIdOf(asset, (other) => graph.asset(other));
    },
  });
  const derivation = attack.derive(from === 'internet' ? [INTERNET_FACT] : startingFacts(from));
  const { clauses } = attack.engine;
  const ways = Array.from({ length: clauses.factCount }, (_, factId) => factId)
    .filter((factId) => {
      const { kind, id } = parseFact(clauses.factKey(factId));
      return id === reaches && (MEANS[kind] ?? accessOf(kind)) === access;
    })
    .flatMap((factId) => derivation.bestProofs(factId, MOST_WAYS))
    .map((proof): Way & { readonly cost: number } => {
      const steps = stepsOf(attack, proof);
      return {
        cost: proof.cost,
        confidence: proof.certain ? 'confirmed' : 'conditional',
        conditions: steps.flatMap((step) => step.conditions),
        steps,
      };
    })
    .sort((a, b) => Number(a.conditions.length > 0) - Number(b.conditions.length > 0) || a.cost - b.cost);
  const uses = (way: Way): boolean => way.steps.some((step) => step.technique === technique);
  const way = ways.find(uses);
  const without = ways.find((other) => !uses(other));
  return { ...(way && { way }), ...(without && { without }) };
}

const startingFacts = (asset: string): readonly string[] =>
  /:(user|role)\//.test(asset) ? [fact('creds', asset)] : [fact('exec', asset)];
