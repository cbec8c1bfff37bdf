import { unknown } from '../model/index.js';
import type { FlowSet } from './flow-set.js';
import { doubtfulGate, type Gate, shutGate } from './gate.js';
import type { Interface } from './interfaces.js';
import type { World } from './world.js';

/** What stands for everything about an interface whose subnet was not collected. */
export const missingSubnet = (world: World, face: Interface, flows: FlowSet): Gate | undefined =>
  world.subnets.has(face.subnet)
    ? undefined
    : doubtfulGate(
        flows,
        unknown(`subnet ${face.subnet || 'of ' + face.arn}`, `subnet ${face.subnet} was not collected`),
      );

/** Opens no connections, whatever lets it. */
export const silence = (face: Interface): Gate[] => (face.isSilent === undefined ? [] : [shutGate(face.isSilent)]);
/** Takes no connections, whatever lets them through. */
export const refusal = (face: Interface): Gate[] => (face.refuses === undefined ? [] : [shutGate(face.refuses)]);
