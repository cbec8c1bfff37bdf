import { type Condition, unknown } from '../model/index.js';
import type { World } from './world.js';

/** Names that something new may be given, the same for all calls that are made on it. */
export interface NewNames {
  /** As ARNs; the form itself, in which each call is asked about by itself, where it tells none of them apart. */
  readonly names: readonly string[];
  readonly conditions: readonly Condition[];
}

/** A region and a name that no policy spells out. */
const SOME_REGION = 'xx-new-1';
const SOME_NAME = 'xnewx';

/**
 * Names of a form as far as policies tell them apart for some actions. Where those are more than can be tried, one that no policy spells out is; whether
 * another one serves for all of the calls is not known then.
 * @param keys condition keys of the actions whose values are such names too
 */
export function newNames(
  world: World,
  form: string,
  actions: readonly string[],
  keys: readonly string[] = [],
): readonly NewNames[] {
  const told = world.iam.namesOf(form, actions, keys);
  if (told === undefined)
    return [
      { names: [someName(form)], conditions: [] },
      { names: [form], conditions: [unknown('name', `policies tell more names of ${form} apart than were tried`)] },
    ];
  return [{ names: told.length === 0 ? [form] : told, conditions: [] }];
}

/** The same without those that are there already. */
export const freeNames = (world: World, form: string, actions: readonly string[]): readonly NewNames[] =>
  newNames(world, form, actions).map(({ names, conditions }) => {
    const free = names.filter((name) => !world.graph.asset(name));
    return { names: free.length === 0 ? [form] : free, conditions };
  });

function someName(form: string): string {
  const [arn, partition, service, region, account, ...rest] = form.split(':');
  const resource = rest.join(':').replaceAll('*', SOME_NAME);
  return [arn, partition, service, region === '*' ? SOME_REGION : region, account, resource].join(':');
}
