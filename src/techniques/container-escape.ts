import { type Asset, at, flag, type JsonObject, objects, text, texts } from '../model/index.js';

/** Directories of the host through which a container talks to the daemon that runs containers. */
const DAEMON = ['/', '/run', '/run/docker.sock', '/var', '/var/run', '/var/run/docker.sock'];
/** Directories of the host that make a container its master where it may write there. */
const WRITABLE = ['/dev', '/etc', '/home', '/proc', '/root'];
const CAPABILITIES = ['ALL', 'SYS_ADMIN', 'SYS_MODULE'];

/** The containers of a task definition, by whether they give root on the host: why they do. */
export interface Escapes {
  readonly by: ReadonlyMap<string, string>;
  readonly containers: number;
}

/**
 * Which containers of a task definition hold their host.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function escapesOf(definition: Asset): Escapes {
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
