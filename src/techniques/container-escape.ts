import {
  type Asset,
  at,
  type Condition,
  type Evidence,
  flag,
  type JsonObject,
  objects,
  text,
  texts,
  unknown,
} from '../model/index.js';
import type { ContainerWork } from './container-work.js';
import { nameOf, stated, type World } from './world.js';

/** Directories of the host through which a container talks to the daemon that runs containers. */
const DAEMON = ['/', '/run', '/run/docker.sock', '/var', '/var/run', '/var/run/docker.sock'];
/** Directories of the host that make a container its master where it may write there. */
const WRITABLE = ['/dev', '/etc', '/home', '/proc', '/root'];
const CAPABILITIES = ['ALL', 'SYS_ADMIN', 'SYS_MODULE'];

/** How code in a container gets to its host. */
export interface WayOut {
  /** What has it: a task definition; where it was not collected, the cluster on which it may be, or the task or service itself. */
  readonly of: string;
  readonly container: string;
  readonly conditions: readonly Condition[];
  readonly evidence: readonly Evidence[];
  readonly fix: string;
}

/** The way out of the containers of a task or service; `undefined` where there is none. */
export function wayOutOf(world: World, { id, definition, unseen, pool }: ContainerWork): WayOut | undefined {
  if (definition === undefined) {
    const of = pool?.cluster ?? id;
    return {
      of,
      container: 'a container',
      conditions: unseen ? [unseen] : [],
      evidence: [stated(world, of, 'has containers that were not collected')],
      fix: `Let no container of ${nameOf(world, of)} be privileged or have a directory of its host.`,
    };
  }
  const { by, containers } = escapesOf(definition);
  const [first] = by;
  if (first === undefined) return undefined;
  const [container, why] = first;
  const where = `in which container of ${id} the intruder is, is not known: ${container} ${why}`;
  return {
    of: definition.id,
    container: `container ${container}`,
    conditions: by.size === containers ? [] : [unknown('container', where)],
    evidence: [stated(world, definition.id, `container ${container} ${why}`)],
    fix: `Take from container ${container} of ${nameOf(world, definition.id)} what gives it the host.`,
  };
}

/** The containers of a task definition, by whether they give root on the host: why they do. */
interface Escapes {
  readonly by: ReadonlyMap<string, string>;
  readonly containers: number;
}

/**
 * Which containers of a task definition hold their host.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
function escapesOf(definition: Asset): Escapes {
  const containers = objects(at(definition.record, 'containerDefinitions'));
  const by = new Map<string, string>();
  for (const container of containers) {
    const why = escapeOf(definition, container);
    if (why !== undefined) by.set(text(at(container, 'name')) ?? '', why);
  }
  return { by, containers: containers.length };
}

function escapeOf({ record }: Asset, container: JsonObject): string | undefined {
  if (flag(at(container, 'privileged')) === true) return 'is privileged';
  const added = texts(at(container, 'linuxParameters', 'capabilities', 'add'));
  const sharesProcesses = text(at(record, 'pidMode')) === 'host';
  const capability = added.find((c) => CAPABILITIES.includes(c) || (c === 'SYS_PTRACE' && sharesProcesses));
  if (capability !== undefined) return `has the capability ${capability}`;
  const volumes = objects(at(record, 'volumes'));
  for (const mount of objects(at(container, 'mountPoints'))) {
    const volume = volumes.find((v) => text(at(v, 'name')) === text(at(mount, 'sourceVolume')));
    const path = text(at(volume, 'host', 'sourcePath'))?.replace(/(?<=.)\/+$/, '');
    const mayWrite = flag(at(mount, 'readOnly')) !== true;
    if (path !== undefined && (DAEMON.includes(path) || (mayWrite && WRITABLE.includes(path))))
      return `has ${path} of its host`;
  }
  return undefined;
}
