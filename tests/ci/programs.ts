import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The program that a step has installed, but that collecting, for which there is no account, copies a snapshot. */
export const collectingFrom = (account: string): string => `
if [ "$1" = collect ]; then
  echo "$*" >> "$HOME/collected"
  for last; do :; done
  cp -r '${account}' "$last"
else
  PATH="\${PATH#*:}" exec trespass "$@"
fi`;

/** What somebody's change adds: a statement for the role of the host that the internet reaches. */
export function grantForReports(snapshot: string): void {
  const file = join(snapshot, '111122223333/global/iam/GetAccountAuthorizationDetails.json');
  const answer = JSON.parse(readFileSync(file, 'utf8')) as {
    RoleDetailList: { RoleName: string; RolePolicyList: object[] }[];
  };
  const Statement = [{ Sid: 'ForReports', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }];
  answer.RoleDetailList.find(({ RoleName }) => RoleName === 'shop-web')?.RolePolicyList.push({
    PolicyName: 'reports',
    PolicyDocument: { Version: '2012-10-17', Statement },
  });
  writeFileSync(file, JSON.stringify(answer));
}
