import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AssetGraph, buildAssetGraph } from '../../src/graph/index.js';
import { type Asset, byCode, type Relationship } from '../../src/model/index.js';

const asset = (id: string, more: Partial<Asset> = {}): Asset => ({
  id,
  type: 'ec2:instance',
  account: '111122223333',
  region: 'us-east-1',
  tags: new Map(),
  source: 'file.json',
  record: {},
  ...more,
});

const related = (from: string, kind: string, to: string): Relationship => ({ from, kind, to, source: 'file.json' });

const arn = (resource: string): string => `arn:aws:ec2:us-east-1:111122223333:${resource}`;

const WEB = arn('instance/i-1');
const ROLE = 'arn:aws:iam::111122223333:role/app/__proto__';

const small: AssetGraph = buildAssetGraph(
  [
    asset(WEB, { name: 'web' }),
    asset(arn('instance/i-2'), { name: 'web' }),
    asset(arn('subnet/subnet-1'), { type: 'ec2:subnet' }),
    asset(ROLE, { type: 'iam:role', name: '__proto__' }),
    asset('arn:aws:ec2:us-east-1::image/ami-1', { type: 'ec2:image', source: '' }),
    asset('internet', { type: 'internet', source: '' }),
  ],
  [
    related(WEB, 'in-subnet', arn('subnet/subnet-1')),
    related(WEB, 'uses', ROLE),
    related(WEB, 'launched-from', 'arn:aws:ec2:us-east-1::image/ami-1'),
    related(arn('instance/i-2'), 'in-subnet', arn('subnet/subnet-1')),
    related(arn('instance/i-2'), 'beside', arn('subnet/subnet-1')),
    related(arn('subnet/subnet-1'), 'holds', arn('instance/i-2')),
  ],
);

describe('AssetGraph', () => {
  it('looks assets up by id and type, and leaves those out of types that are only named', () => {
    expect(small).toMatchObject({ size: 6, relationshipCount: 6 });
    expect(small.asset(WEB)?.name).toBe('web');
    expect(small.asset('__proto__')).toBeUndefined();
    expect(small.assetsOfType('ec2:instance').map(({ id }) => id)).toEqual([WEB, arn('instance/i-2')]);
    expect(small.assetsOfType('ec2:image')).toEqual([]);
    expect(small.assetsOfType('internet')).toHaveLength(1);
    expect(small.assetsOfType('constructor')).toEqual([]);
  });

  it('gives relationships by direction and kind', () => {
    expect(small.outgoing(WEB).map((r) => r.kind)).toEqual(['in-subnet', 'uses', 'launched-from']);
    expect(small.outgoing(WEB, 'uses').map((r) => r.to)).toEqual([ROLE]);
    expect(small.incoming(arn('subnet/subnet-1'), 'in-subnet').map((r) => r.from)).toEqual([WEB, arn('instance/i-2')]);
    expect(small.incoming(WEB)).toEqual([]);
    expect(small.outgoing('no such asset')).toEqual([]);
    expect(small.neighbours(arn('subnet/subnet-1'))).toEqual([WEB, arn('instance/i-2')]);
  });

  it('finds the chain between two assets with every relationship on it', () => {
    const [chain, ...others] = small.connection(ROLE, arn('instance/i-2'));
    expect(others).toEqual([]);
    expect(chain?.assets).toEqual([ROLE, WEB, arn('subnet/subnet-1'), arn('instance/i-2')]);
    expect(chain?.links.map((links) => links.map((l) => l.kind))).toEqual([
      ['uses'],
      ['in-subnet'],
      ['beside', 'in-subnet', 'holds'],
    ]);
    expect(chain?.links[0]?.[0]).toEqual({ from: WEB, kind: 'uses', to: ROLE, source: 'file.json' });
    expect(small.connection(ROLE, 'internet')).toEqual([]);
    expect(small.connection(ROLE, 'no such asset')).toEqual([]);
    expect(small.connection(ROLE, ROLE)).toEqual([]);
  });

  it('draws the whole, or a part, on graphology, whatever the names', () => {
    expect(small.toGraphology()).toMatchObject({ order: 6, size: 6 });
    const part = small.toGraphology([WEB, ROLE, 'no such asset']);
    expect(part.outNeighbors(WEB)).toEqual([ROLE]);
    expect(part.getNodeAttributes(ROLE)).toMatchObject({ type: 'iam:role', name: '__proto__' });
  });

  it('finds the asset that a person means, and says when several are meant', () => {
    const found = (text: string) => {
      const search = small.findAsset(text);
      return search.kind === 'found' ? search.asset.id : search.kind;
    };
    expect(found(WEB)).toBe(WEB);
    expect(found('i-1')).toBe(WEB);
    expect(found('instance/i-1')).toBe(WEB);
    expect(found('role/app/__proto__')).toBe(ROLE);
    expect(found('__proto__')).toBe(ROLE);
    expect(found('ami-1')).toBe('arn:aws:ec2:us-east-1::image/ami-1');
    expect(found('nothing')).toBe('none');
    expect(found('')).toBe('none');
    expect(found('constructor')).toBe('none');
    const web = small.findAsset('web');
    expect(web.kind === 'ambiguous' && web.candidates.map(({ id }) => id)).toEqual([WEB, arn('instance/i-2')]);
  });

  it('refuses a relationship to what is no asset', () => {
    expect(() => buildAssetGraph([asset(WEB)], [related(WEB, 'uses', ROLE)])).toThrow(
      /role\/app\/__proto__, which is no asset/,
    );
  });
});

/** Every loop-free chain between two assets, shortest first, by trying all. */
function allChains(ids: readonly string[], edges: readonly Relationship[], from: string, to: string): string[][] {
  const chains: string[][] = [];
  const walk = (chain: string[]): void => {
    const last = chain[chain.length - 1] as string;
    if (last === to) {
      chains.push(chain);
      return;
    }
    for (const id of ids) {
      const joined = edges.some((e) => (e.from === last && e.to === id) || (e.to === last && e.from === id));
      if (joined && !chain.includes(id)) walk([...chain, id]);
    }
  };
  walk([from]);
  return chains.sort((a, b) => a.length - b.length || byCode(a.join('\n'), b.join('\n')));
}

describe('AssetGraph.connection, against trying all chains', () => {
  const ids = Array.from({ length: 7 }, (_, i) => arn(`instance/i-${i}`));
  const edges = fc.array(
    fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.constantFrom('a', 'b')).filter(([from, to]) => from !== to),
    { maxLength: 14 },
  );

  it('gives the k shortest', () => {
    fc.assert(
      fc.property(edges, fc.integer({ min: 1, max: 6 }), (list, k) => {
        const relationships = list
          .map(([from, to, kind]) => related(ids[from] as string, kind, ids[to] as string))
          .sort((a, b) => byCode(a.from, b.from));
        const graph = buildAssetGraph(
          ids.map((id) => asset(id)),
          relationships,
        );
        const [from, to] = [ids[0] as string, ids[6] as string];
        const expected = allChains(ids, relationships, from, to);
        const found = graph.connection(from, to, k);
        // Chains that are much longer than the shortest are not looked for.
        const near = expected.filter((chain) => chain.length <= (expected[0]?.length ?? 0) + 4);
        expect(found.map((c) => c.assets.length)).toEqual(near.slice(0, k).map((chain) => chain.length));
        const known = new Set(expected.map((chain) => chain.join('\n')));
        expect(found.every((c) => known.has(c.assets.join('\n')))).toBe(true);
        expect(new Set(found.map((c) => c.assets.join('\n'))).size).toBe(found.length);
        for (const { assets, links } of found) {
          links.forEach((between, at) => {
            const pair = [assets[at], assets[at + 1]];
            const all = relationships.filter((r) => pair.includes(r.from) && pair.includes(r.to));
            expect(between).toHaveLength(all.length);
          });
        }
      }),
      { numRuns: 400, seed: 20260302 },
    );
  });
});
