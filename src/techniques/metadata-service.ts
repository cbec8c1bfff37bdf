import { at, text } from '../model/index.js';
import type { World } from './world.js';

/** What an instance's options of its metadata service say; `undefined` where they do not, or were not collected. */
export const metadataOption = (
  { graph }: Pick<World, 'graph'>,
  instance: string,
  option: 'HttpEndpoint' | 'HttpTokens',
): string | undefined => text(at(graph.asset(instance)?.record, 'MetadataOptions', option));

/** It is on unless it was turned off. */
export const hasMetadataService = (world: Pick<World, 'graph'>, instance: string): boolean =>
  metadataOption(world, instance, 'HttpEndpoint') !== 'disabled';
