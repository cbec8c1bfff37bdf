import { describe, expect, test } from 'vitest';
import { openAnalysis } from '../../src/main/analyze.js';
import type { JsonObject } from '../../src/model/index.js';
import { ACCOUNT, arn, type Miniature, miniature, roleArn, type Says, userArn } from './miniature.js';
import { reachedFrom } from './reached.js';

const ADMIN = `aws:admin/${ACCOUNT}`;
const ANN = userArn('ann');
const ann = (says: readonly Says[], more: Miniature = {}): Miniature => ({ users: { ann: { says } }, ...more });

describe('making an administrator', () => {
  test.each([
    ['create-administrator-role', ['iam:CreateRole', 'iam:AttachRolePolicy']],
    ['create-administrator-role', ['iam:CreateRole', 'iam:PutRolePolicy']],
    [
      'create-administrator-user',
      ['iam:CreateUser', `iam:AttachUserPolicy on ${userArn('new-*')}`, `iam:CreateAccessKey on ${userArn('new-*')}`],
    ],
  ])('%s', (technique, says) => {
    const { assets, steps } = reachedFrom(ann(says), ANN);
    expect(assets.get(ADMIN)).toBe('admin confirmed');
    expect(steps.get(ADMIN)).toEqual([technique]);
  });

  const withBoundary = {
    Effect: 'Allow',
    Action: 'iam:CreateRole',
    Resource: '*',
    Condition: { StringEquals: { 'iam:PermissionsBoundary': arn('iam', 'policy/limit') } },
  };
  test.each([
    ['a role without a policy', ann(['iam:CreateRole'])],
    ['a user without a credential', ann(['iam:CreateUser', `iam:AttachUserPolicy on ${userArn('new-*')}`])],
    ['only with a boundary', ann([withBoundary, 'iam:AttachRolePolicy'])],
  ])('not: %s', (_, world) => {
    expect([...reachedFrom(world, ANN).assets.keys()]).not.toContain(ADMIN);
  });
});

describe('running ECS tasks', () => {
  const TASK = arn('ecs', 'task/shop/0123456789abcdef0123456789abcdef');
  const CLUSTER = arn('ecs', 'cluster/shop');
  const DEFINITION = arn('ecs', 'task-definition/web:1');
  const world = (says: readonly string[], enabled: boolean, channel = 'ssmmessages:*'): Miniature =>
    ann(says, {
      roles: { task: { trust: 'ecs-tasks.amazonaws.com', says: [channel] } },
      answers: {
        'ecs/ListClusters': { clusterArns: [CLUSTER] },
        'ecs/DescribeTasks': {
          [CLUSTER]: {
            tasks: [
              {
                taskArn: TASK,
                clusterArn: CLUSTER,
                taskDefinitionArn: DEFINITION,
                lastStatus: 'RUNNING',
                enableExecuteCommand: enabled,
              },
            ],
          },
        },
        'ecs/DescribeTaskDefinition': {
          [DEFINITION]: {
            taskDefinition: { taskDefinitionArn: DEFINITION, family: 'web', taskRoleArn: roleArn('task') },
          },
        },
      },
    });

  test('a shell is opened where execute-command is on', () => {
    const { assets, steps } = reachedFrom(world(['ecs:ExecuteCommand'], true), ANN);
    expect(assets.get(roleArn('task'))).toBe('control confirmed');
    expect(steps.get(roleArn('task'))).toEqual(['ecs-execute-command']);
  });

  test.each([
    ['its cluster by name', `ecs:ExecuteCommand on ${CLUSTER}`, 'control confirmed'],
    ['another cluster', `ecs:ExecuteCommand on ${arn('ecs', 'cluster/lab')}`, 'control conditional'],
    ['no cluster', 's3:ListBucket', 'control conditional'],
  ])('whoever may open one in the task, and on %s', (_, also, access) => {
    const { assets } = reachedFrom(world([`ecs:ExecuteCommand on ${TASK}`, also], true), ANN);
    expect(assets.get(roleArn('task'))).toBe(access);
  });

  test('whoever may on the cluster alone opens none', () => {
    const { assets } = reachedFrom(world([`ecs:ExecuteCommand on ${CLUSTER}`], true), ANN);
    expect(assets.has(roleArn('task'))).toBe(false);
  });

  describe('whose containers policies tell apart', () => {
    const withContainers = (says: readonly Says[], names: readonly string[]): string | undefined => {
      const { answers, roles } = world([], true);
      const described = JSON.stringify(answers?.['ecs/DescribeTasks']).replace(
        '"lastStatus"',
        `"containers":${JSON.stringify(names.map((name) => ({ name })))},"lastStatus"`,
      );
      const tasks = { 'ecs/DescribeTasks': JSON.parse(described) as JsonObject };
      const mini = ann(says, { ...(roles && { roles }), answers: { ...answers, ...tasks } });
      return reachedFrom(mini, ANN).assets.get(roleArn('task'));
    };
    const into = (name: string, Effect = 'Allow'): Says => ({
      Effect,
      Action: 'ecs:ExecuteCommand',
      Resource: '*',
      Condition: { StringEquals: { 'ecs:container-name': name } },
    });

    test('a shell is opened in one that the task has', () => {
      expect(withContainers([into('sidecar')], ['web', 'sidecar'])).toBe('control confirmed');
      expect(withContainers([into('sidecar')], ['web'])).toBeUndefined();
      expect(withContainers([into('sidecar')], [])).toBe('control conditional');
    });

    test('a denial of one leaves the others', () => {
      expect(withContainers(['ecs:ExecuteCommand', into('web', 'Deny')], ['web', 'sidecar'])).toBe('control confirmed');
      expect(withContainers(['ecs:ExecuteCommand', into('web', 'Deny')], ['web'])).toBeUndefined();
    });
  });

  test.each([
    ['execute-command is off', world(['ecs:ExecuteCommand'], false)],
    ['the role of the task opens no channel', world(['ecs:ExecuteCommand'], true, 's3:GetObject')],
    ['Ann may not', world(['ecs:RunTask'], true)],
  ])('not: %s', (_, mini) => {
    expect([...reachedFrom(mini, ANN).assets.keys()]).not.toContain(roleArn('task'));
  });
});

describe('the script of a Glue job whose runs bring no code of their own', () => {
  const NonOverridableArguments = {
    '--scriptLocation': 's3://scripts/nightly.py',
    '--extra-py-files': '',
    '--extra-jars': '',
    '--additional-python-modules': '',
  };
  const world = (says: readonly string[]): Miniature =>
    ann(says, {
      roles: { etl: { trust: 'glue.amazonaws.com' } },
      answers: {
        'global/s3/ListBuckets': { Buckets: [{ Name: 'scripts' }] },
        'glue/GetJobs': {
          Jobs: [
            {
              Name: 'nightly',
              Role: roleArn('etl'),
              Command: { ScriptLocation: 's3://scripts/nightly.py' },
              NonOverridableArguments,
            },
          ],
        },
      },
    });

  test('is overwritten by whoever may write it and start the job', () => {
    const { steps } = reachedFrom(world(['s3:PutObject on arn:aws:s3:::scripts/*', 'glue:StartJobRun']), ANN);
    expect(steps.get(roleArn('etl'))).toEqual(['glue-script-overwrite']);
  });

  test.each([
    ['another folder', ['s3:PutObject on arn:aws:s3:::scripts/other/*', 'glue:StartJobRun']],
    ['nobody starts it', ['s3:PutObject on arn:aws:s3:::scripts/*']],
  ])('not: %s', (_, says) => {
    expect([...reachedFrom(world(says), ANN).assets.keys()]).not.toContain(roleArn('etl'));
  });
});

describe('services that act with a passed role', () => {
  const world = (says: readonly string[], trust: string): Miniature =>
    ann(['iam:PassRole', ...says], { roles: { strong: { trust, says: ['*'] } } });

  test.each([
    ['pass-role-pipe', world(['pipes:CreatePipe'], 'pipes.amazonaws.com')],
    ['pass-role-sagemaker-pipeline', world(['sagemaker:*Pipeline*'], 'sagemaker.amazonaws.com')],
  ])('%s', (technique, mini) => {
    expect(reachedFrom(mini, ANN).steps.get(ADMIN)).toContain(technique);
  });

  test.each([
    ['the role trusts another service', world(['pipes:CreatePipe'], 'events.amazonaws.com')],
    ['nothing can be created', world([], 'pipes.amazonaws.com')],
  ])('not: %s', (_, mini) => {
    expect([...reachedFrom(mini, ANN).assets.keys()]).not.toContain(ADMIN);
  });
});

describe('what runs with which role was not collected', () => {
  const world = (says: readonly string[], more: Miniature = {}): Miniature => ({
    users: { ann: { says } },
    roles: { shop: { trust: 'lambda.amazonaws.com' }, web: { trust: 'ec2.amazonaws.com' } },
    missing: ['lambda/ListFunctions'],
    ...more,
  });
  const update = ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'];

  test('a role that trusts the service may be that of a function', () => {
    const { assets } = reachedFrom(world(update), ANN);
    expect(assets.get(roleArn('shop'))).toBe('control conditional');
    expect(assets.has(roleArn('web'))).toBe(false);
  });

  test('a role of tasks may be that of a task with execute-command on, if it opens channels', () => {
    const mini: Miniature = {
      users: { ann: { says: [`ecs:ExecuteCommand on ${arn('ecs', 'task/shop/*')}`] } },
      roles: {
        task: { trust: 'ecs-tasks.amazonaws.com', says: ['ssmmessages:CreateDataChannel'] },
        mute: { trust: 'ecs-tasks.amazonaws.com', says: ['s3:GetObject'] },
      },
    };
    const { assets } = reachedFrom({ ...mini, missing: ['ecs/DescribeTasks'] }, ANN);
    expect(assets.get(roleArn('task'))).toBe('control conditional');
    expect(assets.has(roleArn('mute'))).toBe(false);
    expect(reachedFrom(mini, ANN).assets.size).toBe(0);
  });

  test('so it is where only functions of a name may be changed', () => {
    const named = update.map((action) => `${action} on ${arn('lambda', 'function:shop-*')}`);
    expect(reachedFrom(world(named), ANN).assets.get(roleArn('shop'))).toBe('control conditional');
  });

  test.each([
    ['there is no function', world(update, { missing: [] })],
    ['no function may be changed', world(['lambda:InvokeFunction'])],
    [
      'the role of every function is known to be another',
      world(update, {
        missing: [],
        answers: {
          'lambda/ListFunctions': {
            Functions: [{ FunctionName: 'web', FunctionArn: arn('lambda', 'function:web'), Role: roleArn('web') }],
          },
        },
      }),
    ],
  ])('not where %s', (_, mini) => {
    expect(reachedFrom(mini, ANN).assets.has(roleArn('shop'))).toBe(false);
  });
});

describe('state machines', () => {
  const MACHINE = arn('states', 'stateMachine:orders');
  const world = (says: readonly string[], trust = 'states.amazonaws.com'): Miniature => ({
    users: { ann: { says } },
    roles: { orders: { trust, says: ['*'] } },
    answers: {
      'sfn/DescribeStateMachine': {
        [MACHINE]: { stateMachineArn: MACHINE, name: 'orders', roleArn: roleArn('orders'), definition: '{}' },
      },
    },
  });

  test('a rewritten one acts with its role', () => {
    const { assets, steps } = reachedFrom(world(['states:UpdateStateMachine', 'states:StartExecution']), ANN);
    expect(assets.get('aws:admin/111122223333')).toBe('admin confirmed');
    expect(steps.get('aws:admin/111122223333')?.[0]).toBe('state-machine-update');
  });

  test('not where it may only be started', () => {
    expect(reachedFrom(world(['states:StartExecution']), ANN).assets.size).toBe(0);
  });

  test('its role may let the service of one region in, and has to let it in', () => {
    const rewrites = ['states:UpdateStateMachine', 'states:StartExecution'];
    const inRegion = reachedFrom(world(rewrites, 'states.us-east-1.amazonaws.com'), ANN);
    expect(inRegion.assets.get('aws:admin/111122223333')).toBe('admin confirmed');
    expect(reachedFrom(world(rewrites, 'events.amazonaws.com'), ANN).assets.size).toBe(0);
  });
});

describe('code in what runs with a role', () => {
  const at = (service: string, resource: string) => arn(service, resource);
  const answers = {
    'codebuild/BatchGetProjects': {
      projects: [{ name: 'build', arn: at('codebuild', 'project/build'), serviceRole: roleArn('build') }],
    },
    'glue/GetJobs': { Jobs: [{ Name: 'etl', Role: roleArn('etl') }] },
    'glue/GetDevEndpoints': { DevEndpoints: [{ EndpointName: 'dev', RoleArn: roleArn('dev') }] },
    'apprunner/DescribeService': {
      [at('apprunner', 'service/app/1')]: {
        Service: {
          ServiceArn: at('apprunner', 'service/app/1'),
          ServiceName: 'app',
          InstanceConfiguration: { InstanceRoleArn: roleArn('app') },
        },
      },
    },
  };
  const trusts = { build: 'codebuild', etl: 'glue', dev: 'glue', app: 'tasks.apprunner' };
  const roles = Object.fromEntries(
    Object.entries(trusts).map(([name, service]) => [name, { trust: `${service}.amazonaws.com` }]),
  );

  const workloads = [
    ['build', at('codebuild', 'project/build')],
    ['etl', at('glue', 'job/etl')],
    ['dev', at('glue', 'devEndpoint/dev')],
    ['app', at('apprunner', 'service/app/1')],
  ] as const;

  test.each(workloads)('has that role and no other: %s', (role, workload) => {
    const { assets } = reachedFrom({ roles, answers }, workload);
    expect([...assets]).toEqual([[roleArn(role), 'control confirmed']]);
  });

  test.each(workloads)('has none that lets its service in no longer: %s', (role, workload) => {
    const closed = { ...roles, [role]: { trust: 'ec2.amazonaws.com' } };
    expect(reachedFrom({ roles: closed, answers }, workload).assets.size).toBe(0);
  });

  test('sees the access key in its environment', () => {
    const environmentVariables = [
      { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE', type: 'PLAINTEXT' },
      { name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', type: 'PLAINTEXT' },
    ];
    const project = { name: 'build', arn: at('codebuild', 'project/build'), environment: { environmentVariables } };
    const world: Miniature = {
      users: { ann: { keys: ['AKIAIOSFODNN7EXAMPLE'] } },
      answers: { 'codebuild/BatchGetProjects': { projects: [project] } },
    };
    expect(reachedFrom(world, at('codebuild', 'project/build')).steps.get(ANN)).toEqual(['user-data-secrets']);
  });
});

describe('making an administrator under a boundary', () => {
  const LIMIT = arn('iam', 'policy/limit');
  const OPEN = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const bounded = (Action: string | readonly string[], boundary = LIMIT): Says => ({
    Effect: 'Allow',
    Action,
    Resource: '*',
    Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
  });
  const MAKE = [bounded(['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:PutUserPolicy']), 'iam:CreateAccessKey'];
  const ROLE = [bounded(['iam:CreateRole', 'iam:AttachRolePolicy'])];
  const limits: Miniature = { policies: { limit: [['s3:*']] } };
  const administers = (says: readonly Says[], more: Miniature = limits): string | undefined =>
    reachedFrom(ann(says, more), ANN).assets.get(ADMIN);

  test.each<[string, readonly Says[], Miniature]>([
    ['it may be taken away', [...MAKE, 'iam:DeleteUserPermissionsBoundary'], limits],
    ['it may be taken away where it is that one', [...MAKE, bounded('iam:DeleteUserPermissionsBoundary')], limits],
    [
      'it may be taken away, and policies attached to who has none',
      [
        bounded('iam:CreateUser'),
        'iam:DeleteUserPermissionsBoundary',
        {
          Effect: 'Allow',
          Action: 'iam:AttachUserPolicy',
          Resource: userArn('new-*'),
          Condition: { Null: { 'iam:PermissionsBoundary': 'true' } },
        },
        'iam:CreateAccessKey',
      ],
      limits,
    ],
    ['it may be replaced', [...MAKE, 'iam:PutUserPermissionsBoundary'], limits],
    ['its policy may be written anew', [...MAKE, `iam:CreatePolicyVersion on ${LIMIT}`], limits],
    ['it allows everything', MAKE, { policies: { limit: [['*']] } }],
    [
      'one of AWS that allows everything will do',
      [bounded(['iam:CreateUser', 'iam:AttachUserPolicy'], OPEN), 'iam:CreateAccessKey'],
      limits,
    ],
    ['it is a role’s, and may be taken away', [...ROLE, 'iam:DeleteRolePermissionsBoundary'], limits],
  ])('works where %s', (_, says, more) => {
    expect(administers(says, more)).toBe('admin confirmed');
  });

  test.each<[string, readonly Says[], Miniature]>([
    ['it stays', MAKE, limits],
    ['it may be taken away from roles alone', [...MAKE, 'iam:DeleteRolePermissionsBoundary'], limits],
    ['it may be taken away from others alone', [...MAKE, `iam:DeleteUserPermissionsBoundary on ${ANN}`], limits],
    ['it may be replaced by itself alone', [...MAKE, bounded('iam:PutUserPermissionsBoundary')], limits],
    [
      'another policy may be written anew',
      [...MAKE, `iam:CreatePolicyVersion on ${arn('iam', 'policy/other')}`],
      { policies: { limit: [['s3:*']], other: [['s3:*']] } },
    ],
    ['it denies something', MAKE, { policies: { limit: [['*', { Effect: 'Deny', Action: 'iam:*', Resource: '*' }]] } }],
    ['there is no such policy', [...MAKE, 'iam:DeleteUserPermissionsBoundary'], {}],
  ])('does not where %s', (_, says, more) => {
    expect(administers(says, more)).toBeUndefined();
  });

  describe('of which policies ask by a form of names', () => {
    const TEAM = arn('iam', 'policy/team-*');
    const byForm = (Action: readonly string[]): Says => ({
      Effect: 'Allow',
      Action,
      Resource: '*',
      Condition: { StringLike: { 'iam:PermissionsBoundary': TEAM } },
    });
    const role = byForm(['iam:CreateRole', 'iam:AttachRolePolicy']);
    const user = byForm(['iam:CreateUser', 'iam:PutUserPolicy']);
    const old: Miniature = { policies: { 'team-limit': [['s3:*']] } };

    test('works where a policy of the form may be made', () => {
      expect(administers([role, 'iam:CreatePolicy'], old)).toBe('admin confirmed');
      expect(administers([role, `iam:CreatePolicy on ${TEAM}`], {})).toBe('admin confirmed');
      expect(administers([user, 'iam:CreateAccessKey', 'iam:CreatePolicy'], old)).toBe('admin confirmed');
    });

    test('does not where none may, or one of another form', () => {
      expect(administers([role], old)).toBeUndefined();
      expect(administers([role, `iam:CreatePolicy on ${arn('iam', 'policy/other-*')}`], old)).toBeUndefined();
      expect(administers([role, `iam:CreatePolicy on ${arn('iam', 'policy/team-limit')}`], old)).toBeUndefined();
    });

    test('works where all calls ask for one form of those that may be made', () => {
      const calls = (Action: string, form: string): Says => ({
        Effect: 'Allow',
        Action,
        Resource: '*',
        Condition: { StringLike: { 'iam:PermissionsBoundary': arn('iam', `policy/${form}`) } },
      });
      const says = [calls('iam:CreateRole', 'team-*'), 'iam:CreatePolicy'];
      expect(administers([...says, calls('iam:AttachRolePolicy', 'team-red-*')], old)).toBe('admin confirmed');
      expect(administers([...says, calls('iam:AttachRolePolicy', 'red-*')], old)).toBeUndefined();
    });

    test('does not where the name that is asked for is taken', () => {
      expect(administers([...MAKE, 'iam:CreatePolicy'], limits)).toBeUndefined();
      expect(administers([...MAKE, 'iam:CreatePolicy'], {})).toBe('admin confirmed');
    });
  });
});

describe('a job of Batch', () => {
  const queue = (name: string, more: JsonObject = {}): JsonObject => ({
    jobQueueName: name,
    jobQueueArn: arn('batch', `job-queue/${name}`),
    state: 'ENABLED',
    ...more,
  });
  const nightly = {
    'batch/DescribeJobDefinitions': {
      jobDefinitions: [
        {
          jobDefinitionArn: arn('batch', 'job-definition/nightly:1'),
          jobDefinitionName: 'nightly',
          containerProperties: { jobRoleArn: roleArn('jobs') },
        },
      ],
    },
  };
  const PASS = [`iam:PassRole on ${roleArn('jobs')}`, 'batch:RegisterJobDefinition'];
  const had = (
    says: readonly Says[],
    queues?: readonly JsonObject[],
    defined: Readonly<Record<string, JsonObject>> = nightly,
  ) =>
    reachedFrom(
      ann(says, {
        roles: { jobs: { trust: 'ecs-tasks.amazonaws.com' } },
        answers: { ...defined, ...(queues && { 'batch/DescribeJobQueues': { jobQueues: queues } }) },
      }),
      ANN,
    ).assets.get(roleArn('jobs'));
  const MAKE = ['batch:CreateJobQueue', 'batch:CreateComputeEnvironment'];
  const OFF = queue('off', { state: 'DISABLED' });
  const USED = queue('off', {
    state: 'DISABLED',
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: arn('batch', 'compute-environment/spot') }],
  });

  test.each<[string, readonly Says[], readonly JsonObject[]]>([
    ['a queue that takes jobs', ['batch:SubmitJob'], [queue('main')]],
    ['one that Ann may enable', ['batch:SubmitJob', 'batch:UpdateJobQueue'], [OFF]],
    ['one that Ann may make, with its environment', ['batch:SubmitJob', ...MAKE], []],
    ['one that Ann may make for an environment that is there', ['batch:SubmitJob', 'batch:CreateJobQueue'], [USED]],
    [
      'the one to which Ann may submit',
      [
        `batch:SubmitJob on ${arn('batch', 'job-definition/*')}`,
        `batch:SubmitJob on ${arn('batch', 'job-queue/main')}`,
      ],
      [queue('other'), queue('main')],
    ],
  ])('runs through %s', (_, says, queues) => {
    expect(had(says, queues)).toBe('control confirmed');
    expect(had([...PASS, ...says], queues, {})).toBe('control confirmed');
  });

  test.each<[string, readonly Says[], readonly JsonObject[]]>([
    ['there is no queue', ['batch:SubmitJob'], []],
    ['the only queue is turned off', ['batch:SubmitJob'], [OFF]],
    ['a queue may be made, but no environment', ['batch:SubmitJob', 'batch:CreateJobQueue'], [OFF]],
    [
      'Ann may submit to another queue alone',
      [
        `batch:SubmitJob on ${arn('batch', 'job-definition/*')}`,
        `batch:SubmitJob on ${arn('batch', 'job-queue/main')}`,
      ],
      [queue('other')],
    ],
  ])('does not run where %s', (_, says, queues) => {
    expect(had(says, queues)).toBeUndefined();
    expect(had([...PASS, ...says], queues, {})).toBeUndefined();
  });

  test('runs for certain through a queue with an environment of one’s own where one that is there hangs on a condition', () => {
    const create = (of: string, more: JsonObject = {}): Says => ({
      Effect: 'Allow',
      Action: 'batch:CreateJobQueue',
      Resource: arn('batch', of),
      ...more,
    });
    const fromOffice = { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } };
    const says = ['batch:SubmitJob', create('job-queue/*'), create('compute-environment/spot', fromOffice)];
    expect(had(says, [USED])).toBe('control conditional');
    const own = [create('compute-environment/own'), 'batch:CreateComputeEnvironment'];
    expect(had([...says, ...own], [USED])).toBe('control confirmed');
  });

  test('is not submitted to a queue of another region', () => {
    const world = ann(['batch:SubmitJob'], {
      roles: { jobs: { trust: 'ecs-tasks.amazonaws.com' } },
      answers: { ...nightly, 'batch/DescribeJobQueues': { jobQueues: [queue('main')] } },
    });
    const snapshot = miniature(world);
    const [listed] = snapshot.answers('batch', 'DescribeJobQueues');
    if (!listed) throw new Error('no queues are listed');
    const of = (region: string, jobQueues: readonly JsonObject[]) => ({ ...listed, region, body: { jobQueues } });
    const elsewhere = [of('us-east-1', []), of('eu-west-1', [queue('main')])];
    const moved: typeof snapshot = {
      ...snapshot,
      answers: (service, name) => (name === 'DescribeJobQueues' ? elsewhere : snapshot.answers(service, name)),
    };
    const had = (of: typeof snapshot) =>
      openAnalysis(of, { toolVersion: '0.0.0' })
        .blastRadius([ANN])
        .reaches.map(({ asset }) => asset);
    expect(had(snapshot)).toContain(roleArn('jobs'));
    expect(had(moved)).not.toContain(roleArn('jobs'));
  });

  test('may run where queues were not collected', () => {
    expect(had(['batch:SubmitJob'])).toBe('control conditional');
    expect(had([...PASS, 'batch:SubmitJob'], undefined, {})).toBe('control conditional');
    expect(had(['batch:CancelJob'])).toBeUndefined();
  });
});
