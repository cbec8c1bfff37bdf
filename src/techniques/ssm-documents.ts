import { type Condition, partitionOf, unknown } from '../model/index.js';
import { permittedTogether } from './alike.js';
import { certainHolders } from './certain-holders.js';
import { newNames } from './new-names.js';
import type { Requirement } from './permissions.js';
import type { ResourceGroup, World } from './world.js';

/**
 * Documents of AWS that run what the caller hands over: commands, scripts from a place of the caller's choosing, or other documents. Others, such as
 * those that patch or update, run what AWS wrote.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html
 */
const RUN_COMMANDS = [
  'AWS-RunShellScript',
  'AWS-RunPowerShellScript',
  'AWS-RunRemoteScript',
  'AWS-RunDocument',
  'AWS-ApplyAnsiblePlaybooks',
  'AWS-RunAnsiblePlaybook',
  'AWS-RunSaltState',
] as const;

/** Names that only AWS gives to documents. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html */
const RESERVED = /:document\/(aws|amazon|amzn)/i;

interface Place {
  readonly region: string;
  readonly account: string;
  /** That of the region when absent. */
  readonly partition?: string;
}

/** `owner` is empty for documents of AWS. */
const documentsOf = (
  { region, partition = partitionOf(region) }: Place,
  owner: string,
  names: readonly string[],
): readonly string[] => names.map((name) => `arn:${partition}:ssm:${region}:${owner}:document/${name}`);

export const commandDocuments = (place: Place): readonly string[] => documentsOf(place, '', RUN_COMMANDS);

/** Further ways to have commands run by a document of the account's own. */
export interface DocumentWay {
  readonly documents: readonly string[];
  /** Facts that are needed besides. */
  readonly body: readonly string[];
  readonly conditions: readonly Condition[];
}

/**
 * Documents of the account's own that some may use for `action` who may use none of AWS's that run commands: those that the intruder may make run them, and
 * those of which it is not known what they run.
 */
export function ownDocuments(world: World, action: string, place: Place): readonly DocumentWay[] {
  const { region, account } = place;
  const [form = ''] = documentsOf(place, account, ['*']);
  if (!isForFurther(world, action, form, commandDocuments(place))) return [];
  const all = newNames(world, form, [action, 'ssm:CreateDocument']).map(({ names, conditions }) => {
    const own = names.filter((name) => !RESERVED.test(name));
    return { used: world.permissions.may({ action, resources: own }).resources, conditions };
  });
  // The last of them are all that there are.
  const used = all.at(-1)?.used ?? [];
  if (used.length === 0) return [];
  const ways = all.flatMap(({ used: some, conditions }) => {
    const made = world.permissions.may({ action: 'ssm:CreateDocument', resources: some });
    return permittedTogether(some, [made]).map(({ ids, body }) => ({ documents: ids, body, conditions }));
  });
  return [
    ...ways,
    {
      documents: used,
      body: [],
      conditions: [
        unknown(
          'SSM documents',
          `what the documents of ${account}${region === '*' ? '' : ` in ${region}`} run was not collected`,
        ),
      ],
    },
  ];
}

/** Whether somebody may use documents of a form who may use none of some others for certain. */
function isForFurther(world: World, action: string, form: string, others: readonly string[]): boolean {
  const certain = new Set<string>();
  const known = world.permissions.may({ action, resources: others });
  for (const document of known.resources)
    for (const principal of certainHolders(known.holders(document))) certain.add(principal);
  const own = world.permissions.may({ action, resources: [form] });
  return own.of(form) !== undefined && own.holders(form).some(({ principal }) => !certain.has(principal));
}

/** Documents by which a session is a shell. The first is the one that sessions have that name none. */
const sessionDocuments = (place: Place): readonly string[] => [
  ...documentsOf(place, place.account, ['SSM-SessionManagerRunShell']),
  ...documentsOf(place, '', ['AWS-StartInteractiveCommand', 'AWS-StartNonInteractiveCommand']),
];

const CHECKED = 'ssm:SessionDocumentAccessCheck';

/**
 * What starting a shell is checked for: the instance alone; or the document too, where a policy asks for that check.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-specify-session-document.html
 */
export function sessionCalls(world: World, { ids, ...place }: ResourceGroup): readonly (readonly Requirement[])[] {
  const action = 'ssm:StartSession';
  if (!world.iam.looksAt([CHECKED])) return [[{ action, resources: ids }]];
  const checked = (resources: readonly string[], value: string): Requirement => ({
    action,
    resources,
    context: { [CHECKED]: value },
  });
  return [[checked(ids, 'false')], [checked(ids, 'true'), checked(sessionDocuments(place), 'true')]];
}
