/** Calls that hide what an intruder does, or take a guard away: no step of a path, but worth knowing of one. */
export interface Evasion {
  readonly id: string;
  /** Completes "may". */
  readonly what: string;
  /** What it cannot do, where that is not for permissions to say. */
  readonly limit?: string;
  /** Any of these calls does it. Of resources, what stands after partition, service and region, with the account's number as `ACCOUNT`; `*` for calls that name none. */
  readonly calls: readonly { readonly action: string; readonly resource: string }[];
  /** ATT&CK technique ids, the current one and the one before. */
  readonly attack: readonly string[];
}

const on = (resource: string, ...actions: readonly string[]): Evasion['calls'] =>
  actions.map((action) => ({ action, resource }));

/** @see https://attack.mitre.org/tactics/TA0005/ */
export const EVASIONS: readonly Evasion[] = [
  {
    id: 'cloudtrail-stopped',
    what: 'stop, delete or turn away the trails that record it',
    limit: 'An organization’s trail is out of reach of member accounts.',
    calls: on(
      'ACCOUNT:trail/*',
      'cloudtrail:StopLogging',
      'cloudtrail:DeleteTrail',
      'cloudtrail:UpdateTrail',
      'cloudtrail:PutEventSelectors',
    ),
    attack: ['T1562.008', 'T1685.002'],
  },
  {
    id: 'guardduty-blinded',
    what: 'turn off GuardDuty, or have it look away',
    limit: 'Where another account administers GuardDuty, it cannot be turned off from this one.',
    calls: on(
      'ACCOUNT:detector/*',
      'guardduty:DeleteDetector',
      'guardduty:UpdateDetector',
      'guardduty:CreateFilter',
      'guardduty:CreateIPSet',
      'guardduty:StopMonitoringMembers',
    ),
    attack: ['T1562.001', 'T1685'],
  },
  {
    id: 'watching-stopped',
    what: 'stop Config, Security Hub or Access Analyzer',
    calls: [
      ...on(
        'ACCOUNT:configuration-recorder/*',
        'config:StopConfigurationRecorder',
        'config:DeleteConfigurationRecorder',
      ),
      ...on('ACCOUNT:hub/default', 'securityhub:DisableSecurityHub'),
      ...on('ACCOUNT:analyzer/*', 'access-analyzer:DeleteAnalyzer'),
    ],
    attack: ['T1562.001', 'T1685'],
  },
  {
    id: 'network-logs-deleted',
    what: 'delete logs of the network, of names asked for, or any log group',
    calls: [
      ...on('ACCOUNT:vpc-flow-log/*', 'ec2:DeleteFlowLogs'),
      ...on('ACCOUNT:resolver-query-log-config/*', 'route53resolver:DeleteResolverQueryLogConfig'),
      ...on('ACCOUNT:log-group:*', 'logs:DeleteLogGroup'),
    ],
    attack: ['T1562.008', 'T1685.002'],
  },
  {
    id: 'organization-left',
    what: 'take the account out of an organization that it is in, and so out of all that this denies',
    limit: 'Not for the management account, nor for an account without billing details of its own.',
    calls: on('*', 'organizations:LeaveOrganization'),
    attack: ['T1666'],
  },
  {
    id: 'guards-taken-away',
    what: 'let snapshots, images or buckets be public again, or turn other guards of the account off',
    calls: on(
      '*',
      'ec2:DisableImageBlockPublicAccess',
      'ec2:DisableSnapshotBlockPublicAccess',
      'ec2:ModifyInstanceMetadataDefaults',
      'ec2:DisableEbsEncryptionByDefault',
      's3:PutAccountPublicAccessBlock',
    ),
    attack: ['T1578.005'],
  },
];
