import { type CatalogueFamily, IN_A_HOST, notCollected } from './catalogue-row.js';

const AUDIT = 'What it gives is about the data, not the data.';

export const DISKS: CatalogueFamily = {
  title: 'Data on disks',
  rows: [
    ['A snapshot that is made, and attached as a new volume', ['ebs-snapshot-attach']],
    ['A snapshot that exists, attached as a new volume', ['ebs-attach-snapshot-copy']],
    ['A volume that is copied', ['ebs-copy-volume']],
    ['A volume that is moved', ['ebs-move-volume', 'ebs-attach-free-volume']],
    ['A volume that several hosts may have', ['ebs-attach-free-volume']],
    ['A snapshot that is shared', ['ebs-snapshot-share', 'ebs-share-existing-snapshot']],
    ['A snapshot that is copied to another key and shared', ['ebs-reencrypt-share', 'ebs-reencrypt-existing-snapshot']],
    [
      'A second key for a snapshot',
      [],
      'The call is not in AWS’s list of actions, so no policy can be asked about it.',
    ],
    [
      'A snapshot that is made public',
      ['ebs-snapshot-share', 'ebs-share-existing-snapshot'],
      'By the call that shares it.',
    ],
    ['Blocks that are read by the API', ['ebs-snapshot-blocks', 'ebs-read-blocks']],
    ['An image that is started', ['ec2-image-run']],
    ['An image that is shared', ['ec2-image-share']],
    ['An image in a bucket', [], 'It takes what `ec2-image-share` takes, and a bucket besides.'],
    ['An instance that is exported', [], 'Only instances that were imported can be, and which were is not in the API.'],
    [
      'A snapshot that a task mounts',
      [],
      'It takes passing a role that makes volumes to ECS, and running a task; both are judged by themselves.',
    ],
    ['A snapshot out of the recycle bin', [], notCollected('The recycle bin')],
    ['A backup that is restored', [], notCollected('AWS Backup')],
    ['A lifecycle policy that shares', [], notCollected('Data Lifecycle Manager')],
  ],
};

export const DATABASES: CatalogueFamily = {
  title: 'Data in databases',
  rows: [
    ['A login with a known credential', ['rds-login', 'rds-found-credential', 'network-connection']],
    ['A new master password', ['rds-master-password']],
    ['The secret with the master password', ['rds-managed-secret']],
    ['A login by IAM', ['rds-iam-authentication']],
    ['A login by IAM, turned on first', [], 'It takes a user in the database that is set up for it.'],
    ['The Data API', ['rds-data-api']],
    ['A copy from a snapshot', ['rds-restore-snapshot', 'rds-snapshot-restore', 'rds-restore-shared-snapshot']],
    [
      'A copy from backups, or a clone',
      ['rds-point-in-time', 'aurora-clone'],
      'Replicas and blue-green deployments are not asked about.',
    ],
    ['A snapshot that is shared', ['rds-share-snapshot', 'rds-snapshot-share', 'rds-copy-snapshot-share']],
    ['A snapshot that is copied to another key and shared', ['rds-reencrypt-share']],
    ['A snapshot that is made public', ['rds-share-snapshot', 'rds-snapshot-share'], 'By the call that shares it.'],
    ['A snapshot that is exported', ['rds-export-snapshot', 'rds-export-cluster-snapshot']],
    ['A database that is made reachable', ['move-store-in-network', 'open-security-group', 'route-to-internet']],
    [
      'Backups in another region',
      ['rds-point-in-time'],
      'In the region of the database; restoring in another gives the same data.',
    ],
    ['A proxy as a side door', [], 'Proxies that exist are followed by the network; new ones are not made.'],
    ['The logs of a database', [], notCollected('What logs hold')],
    ['The activity stream of a database', [], 'It tells statements that are run, into a stream that is not collected.'],
  ],
};

export const BUCKETS: CatalogueFamily = {
  title: 'Data in buckets',
  rows: [
    ['Objects that are read', ['s3-read', 's3-write'], 'Writing and deleting are told too.'],
    ['Older versions of objects', ['s3-read']],
    ['The policy of a bucket', ['s3-bucket-policy', 's3-bucket-policy-write', 'store-policy-delete']],
    ['Access control lists', ['bucket-acl']],
    [
      'An access point',
      [],
      'It lets in only where the policy of the bucket leaves it to access points, which are not collected.',
    ],
    [
      'Replication to another bucket',
      [],
      'It takes a role that writes into a bucket of the intruder’s; those for replication name buckets of their own.',
    ],
    ['A batch job on objects', ['pass-role-s3-batch']],
    ['Access grants', [], 'Grants are not collected.'],
    ['Access logs and inventories', [], AUDIT],
    ['Objects in an archive', ['s3-read'], 'As if they could be read at once.'],
    ['Directory buckets and tables', [], 'Only general-purpose buckets are collected.'],
  ],
};

export const SECRETS_AND_KEYS: CatalogueFamily = {
  title: 'Secrets and keys',
  rows: [
    ['A secret that is read', ['secret-read']],
    ['The policy of a secret', ['secret-policy']],
    ['A secret replicated to another region', [], 'Of use to those alone who may read secrets in that one region.'],
    ['The function that rotates a secret', ['lambda-update-code'], 'As any function: its role reads the secret.'],
    ['A parameter that is read', ['parameter-read']],
    [
      'A parameter that is shared',
      [],
      'Only parameters of the advanced tier can be, and who they are shared with is not collected.',
    ],
    [
      'What a key encrypts',
      ['s3-read', 'secret-read', 'ebs-read-blocks'],
      'A key is asked about with what it encrypts, never by itself.',
    ],
    [
      'The policy of a key',
      ['ebs-snapshot-share', 'rds-share-snapshot'],
      'Where a copy is shared; not for reading in place.',
    ],
    [
      'A grant on a key',
      ['ebs-snapshot-share', 'rds-share-snapshot'],
      'Where a copy is shared; not for reading in place.',
    ],
    [
      'A replica of a key',
      [],
      'Only multi-Region keys have any, and a replica decrypts what is copied to its region by calls that are not made.',
    ],
  ],
};

export const OTHER_STORES: CatalogueFamily = {
  title: 'Data in other stores',
  rows: [
    ['A table that is read', ['dynamodb-read', 'dynamodb-write'], 'Writing is told too.'],
    ['A table that is exported', ['table-export']],
    ['A table restored from a backup', ['table-restore-backup', 'table-restore-point-in-time']],
    ['The policy or the stream of a table', ['table-policy', 'table-stream']],
    ['Credentials for a warehouse', ['redshift-temporary-credentials', 'redshift-iam-credentials', 'redshift-login']],
    ['A new master password for a warehouse', ['redshift-master-password']],
    ['A warehouse by its Data API', ['redshift-data-api']],
    ['A warehouse’s snapshot', ['redshift-share-snapshot'], 'Restoring one is not asked about.'],
    ['A search domain', ['opensearch-read', 'opensearch-unsigned', 'opensearch-configuration']],
    ['A file system', ['efs-mount', 'efs-policy']],
    ['Queries on a data lake', [], notCollected('Athena')],
    ['Grants of Lake Formation', [], notCollected('Lake Formation')],
    ['Passwords in connections of Glue', [], 'Connections are not collected.'],
    ['Logs', [], notCollected('What logs hold')],
    ['Logs that are streamed out', [], notCollected('What logs hold')],
    ['Images that are pulled', [], IN_A_HOST],
    ['A function’s package', [], IN_A_HOST],
    ['Queues and streams', ['queue-read', 'queue-policy'], 'Of SQS; Kinesis and Kafka are not collected.'],
    ['Topics', ['topic-subscribe', 'topic-policy'], 'Of what is published from then on.'],
    [
      'Caches',
      ['elasticache-login'],
      'By the network; new passwords, users and exported snapshots are not asked about.',
    ],
    [
      'Document and graph databases',
      ['rds-master-password', 'rds-snapshot-share'],
      'As clusters of RDS, where they answer there.',
    ],
    ['A DataSync job', ['pass-role-data-sync']],
    ['A DMS task', [], notCollected('DMS')],
    ['The way out of a private subnet', [], 'That data can leave is taken for granted.'],
  ],
};
