import type { CatalogueFamily } from './catalogue-row.js';
import { BUCKETS, DATABASES, DISKS, OTHER_STORES, SECRETS_AND_KEYS } from './data.js';
import { EXISTING_ROLES } from './existing-roles.js';
import { FURTHER_RIGHTS } from './further-rights.js';
import { IAM_WRITES, TRUST } from './iam-rights.js';
import { LATERAL_MOVEMENT } from './lateral-movement.js';
import { PASSED_ROLES } from './passed-roles.js';
import { TO_CREDENTIALS } from './to-credentials.js';
import { WAYS_IN } from './ways-in.js';

export type { CatalogueFamily } from './catalogue-row.js';

/** Every way of attackers on AWS that is known of, beside containers and what hides an attack: covered by which technique, or why not. */
export const CATALOGUE: readonly CatalogueFamily[] = [
  WAYS_IN,
  TO_CREDENTIALS,
  IAM_WRITES,
  PASSED_ROLES,
  EXISTING_ROLES,
  TRUST,
  FURTHER_RIGHTS,
  LATERAL_MOVEMENT,
  DISKS,
  DATABASES,
  BUCKETS,
  SECRETS_AND_KEYS,
  OTHER_STORES,
];
