import { describe, expect, it } from 'vitest';
import { blastRadius, oneAsset, whoCanReach as whoCanReachAsset } from '../../src/findings/index.js';
import { pageData } from '../../src/main/page-data.js';
import { openAttack } from '../../src/page/data/page-attack.js';
import { openGraph } from '../../src/page/data/page-graph.js';
import { openReport } from '../../src/page/data/page-report.js';
import { whatCanBeReached, whoCanReach } from '../../src/page/graph/reach.js';
import { switchOff } from '../../src/page/what-if/switched-off.js';
import { switchesOf } from '../../src/page/what-if/switches.js';
import { runCli } from '../cli/run-cli.js';
import { FIXTURES, fixturePath, openFixture } from './write-report.js';

/** The data of a page as the page has it: written out and read again. */
async function openPageOf(fixture: string) {
  const analysis = await openFixture(fixture);
  const data = JSON.parse(JSON.stringify(pageData(analysis, analysis.report(), fixture))) as ReturnType<
    typeof pageData
  >;
  const model = openReport(data.report);
  const graph = openGraph(data.graph);
  return { analysis, model, graph, attack: openAttack(data.attack, graph.ids, model.paths) };
}

describe.each(FIXTURES)('the page of %s', (fixture) => {
  it('holds the report as it is', async () => {
    const { analysis, model } = await openPageOf(fixture);
    expect(model.paths).toEqual(analysis.report().paths);
    expect(model.report.chokePoints).toEqual(analysis.report().chokePoints);
  });

  it('counts for each choke point the paths that the program counts', async () => {
    const { model, attack } = await openPageOf(fixture);
    expect(model.report.chokePoints.length).toBeGreaterThan(0);
    const switches = switchesOf(model);
    for (const { remove, paths, targets } of model.report.chokePoints) {
      const one = switches.get(`${remove.what.split(':')[0]} ${remove.asset}`);
      expect(one).toBeDefined();
      const { gone, left } = switchOff(attack, one ? [one] : []);
      expect(gone).toHaveLength(paths);
      const freed = new Set(gone.map(({ target }) => target.id));
      for (const { target } of left) freed.delete(target.id);
      expect(freed.size).toBe(targets);
    }
  });

  it('loses nothing while no step is off, and everything with all entries', async () => {
    const { model, attack } = await openPageOf(fixture);
    expect(switchOff(attack, []).gone).toEqual([]);
    const entering = [...switchesOf(model).values()].filter(({ paths, key }) =>
      paths.some(({ steps: [first] }) => first && `${first.technique} ${first.to}` === key),
    );
    const { gone, left } = switchOff(attack, entering);
    expect(left).toEqual([]);
    expect(gone).toHaveLength(attack.questions.size);
  });

  it('reaches from each host and principal what blast-radius reaches', async () => {
    const { analysis, graph, attack } = await openPageOf(fixture);
    const starts = analysis.graph.assets.filter(({ type }) =>
      ['ec2:instance', 'iam:role', 'iam:user', 'lambda:function'].includes(type),
    );
    let reached = 0;
    for (const { id } of starts) {
      const place = graph.place(id) ?? -1;
      const found = whatCanBeReached(attack, { id, type: graph.type(place) });
      const { reaches } = blastRadius(analysis.attack, [oneAsset(analysis.attack, id)]);
      expect(
        found.map(({ asset, access, isCertain, lines }) => ({
          asset,
          access,
          isCertain,
          lines: lines.map(({ technique, from, to }) => ({ technique, from, to })),
        })),
      ).toEqual(
        reaches.map(({ asset, access, confidence, steps }) => ({
          asset,
          access,
          isCertain: confidence === 'confirmed',
          lines: steps.map(({ technique, from, to }) => ({ technique, from, to })),
        })),
      );
      reached += found.length;
    }
    expect(reached).toBeGreaterThan(0);
  });

  it('reaches from the internet the targets of all paths', async () => {
    const { attack, model } = await openPageOf(fixture);
    const found = new Set(whatCanBeReached(attack, { id: 'internet', type: 'internet' }).map(({ asset }) => asset));
    for (const { target } of model.paths) expect(found).toContain(target.id);
  });

  it('says who can reach a target as who-can-reach does', async () => {
    const { analysis, graph, attack, model } = await openPageOf(fixture);
    const targets = [...new Set(model.paths.map(({ target }) => target.id))].filter(
      (id) => analysis.graph.asset(id) !== undefined,
    );
    expect(targets.length).toBeGreaterThan(0);
    for (const id of targets) {
      const found = await whoCanReach(attack, { id, type: graph.type(graph.place(id) ?? -1) }, () =>
        Promise.resolve(true),
      );
      const { reachedFrom } = whoCanReachAsset(analysis.attack, [oneAsset(analysis.attack, id)]);
      const key = ({ asset, access }: { readonly asset: string; readonly access: string }): string =>
        `${asset} ${access}`;
      expect(found.map(key).sort()).toEqual(reachedFrom.map(key).sort());
      expect(found.length).toBeGreaterThan(0);
    }
  });
});

it('says who can become administrator of an account', async () => {
  const { attack, model } = await openPageOf('shipping-line');
  const target = model.paths.find((path) => path.target.access === 'admin')?.target;
  expect(target).toBeDefined();
  const asset = { id: target?.id ?? '', type: 'aws:admin' };
  const found = await whoCanReach(attack, asset, () => Promise.resolve(true));
  const entries = model.paths.filter((path) => path.target.id === asset.id).map(({ entry }) => entry.id);
  for (const entry of entries) expect(found.map((way) => way.asset)).toContain(entry);
  expect(found.every(({ access }) => access === 'admin')).toBe(true);
});

describe('what-if of the page and of the command line', () => {
  interface Answer {
    readonly outcome: { readonly gone: readonly { readonly id: string }[] };
  }
  const ask = async (change: string): Promise<readonly string[]> => {
    const { code, out } = await runCli(['what-if', fixturePath('web-shop'), '--remove', change, '--format', 'json']);
    expect(code).toBe(0);
    return (JSON.parse(out) as Answer).outcome.gone.map(({ id }) => id).sort();
  };
  const switched = async (...keys: readonly RegExp[]): Promise<readonly string[]> => {
    const { model, attack } = await openPageOf('web-shop');
    const chosen = [...switchesOf(model).values()].filter(({ key }) => keys.some((wanted) => wanted.test(key)));
    expect(chosen).toHaveLength(keys.length);
    const { gone, hadElsewhere } = switchOff(attack, chosen);
    // Of what is open to everybody, the command line counts as gone only what nobody has any more.
    return gone
      .filter((path) => path.entry.id !== path.target.id || !hadElsewhere.has(path))
      .map(({ id }) => id)
      .sort();
  };

  it('agree on an instance profile that is taken away', async () => {
    const gone = await switched(/^imds-credential-theft .*role\/shop-web$/);
    expect(gone).toHaveLength(3);
    expect(gone).toEqual(await ask('profile i-0b0f7307b0f4a81c0'));
  });

  it('agree on a rule that lets the internet in', async () => {
    const gone = await switched(/^exposed-service .*i-0b0f7307b0f4a81c0$/);
    expect(gone).toHaveLength(4);
    expect(gone).toEqual(await ask('rule sg-07ac725b1436deb98 tcp/443 from 0.0.0.0/0'));
  });

  it('agree on a snapshot that is no longer public', async () => {
    // Hosts whose roles may copy it have it still.
    const gone = await switched(/^public-snapshot /);
    expect(gone).toEqual([]);
    expect(gone).toEqual(await ask('public snap-0d1b32575a95a1b14'));
    const hosts = [/^exposed-service .*i-0421999a00c260315$/, /^exposed-service .*i-0b0f7307b0f4a81c0$/];
    expect(await switched(/^public-snapshot /, ...hosts)).toHaveLength(6);
  });
});
