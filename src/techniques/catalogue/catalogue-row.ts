/**
 * One way of attackers that is known: what they do, the techniques that judge it, and what is left out. Without a technique it is not covered,
 * and what is left out says why.
 */
export type CatalogueRow = readonly [what: string, by: readonly string[], lacks?: string];

/** Ways of one kind. */
export interface CatalogueFamily {
  readonly title: string;
  readonly rows: readonly CatalogueRow[];
}

export const notCollected = (what: string): string => `${what} is not collected.`;

export const KUBERNETES = 'Kubernetes is not judged: what is in a cluster is not collected.';
export const IN_A_HOST = 'What lies on a host, in an image or in code is not in the API.';
export const WHO_IS_HOSTILE = 'Which other account is hostile is not known; an analysis may start there.';
