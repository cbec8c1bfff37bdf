import { askable } from '../findings/index.js';
import { type AssetGraph } from '../graph/index.js';
import { type Asset, byCode, byKey, field, type Json, objects, parseArn, sortedUnique, text } from '../model/index.js';
import type { PageData, PageGraph, PageReport, PageTechnique } from '../reporters/html/page-data.js';
import type { Reportable } from '../reporters/index.js';
import { accountOfAdmin, TECHNIQUES } from '../techniques/index.js';
import type { Analysis } from './analysis.js';
import { packAttack } from './page-attack.js';

/** Everything that the interactive report shows. @param report of the analysis, with what the configuration and a comparison say of it */
export function pageData(analysis: Analysis, report: Reportable, command: string): PageData {
  const { graph, attack } = analysis;
  const assets = listAssets(analysis);
  const places = new Map(assets.map(({ id }, at) => [id, at]));
  const packed = packAttack(attack, places);
  const questions = new Map(askable(attack, report.paths).map(({ path, question }) => [path, question]));
  return {
    report: packReport(report, command, graph, packed.techniques),
    graph: packGraph(assets, places, graph, report),
    attack: {
      ...packed.attack,
      questions: {
        start: report.paths.map((path) => packed.factPlace(questions.get(path)?.start)),
        entering: report.paths.map((path) => questions.get(path)?.entering ?? ''),
      },
    },
  };
}

type Named = Pick<Asset, 'id' | 'type' | 'account' | 'region' | 'name'> & { readonly address: string };

/** The assets of the graph, and what the attack graph knows besides (administration of an account); sorted by id. */
function listAssets({ graph, attack }: Analysis): readonly Named[] {
  const { clauses } = attack.engine;
  const others = new Set<string>();
  for (let fact = 0; fact < clauses.factCount; fact++) {
    const key = clauses.factKey(fact);
    if (key.startsWith('admin ')) others.add(key.slice('admin '.length));
  }
  const known = graph.assets.map((asset) => ({ ...asset, address: addressesOf(asset).join(' ') }));
  const administrators = [...others]
    .filter((id) => graph.asset(id) === undefined)
    .map((id) => ({ id, type: 'aws:admin', account: accountOfAdmin(id) ?? '', region: 'global', address: '' }));
  return [...known, ...administrators].sort(byKey(({ id }) => id));
}

/** Addresses and host names that a record gives its asset, as far as people know things by them. */
function addressesOf({ record }: Asset): readonly string[] {
  const found: (Json | undefined)[] = [
    'PublicIpAddress',
    'PrivateIpAddress',
    'PublicDnsName',
    'PublicIp',
    'DNSName',
  ].map((name) => field(record, name));
  const interfaces = objects(field(record, 'NetworkInterfaces'));
  for (const owner of [record, ...interfaces]) {
    for (const address of objects(field(owner, 'PrivateIpAddresses')))
      found.push(field(address, 'PrivateIpAddress'), field(field(address, 'Association'), 'PublicIp'));
    for (const address of objects(field(owner, 'Ipv6Addresses'))) found.push(field(address, 'Ipv6Address'));
  }
  const endpoint = field(record, 'Endpoint');
  found.push(endpoint, field(endpoint, 'Address'), field(record, 'CidrBlock'));
  return sortedUnique(found.flatMap((value) => text(value) ?? []).filter((value) => value !== ''));
}

function packGraph(
  assets: readonly Named[],
  places: ReadonlyMap<string, number>,
  graph: AssetGraph,
  { exposures }: Reportable,
): PageGraph {
  const listed = (name: 'type' | 'account' | 'region') => {
    const values = sortedUnique(assets.map((asset) => asset[name]));
    const numbers = new Map(values.map((value, at) => [value, at]));
    return { values, column: assets.map((asset) => numbers.get(asset[name]) as number) };
  };
  const [type, account, region] = [listed('type'), listed('account'), listed('region')];
  const kinds: string[] = [];
  const kindPlaces = new Map<string, number>();
  const relationships: { count: number[]; kind: number[]; to: number[] } = { count: [], kind: [], to: [] };
  for (const { id } of assets) {
    const outgoing = graph.outgoing(id);
    relationships.count.push(outgoing.length);
    for (const { kind, to } of outgoing) {
      const place = kindPlaces.get(kind) ?? kinds.push(kind) - 1;
      kindPlaces.set(kind, place);
      relationships.kind.push(place);
      relationships.to.push(places.get(to) as number);
    }
  }
  const exposed = exposures.filter(({ grade }) => grade !== 'named').flatMap(({ asset }) => places.get(asset) ?? []);
  return {
    types: type.values,
    accounts: account.values,
    regions: region.values,
    kinds,
    assets: {
      id: assets.map(({ id }) => id),
      type: type.column,
      account: account.column,
      region: region.column,
      name: assets.map(({ name }) => name ?? ''),
      address: assets.map(({ address }) => address),
    },
    relationships,
    exposed: [...new Set(exposed)].sort((a, b) => a - b),
  };
}

function packReport(report: Reportable, command: string, graph: AssetGraph, known: readonly string[]): PageReport {
  const steps = [...new Set(report.paths.flatMap((path) => path.steps))];
  const numbers = new Map(steps.map((step, at) => [step, at]));
  const used = new Set([...known, ...steps.map(({ technique }) => technique)]);
  const techniques = TECHNIQUES.filter(({ id }) => used.has(id)).map(
    ({ id, title, tactic, remediation, detection }): [string, PageTechnique] => [
      id,
      { title, tactic, remediation, detection },
    ],
  );
  const ids = sortedUnique([
    ...report.exposures.flatMap(({ asset, via }) => [asset, ...via]),
    ...report.paths.flatMap(({ entry, target }) => [entry.id, target.id]),
    ...steps.flatMap(({ from, to, requires }) => [from, to, ...requires]),
  ]);
  const assets = ids.flatMap((id) => graph.asset(id) ?? []);
  const names = assets.flatMap(({ id, name }): [string, string][] => (name === undefined ? [] : [[id, name]]));
  const places = assets
    .filter(({ id, account }) => account !== '' && parseArn(id)?.account !== account)
    .map(({ id, account, region }): [string, [string, string]] => [id, [account, region]]);
  return {
    ...report,
    paths: report.paths.map((path) => ({ ...path, steps: path.steps.map((step) => numbers.get(step) as number) })),
    steps,
    techniques: Object.fromEntries(techniques.sort(([a], [b]) => byCode(a, b))),
    command,
    names: Object.fromEntries(names),
    places: Object.fromEntries(places),
  };
}
