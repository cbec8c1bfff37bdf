import type { AssetGraph } from '../graph/index.js';
import { EXIT, UserError } from '../model/index.js';
import type { Change } from './change.js';
import { isDestination, parsePermission } from './permission-text.js';

/** The forms of a change, as help shows them. */
const CHANGE_FORMS: readonly string[] = [
  'rule GROUP PORTS from|to CIDR|GROUP|PREFIX-LIST   (rule sg-0abc tcp/443 from 0.0.0.0/0)',
  'route TABLE DESTINATION [TARGET]                  (route rtb-0abc 0.0.0.0/0 igw-0abc)',
  'statement POLICY SID-OR-INDEX                     (statement arn:aws:iam::111122223333:role/web#inline ReadAll)',
  'policy POLICY-ARN of USER|ROLE|GROUP              (policy arn:aws:iam::aws:policy/AdministratorAccess of web)',
  'profile INSTANCE                                  (profile i-0abc)',
  'public BUCKET|SNAPSHOT|DATABASE                   (public reports-bucket)',
];

/**
 * Reads a change as a person writes it.
 * @throws UserError where it has none of the forms, or names what the snapshot lacks
 */
export function parseChange(graph: AssetGraph, verb: 'add' | 'remove', written: string): Change {
  const words = written.trim().split(/\s+/);
  const fail = (why: string): never => {
    throw new UserError(`--${verb} "${written}": ${why}. The forms are:`, EXIT.usage, CHANGE_FORMS);
  };
  const idOf = (name: string | undefined, ...types: readonly string[]): string =>
    findId(graph, name ?? '', types, fail);
  const [form, first, second, third, fourth] = words;
  const takes = (least: number, most = least): void => {
    if (words.length < least || words.length > most) fail('it has too few or too many words');
  };
  const onlyRemoved = (): void => {
    if (verb === 'add') fail(`"${form}" can only be removed`);
  };
  switch (form) {
    case 'rule': {
      takes(5);
      if (third !== 'from' && third !== 'to') fail(`"${third}" is neither from nor to`);
      const permission = parsePermission(second ?? '', fourth ?? '') ?? fail('its ports or its peer cannot be read');
      const direction = third === 'from' ? 'ingress' : 'egress';
      return { kind: 'group-rule', do: verb, group: idOf(first, 'ec2:security-group'), direction, permission };
    }
    case 'route':
      takes(verb === 'add' ? 4 : 3, 4);
      if (!isDestination(second ?? '')) fail(`"${second}" is neither a CIDR nor a prefix list`);
      return {
        kind: 'route',
        do: verb,
        table: idOf(first, 'ec2:route-table'),
        destination: second ?? '',
        ...(third !== undefined && { target: third }),
      };
    case 'statement':
      takes(3);
      onlyRemoved();
      return { kind: 'statement', do: 'remove', policy: first ?? '', statement: second ?? '' };
    case 'policy':
      takes(4);
      if (second !== 'of') fail('it lacks "of"');
      return {
        kind: 'attached-policy',
        do: verb,
        policy: first ?? '',
        holder: idOf(third, 'iam:role', 'iam:user', 'iam:group'),
      };
    case 'profile':
      takes(2);
      onlyRemoved();
      return { kind: 'instance-profile', do: 'remove', instance: idOf(first, 'ec2:instance') };
    case 'public':
      takes(2);
      onlyRemoved();
      return { kind: 'public-access', do: 'remove', asset: idOf(first) };
    default:
      return fail(`"${form ?? ''}" is no kind of change`);
  }
}

function findId(graph: AssetGraph, name: string, types: readonly string[], fail: (why: string) => never): string {
  const found = graph.findAsset(name);
  const candidates = found.kind === 'found' ? [found.asset] : found.kind === 'none' ? [] : found.candidates;
  const meant = types.length === 0 ? candidates : candidates.filter((asset) => types.includes(asset.type));
  const [only] = meant;
  if (only === undefined) return fail(`the snapshot has no ${types.join(' or ') || 'asset'} ${name}`);
  return meant.length === 1 ? only.id : fail(`several are called ${name}; give the ARN`);
}
