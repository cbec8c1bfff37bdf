import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');

/** The program from its sources; collecting copies a snapshot. */
export const trespassScript = (account: string): string => `
if [ "$1" = collect ]; then
  echo "$*" >> "$HOME/collected"
  for last; do :; done
  cp -r '${account}' "$last"
else
  exec '${process.execPath}' --import '${TSX}' '${SOURCES}' "$@"
fi`;
export const NPM = 'echo "npm $*" >> "$HOME/installed"';

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
