import type { PageAttack, PageGraph, PageReport } from '../../reporters/html/page-data.js';
import { openAttack, type PageEngine } from './page-attack.js';
import { openGraph, type PageAssets } from './page-graph.js';
import { openReport, type PageModel } from './page-report.js';
import { readBlock } from './read-block.js';

/** Everything that views show. The graph and the attack graph are read when first asked for. */
export interface Page {
  readonly model: PageModel;
  graph(): Promise<PageAssets>;
  attack(): Promise<PageEngine>;
}

export async function openPage(): Promise<Page> {
  const model = openReport(await readBlock<PageReport>('report'));
  let graph: Promise<PageAssets> | undefined;
  let attack: Promise<PageEngine> | undefined;
  const askGraph = (): Promise<PageAssets> => (graph ??= readBlock<PageGraph>('graph').then(openGraph));
  const readAttack = async (): Promise<PageEngine> => {
    const [packed, { ids }] = await Promise.all([readBlock<PageAttack>('attack'), askGraph()]);
    return openAttack(packed, ids, model.paths);
  };
  return { model, graph: askGraph, attack: () => (attack ??= readAttack()) };
}
