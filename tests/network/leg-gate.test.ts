import { describe, expect, test } from 'vitest';
import { unknown } from '../../src/model/index.js';
import { ALL_ADDRESSES, ipSet } from '../../src/network/ip-set.js';
import { type Leg, PLAIN } from '../../src/network/leg.js';
import { legGate } from '../../src/network/leg-gate.js';
import { ALL_PORTS } from '../../src/network/port-set.js';

const FLOWS = [{ src: ipSet('10.0.0.1/32'), dst: ALL_ADDRESSES, ports: ALL_PORTS }];
const BEHIND = unknown('the network behind vgw-1', 'it is not in the API');
const ANSWER = unknown('the way back', 'it was not collected');
const leg = (more: Partial<Leg> = {}): Leg => ({ ...PLAIN, ips: ipSet('192.168.0.0/16'), end: 'outside', ...more });
const conditionsOf = (legs: readonly Leg[], verdict: ReturnType<Parameters<typeof legGate>[3]>) =>
  legGate(legs, 'dst', FLOWS, () => verdict).passes.map(({ conditions }) => conditions);

describe('legs as a gate', () => {
  test('a leg passes on its own condition and on that of the judge', () => {
    expect(conditionsOf([leg({ condition: BEHIND })], ANSWER)).toEqual([[BEHIND, ANSWER]]);
    expect(conditionsOf([leg({ condition: BEHIND })], 'yes')).toEqual([[BEHIND]]);
    expect(conditionsOf([leg()], ANSWER)).toEqual([[ANSWER]]);
  });

  test('a leg without either passes for sure, and one that is blocked not at all', () => {
    expect(conditionsOf([leg()], 'yes')).toEqual([[]]);
    expect(conditionsOf([leg({ condition: BEHIND })], { asset: 'vpc-b', fact: 'it leads elsewhere' })).toEqual([]);
    expect(conditionsOf([leg({ blocker: { asset: 'rtb-1', fact: 'a blackhole' } })], 'yes')).toEqual([]);
  });
});
