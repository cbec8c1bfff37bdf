import type { ClauseId } from '../attack/index.js';
import { byCode, parseArn, sortedUnique } from '../model/index.js';
import type { AttackGraph } from './attack-graph.js';
import { boundAccounts } from './bound-accounts.js';
import type { Signer } from './signers.js';
import { bySet, canBeDenied, denyToAll } from './deny-by-name.js';
import { allOf, type Measure, nameIn, quoted } from './measure.js';

/** How many principals are denied something one by one; for more, a policy of the organization is less work. */
const MOST_NAMED = 10;

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: [
        'ec2:ModifySnapshotAttribute',
        'ec2:ModifyImageAttribute',
        'rds:ModifyDBSnapshotAttribute',
        'rds:ModifyDBClusterSnapshotAttribute',
      ],
      Resource: '*',
    },
  ],
});

/**
 * No copy leaves for another account. What is shared already stays so. A policy of the organization is attached to the accounts that it is known to
 * bind; whoever is in another is denied by name.
 * @param sharing what gives a copy of data to another account
 */
export function blockSharing(
  attack: AttackGraph,
  signers: readonly Signer[],
  sharing: readonly ClauseId[],
): readonly Measure[] {
  if (sharing.length === 0) return [];
  const principals = signers
    .map(({ principal }) => principal)
    .filter(canBeDenied)
    .sort(byCode);
  if (principals.length === 0) return [];
  const accountOf = (principal: string): string => parseArn(principal)?.account ?? '';
  const bound = boundAccounts(attack, sortedUnique(principals.map(accountOf)));
  const inBound = principals.filter((principal) => bound.has(accountOf(principal)));
  const accounts = inBound.length > MOST_NAMED ? [...bound] : [];
  const named = accounts.length === 0 ? principals : principals.filter((p) => !bound.has(accountOf(p)));
  const regions = sortedUnique(
    attack.graph.assetsOfType('ec2:snapshot').flatMap(({ region }) => (region === '' ? [] : [region])),
  );
  return [
    {
      text: `Block the sharing of snapshots and images${textOf(accounts, inBound, named)}.`,
      command: allOf(
        ...regions.map((r) => `aws ec2 enable-snapshot-block-public-access --region ${r} --state block-new-sharing`),
        ...byOrganization(accounts),
        ...denyToAll(attack, named, { name: 'NoSharing', document: quoted(DOCUMENT) }, MOST_NAMED),
      ),
      interrupts: 'backups that these principals share with other accounts',
      leaves:
        'what is shared already, and copies that other accounts made of it' +
        sortedUnique(named.flatMap((principal) => bySet(principal)?.leaves ?? []))
          .map((left) => `; ${left}`)
          .join('') +
        (accounts.length > 0 ? '; what service-linked roles do, which no policy of an organization binds' : ''),
      harm: 1,
      removal: { clauses: sharing },
    },
  ];
}

function textOf(accounts: readonly string[], inBound: readonly string[], named: readonly string[]): string {
  const names =
    named.length > MOST_NAMED ? `${named.length} principals that are had, by name` : named.map(nameIn).join(', ');
  if (accounts.length === 0) return ` by ${names}`;
  const others =
    named.length === 0 ? '' : `; and by ${names}, who are not known to be in an account that such a policy binds`;
  return ` by ${inBound.length} principals that are had, with a policy of the organization on ${accounts.join(', ')}${others}`;
}

const byOrganization = (accounts: readonly string[]): readonly string[] =>
  accounts.length === 0
    ? []
    : [
        `POLICY=$(aws organizations create-policy --type SERVICE_CONTROL_POLICY --name NoSharing --description containment --content ${quoted(DOCUMENT)} --query Policy.PolicySummary.Id --output text)`,
        ...accounts.map(
          (account) => `aws organizations attach-policy --policy-id "$POLICY" --target-id ${quoted(account)}`,
        ),
      ];
