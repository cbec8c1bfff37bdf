import { COLLECTORS } from './services/index.js';

/** One operation that collecting asks for. */
export interface DeclaredOperation {
  readonly service: string;
  readonly name: string;
  readonly scope: 'region' | 'global';
  /** The partitions in which there is such a service; all when absent. */
  readonly partitions?: readonly string[];
  /** Called once for each resource that another operation lists. */
  readonly perResource: boolean;
}

/** Everything that collecting asks for. */
export const declaredOperations = (): readonly DeclaredOperation[] =>
  COLLECTORS.flatMap(({ service, scope, askedIn, operations }) =>
    operations.map(({ name, each }) => ({
      service,
      name,
      scope,
      ...(askedIn && { partitions: Object.keys(askedIn) }),
      perResource: each !== undefined,
    })),
  );
