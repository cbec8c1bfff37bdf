import { parseArn } from '../model/index.js';
import type { Change } from './change.js';
import { peersOf, portsText } from './permission-text.js';

/** What a change is, for a person: in words, as a call of the AWS CLI, and as a hint for Terraform. */
export interface ChangeText {
  readonly text: string;
  /** One line; words in capitals are to be filled in. */
  readonly command: string;
  readonly terraform: string;
}

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

const nameIn = (arn: string): string => (parseArn(arn)?.resource ?? arn).split(/[/:]/).at(-1) ?? arn;

const regionOption = (arn: string): string => {
  const region = parseArn(arn)?.region ?? '';
  return region === '' ? '' : ` --region ${region}`;
};

export function describeChange(change: Change): ChangeText {
  switch (change.kind) {
    case 'group-rule':
      return describeRule(change);
    case 'route':
      return describeRoute(change);
    case 'statement':
      return describeStatement(change);
    case 'attached-policy':
      return describeAttachment(change);
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

function describeStatement({ policy, statement }: Change & { kind: 'statement' }): ChangeText {
  const [owner = '', inline] = policy.split('#');
  const kind = parseArn(owner)?.resource.split('/')[0] ?? '';
  const text = `take statement ${statement} out of ${policy}`;
  const terraform = `Remove statement ${statement} from the policy document of ${inline === undefined ? owner : `${inline} on ${owner}`}.`;
  const document = '--policy-document file://POLICY-WITHOUT-THE-STATEMENT.json';
  if (inline === undefined)
    return {
      text,
      terraform,
      command: `aws iam create-policy-version --policy-arn ${quote(owner)} --set-as-default ${document}`,
    };
  if (inline === 'trust')
    return {
      text,
      terraform,
      command: `aws iam update-assume-role-policy --role-name ${quote(nameIn(owner))} ${document}`,
    };
  if (inline === 'policy') return { text, terraform, command: resourcePolicyCommand(owner) };
  const command = `aws iam put-${kind}-policy --${kind}-name ${quote(nameIn(owner))} --policy-name ${quote(inline)} ${document}`;
  return { text, terraform, command };
}

function resourcePolicyCommand(arn: string): string {
  const file = 'file://POLICY-WITHOUT-THE-STATEMENT.json';
  const name = nameIn(arn);
  switch (parseArn(arn)?.service) {
    case 's3':
      return `aws s3api put-bucket-policy --bucket ${quote(name)} --policy ${file}`;
    case 'kms':
      return `aws kms put-key-policy${regionOption(arn)} --key-id ${quote(name)} --policy-name default --policy ${file}`;
    case 'secretsmanager':
      return `aws secretsmanager put-resource-policy${regionOption(arn)} --secret-id ${quote(arn)} --resource-policy ${file}`;
    case 'sqs':
      return `aws sqs set-queue-attributes${regionOption(arn)} --queue-url QUEUE-URL --attributes ${file}`;
    case 'lambda':
      return `aws lambda remove-permission${regionOption(arn)} --function-name ${quote(name)} --statement-id STATEMENT-ID`;
    default:
      return '';
  }
}

function describeAttachment({ do: verb, policy, holder }: Change & { kind: 'attached-policy' }): ChangeText {
  const kind = parseArn(holder)?.resource.split('/')[0] ?? 'role';
  const name = nameIn(holder);
  return {
    text: verb === 'add' ? `attach ${policy} to ${kind} ${name}` : `detach ${policy} from ${kind} ${name}`,
    command: `aws iam ${verb === 'add' ? 'attach' : 'detach'}-${kind}-policy --${kind}-name ${quote(name)} --policy-arn ${quote(policy)}`,
    terraform: `${verb === 'add' ? 'Add' : 'Remove'} the aws_iam_${kind}_policy_attachment of ${policy} on ${name}.`,
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
