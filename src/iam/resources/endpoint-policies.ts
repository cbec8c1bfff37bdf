import { field, type Json, objects, text } from '../../model/index.js';
import type { Snapshot } from '../../snapshot/index.js';
import { uncollectedPolicy } from '../organizations/organization-tree.js';
import type { CompiledDocument, Policy } from '../policy/document.js';

/** Policies of VPC endpoints: they limit what comes through them. */
export interface EndpointPolicies {
  /** All that were read. */
  readonly policies: readonly Policy[];
  /** Of the endpoint that a request's stated `aws:SourceVpce` names; `undefined` where none is named. */
  of(stated: ReadonlyMap<string, readonly string[]>): Policy | undefined;
}

/**
 * The policies of all endpoints of the snapshot. One that was not collected may say anything.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function readEndpointPolicies(
  snapshot: Snapshot,
  compile: (document: Json | undefined) => CompiledDocument,
): EndpointPolicies {
  const policies = new Map<string, Policy>();
  for (const { body, source } of snapshot.answers('ec2', 'DescribeVpcEndpoints')) {
    for (const endpoint of objects(field(body, 'VpcEndpoints'))) {
      const id = text(field(endpoint, 'VpcEndpointId'));
      const document = field(endpoint, 'PolicyDocument');
      if (id === undefined) continue;
      // An endpoint without a policy lets everything through.
      policies.set(id, { label: `${id}#policy`, document: compile(document ?? FULL_ACCESS), source });
    }
  }
  const uncollected = new Map<string, Policy>();
  return {
    policies: [...policies.values()],
    of: (stated) => {
      const [id, ...more] = stated.get('aws:sourcevpce') ?? [];
      if (id === undefined || more.length > 0) return undefined;
      const policy = policies.get(id) ?? uncollected.get(id) ?? uncollectedPolicy(`${id}#policy`, 'was not collected');
      if (!policies.has(id)) uncollected.set(id, policy);
      return policy;
    },
  };
}

const FULL_ACCESS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};
