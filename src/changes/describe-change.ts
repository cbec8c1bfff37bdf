import type { AssetGraph } from '../graph/index.js';
import { field, isObject, type JsonObject, list, parseArn, readPolicyId } from '../model/index.js';
import type { Change } from './change.js';
import { permissionSetCommands } from './permission-set-commands.js';
import { peersOf, portsText } from './permission-text.js';
import { quote } from './quote.js';

/** What a change is, for a person: in words, as a call of the AWS CLI, and as a hint for Terraform. */
export interface ChangeText {
  readonly text: string;
  /** One line; words in capitals are to be filled in. */
  readonly command: string;
  readonly terraform: string;
}

const nameIn = (arn: string): string => (parseArn(arn)?.resource ?? arn).split(/[/:]/).at(-1) ?? arn;

const regionOption = (arn: string): string => {
  const region = parseArn(arn)?.region ?? '';
  return region === '' ? '' : ` --region ${region}`;
};

/** What is known of a policy from which a statement is taken. */
export interface PolicyLeft {
  /** The document without the statement; `undefined` where it could not be read. */
  readonly document?: JsonObject;
  /** Users, roles and groups that have a managed policy. */
  readonly holders: readonly string[];
}

/** What the commands can name. */
export interface Known {
  /** In which permission sets are found; without it they are looked up by the command. */
  readonly graph?: AssetGraph;
  /** For a statement: what stays of its policy, so that the command can be given as it is. */
  readonly left?: PolicyLeft | undefined;
}

export function describeChange(change: Change, known: Known = {}): ChangeText {
  switch (change.kind) {
    case 'group-rule':
      return describeRule(change);
    case 'route':
      return describeRoute(change);
    case 'statement':
      return describeStatement(change, known);
    case 'attached-policy':
      return describeAttachment(change, known);
    case 'instance-profile': {
      const instance = nameIn(change.instance);
      return {
        text: `take the instance profile off ${instance}`,
        command: `aws ec2 disassociate-iam-instance-profile${regionOption(change.instance)} --association-id "$(aws ec2 describe-iam-instance-profile-associations${regionOption(change.instance)} --filters Name=instance-id,Values=${instance} --query 'IamInstanceProfileAssociations[0].AssociationId' --output text)"`,
        terraform: `Remove iam_instance_profile from the aws_instance with id ${instance}, or from its launch template.`,
      };
    }
    case 'public-access':
      return describePublicAccess(change.asset);
    default:
      return change satisfies never;
  }
}

function describeRule({ do: verb, group, direction, permission }: Change & { kind: 'group-rule' }): ChangeText {
  const id = nameIn(group);
  const peers = peersOf(permission)
    .map(({ peer }) => peer)
    .join(', ');
  const rule = `${portsText(permission)} ${direction === 'ingress' ? 'from' : 'to'} ${peers}`;
  const call = `${verb === 'add' ? 'authorize' : 'revoke'}-security-group-${direction}`;
  const block = `aws_vpc_security_group_${direction}_rule (or the ${direction} block of aws_security_group)`;
  return {
    text: verb === 'add' ? `let ${id} allow ${rule}` : `take ${rule} out of ${id}`,
    command: `aws ec2 ${call}${regionOption(group)} --group-id ${id} --ip-permissions ${quote(JSON.stringify([permission]))}`,
    terraform: `${verb === 'add' ? 'Add' : 'Remove'} the ${block} of ${id} for ${rule}.`,
  };
}

function describeRoute({ do: verb, table, destination, target }: Change & { kind: 'route' }): ChangeText {
  const id = nameIn(table);
  const option = destination.startsWith('pl-')
    ? `--destination-prefix-list-id ${destination}`
    : destination.includes(':')
      ? `--destination-ipv6-cidr-block ${destination}`
      : `--destination-cidr-block ${destination}`;
  const to =
    target === undefined ? '' : ` ${target.startsWith('nat-') ? '--nat-gateway-id' : '--gateway-id'} ${quote(target)}`;
  return {
    text:
      verb === 'add'
        ? `route ${destination} by ${target ?? ''} in ${id}`
        : `take the route to ${destination} out of ${id}`,
    command: `aws ec2 ${verb === 'add' ? 'create' : 'delete'}-route${regionOption(table)} --route-table-id ${id} ${option}${to}`,
    terraform: `${verb === 'add' ? 'Add' : 'Remove'} the aws_route (or the route block of aws_route_table) of ${id} to ${destination}.`,
  };
}

/** Longer documents make no command that a person could read, and are left to be written into a file. */
const MOST_LETTERS = 4000;

/** Nobody: a role has to have a trust policy, and a topic a policy. */
const NOBODY = { Effect: 'Deny', Principal: '*' };

function describeStatement({ policy, statement }: Change & { kind: 'statement' }, { graph, left }: Known): ChangeText {
  const { owner, isManaged, part, inline } = readPolicyId(policy);
  const kind = parseArn(owner)?.resource.split('/')[0] ?? '';
  const text = `take statement ${statement} out of ${policy}`;
  const terraform = `Remove statement ${statement} from the policy document of ${isManaged ? owner : `${inline ?? part} on ${owner}`}.`;
  const isEmpty =
    left?.document !== undefined && isObject(left.document) && list(field(left.document, 'Statement')).length === 0;
  const document = (whenEmpty?: JsonObject): string => {
    if (left?.document === undefined) return 'file://POLICY-WITHOUT-THE-STATEMENT.json';
    const whole = JSON.stringify(isEmpty && whenEmpty ? { ...left.document, Statement: [whenEmpty] } : left.document);
    return whole.length > MOST_LETTERS ? 'file://POLICY-WITHOUT-THE-STATEMENT.json' : quote(whole);
  };
  const said = (command: string): ChangeText => ({ text, terraform, command });
  if (isManaged) {
    if (isEmpty && left.holders.length > 0)
      return said(left.holders.map((holder) => detach(graph, owner, holder)).join(' && '));
    return said(
      `aws iam create-policy-version --policy-arn ${quote(owner)} --set-as-default --policy-document ${document()}`,
    );
  }
  const name = quote(nameIn(owner));
  const set = permissionSetCommands(graph, owner);
  if (set)
    return {
      ...said(part === 'trust' ? set.unassign() : set.inline(isEmpty ? undefined : document())),
      terraform:
        part === 'trust'
          ? `Remove the aws_ssoadmin_account_assignment of permission set ${set.name}.`
          : `Remove statement ${statement} from the aws_ssoadmin_permission_set_inline_policy of ${set.name}.`,
    };
  if (part === 'trust')
    return said(
      `aws iam update-assume-role-policy --role-name ${name} --policy-document ${document({ ...NOBODY, Action: 'sts:AssumeRole' })}`,
    );
  if (part === 'policy') return said(resourcePolicyCommand(owner, statement, isEmpty, document));
  const which = `--${kind}-name ${name} --policy-name ${quote(inline ?? '')}`;
  return said(
    isEmpty
      ? `aws iam delete-${kind}-policy ${which}`
      : `aws iam put-${kind}-policy ${which} --policy-document ${document()}`,
  );
}

const detach = (graph: AssetGraph | undefined, policy: string, holder: string): string => {
  const set = permissionSetCommands(graph, holder);
  if (set) return set.detach(policy);
  const kind = parseArn(holder)?.resource.split('/')[0] ?? 'role';
  return `aws iam detach-${kind}-policy --${kind}-name ${quote(nameIn(holder))} --policy-arn ${quote(policy)}`;
};

function resourcePolicyCommand(
  arn: string,
  statement: string,
  isEmpty: boolean,
  document: (whenEmpty?: JsonObject) => string,
): string {
  const name = quote(nameIn(arn));
  const region = regionOption(arn);
  switch (parseArn(arn)?.service) {
    case 's3':
      return isEmpty
        ? `aws s3api delete-bucket-policy --bucket ${name}`
        : `aws s3api put-bucket-policy --bucket ${name} --policy ${document()}`;
    case 'kms':
      return `aws kms put-key-policy${region} --key-id ${name} --policy-name default --policy ${document()}`;
    case 'secretsmanager':
      return isEmpty
        ? `aws secretsmanager delete-resource-policy${region} --secret-id ${quote(arn)}`
        : `aws secretsmanager put-resource-policy${region} --secret-id ${quote(arn)} --resource-policy ${document()}`;
    case 'sqs': {
      const url = `"$(aws sqs get-queue-url${region} --queue-name ${name} --query QueueUrl --output text)"`;
      const policy = isEmpty ? "''" : document();
      return `aws sqs set-queue-attributes${region} --queue-url ${url} --attributes "$(jq -n --arg policy ${policy} '{Policy: $policy}')"`;
    }
    case 'sns':
      return `aws sns set-topic-attributes${region} --topic-arn ${quote(arn)} --attribute-name Policy --attribute-value ${document({ ...NOBODY, Action: 'sns:Publish', Resource: arn })}`;
    case 'ecr':
      return isEmpty
        ? `aws ecr delete-repository-policy${region} --repository-name ${name}`
        : `aws ecr set-repository-policy${region} --repository-name ${name} --policy-text ${document()}`;
    case 'dynamodb':
      return isEmpty
        ? `aws dynamodb delete-resource-policy${region} --resource-arn ${quote(arn)}`
        : `aws dynamodb put-resource-policy${region} --resource-arn ${quote(arn)} --policy ${document()}`;
    case 'lambda':
      return `aws lambda remove-permission${region} --function-name ${name} --statement-id ${/^\d+$/.test(statement) ? 'STATEMENT-ID' : quote(statement)}`;
    default:
      return '';
  }
}

function describeAttachment(
  { do: verb, policy, holder }: Change & { kind: 'attached-policy' },
  { graph }: Known,
): ChangeText {
  const kind = parseArn(holder)?.resource.split('/')[0] ?? 'role';
  const name = nameIn(holder);
  const set = permissionSetCommands(graph, holder);
  return {
    text: verb === 'add' ? `attach ${policy} to ${kind} ${name}` : `detach ${policy} from ${kind} ${name}`,
    command:
      verb === 'add'
        ? (set?.attach(policy) ??
          `aws iam attach-${kind}-policy --${kind}-name ${quote(name)} --policy-arn ${quote(policy)}`)
        : detach(graph, policy, holder),
    terraform: set
      ? `${verb === 'add' ? 'Add' : 'Remove'} the policy attachment of ${policy} on permission set ${set.name}.`
      : `${verb === 'add' ? 'Add' : 'Remove'} the aws_iam_${kind}_policy_attachment of ${policy} on ${name}.`,
  };
}

function describePublicAccess(asset: string): ChangeText {
  const name = nameIn(asset);
  const { service, resource } = parseArn(asset) ?? { service: '', resource: '' };
  const kind = resource.split(/[/:]/)[0];
  if (service === 's3')
    return {
      text: `block public access to bucket ${name}`,
      command: `aws s3api put-public-access-block --bucket ${quote(name)} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
      terraform: `Add an aws_s3_bucket_public_access_block with all four settings true for ${name}.`,
    };
  if (service === 'ec2')
    return {
      text: `take back the public permission of ${name}`,
      command: `aws ec2 modify-snapshot-attribute${regionOption(asset)} --snapshot-id ${name} --attribute createVolumePermission --operation-type remove --group-names all`,
      terraform: `Remove the aws_snapshot_create_volume_permission of ${name} for "all".`,
    };
  if (kind === 'snapshot' || kind === 'cluster-snapshot') {
    const call = kind === 'snapshot' ? 'db-snapshot' : 'db-cluster-snapshot';
    return {
      text: `take back the public permission of ${name}`,
      command: `aws rds modify-${call}-attribute${regionOption(asset)} --${call}-identifier ${quote(name)} --attribute-name restore --values-to-remove all`,
      terraform: `Remove "all" from shared_accounts of ${name}.`,
    };
  }
  return {
    text: `make database ${name} not publicly accessible`,
    command: `aws rds modify-db-instance${regionOption(asset)} --db-instance-identifier ${quote(name)} --no-publicly-accessible --apply-immediately`,
    terraform: `Set publicly_accessible = false on the aws_db_instance ${name}.`,
  };
}
