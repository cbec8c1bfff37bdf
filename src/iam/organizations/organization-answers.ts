import type { Answer } from '../../snapshot/index.js';

/** What the accounts of one organization that were asked about it answered, by operation. */
export type OrganizationAnswers = (operation: string) => readonly Answer[];
