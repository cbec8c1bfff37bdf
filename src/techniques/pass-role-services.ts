import { NEEDS_QUEUE, type QueueWay, queueWays } from './job-queues.js';
import { EC2, ECS_TASKS } from './trusted-services.js';
import { type CallsInState, inEcs, onAppRunnerService, onStack, onStackSet } from './workload-states.js';
import type { World } from './world.js';

/** A way to have a service run something with a passed role. */
export interface PassRoleService {
  /** The technique's id. */
  readonly id: string;
  readonly title: string;
  /** What the intruder does, to be followed by "with role R". */
  readonly does: string;
  readonly references: readonly string[];
  /** The service principal that the role has to trust. */
  readonly service: string;
  /** Actions that the principal that passes the role calls itself. */
  readonly create: readonly string[];
  /** Actions that any principal under the intruder's control may call. */
  readonly afterwards?: readonly string[];
  /** `act-as` where the intruder gets the role's effects, but no keys; `moves-as` only those on stores; `creds` when absent. */
  readonly gives?: 'creds' | 'act-as' | 'moves-as';
  /** Whether the role has to be in an instance profile already. */
  readonly instanceProfile?: 'existing';
  /** Actions of which any principal under the intruder's control may call one. */
  readonly either?: readonly string[];
  /** What the ARNs begin with, after the account, of the one new thing that every call of its service is made on. */
  readonly oneThing?: string;
  /** What is there already and is changed. */
  readonly changes?: ChangedAsset;
  /** A service that a second role has to trust, which the same principal passes in the same call. */
  readonly alongside?: string;
  /** What one of the calls afterwards is checked for besides, and what it takes; any of these ways. */
  readonly through?: {
    readonly action: string;
    readonly ways: (
      world: World,
      place: { readonly account: string; readonly partition: string },
    ) => readonly QueueWay[];
    readonly why: string;
  };
  /** What has to exist in the account. */
  readonly needs?: readonly ExistingAsset[];
  /** Actions of which the role itself must be allowed one, so that the service does anything. */
  readonly roleMay?: { readonly actions: readonly string[]; readonly why: string };
  readonly assumptions?: readonly string[];
  readonly attack?: readonly string[];
  readonly cost?: number;
  readonly costReason?: string;
}

/** Something that has to exist already. */
export interface ExistingAsset {
  /** Its asset type. */
  readonly type: string;
  /** The operation that lists it (`<service>/<Operation>`): where it was not asked, whether there is one is not known. */
  readonly operation: string;
  /** What else has to be called on one in its state, by whomever, and which ones no call serves; nothing when absent. */
  readonly inState?: CallsInState;
  readonly why: string;
}

/** Something that is there, and the calls that are made on one and the same of its kind. */
export interface ChangedAsset extends ExistingAsset {
  readonly calls: readonly string[];
}

const CONTAINER_IMAGE = 'The intruder brings a container image, or uses a public one that has a shell.';
const CLUSTER = {
  type: 'ecs:cluster',
  operation: 'ecs/ListClusters',
  inState: inEcs,
  why: 'An ECS cluster exists.',
};
const SERVICE = {
  type: 'ecs:service',
  operation: 'ecs/DescribeServices',
  inState: inEcs,
  why: 'An ECS service exists.',
};
const CONTAINER_INSTANCE = {
  type: 'ecs:container-instance',
  operation: 'ecs/DescribeContainerInstances',
  inState: inEcs,
  why: 'A cluster has a container instance.',
};
const TASK_DEFINITION = {
  type: 'ecs:task-definition',
  operation: 'ecs/DescribeTaskDefinition',
  inState: inEcs,
  why: 'A task definition exists.',
};
const INSTANCE_PROFILE = {
  type: 'iam:instance-profile',
  operation: 'iam/GetAccountAuthorizationDetails',
  why: 'An instance profile exists.',
};
const STACK = {
  type: 'cloudformation:stack',
  operation: 'cloudformation/DescribeStacks',
  inState: onStack,
  why: 'A stack exists.',
};
const PROJECT = {
  type: 'codebuild:project',
  operation: 'codebuild/BatchGetProjects',
  why: 'A CodeBuild project exists.',
};
const STATE_MACHINE = {
  type: 'states:state-machine',
  operation: 'sfn/ListStateMachines',
  why: 'A state machine exists.',
};
const APP_RUNNER_SERVICE = {
  type: 'apprunner:service',
  operation: 'apprunner/ListServices',
  inState: onAppRunnerService,
  why: 'An App Runner service exists.',
};
/** A standard state machine is started, an express one may be waited for. */
const START_MACHINE = ['states:StartExecution', 'states:StartSyncExecution'];
const GLUE_SCRIPT = 'The role may read the bucket in which the intruder puts the script.';
const GLUE_JOB = { type: 'glue:job', operation: 'glue/GetJobs', why: 'A Glue job exists.' };

export const PASS_ROLE_SERVICES: readonly PassRoleService[] = [
  {
    id: 'pass-role-apprunner-service',
    title: 'Run an App Runner service with a passed role',
    does: 'Create an App Runner service',
    references: ['pathfinding.cloud:apprunner-001'],
    service: 'tasks.apprunner.amazonaws.com',
    create: ['apprunner:CreateService'],
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-apprunner-update-service',
    title: 'Give a passed role to an existing App Runner service',
    does: 'Change the image and the role of an App Runner service',
    references: ['https://docs.aws.amazon.com/apprunner/latest/api/API_UpdateService.html'],
    service: 'tasks.apprunner.amazonaws.com',
    create: ['apprunner:UpdateService'],
    changes: { ...APP_RUNNER_SERVICE, calls: ['apprunner:UpdateService'] },
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-batch-job',
    title: 'Submit a Batch job with a passed role',
    does: 'Register a job definition and submit a job',
    references: ['pathfinding.cloud:batch-001', 'pathfinding.cloud:batch-003'],
    service: ECS_TASKS,
    create: ['batch:RegisterJobDefinition'],
    afterwards: ['batch:SubmitJob'],
    through: { action: 'batch:SubmitJob', ways: queueWays, why: NEEDS_QUEUE },
    assumptions: [CONTAINER_IMAGE],
    cost: 3,
    costReason: 'an enabled queue is needed',
  },
  {
    id: 'pass-role-agentcore-interpreter',
    title: 'Run code in a new AgentCore code interpreter',
    does: 'Create a code interpreter and run code in it',
    references: ['pathfinding.cloud:bedrock-001'],
    service: 'bedrock-agentcore.amazonaws.com',
    create: ['bedrock-agentcore:CreateCodeInterpreter'],
    afterwards: ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'],
  },
  {
    id: 'pass-role-agentcore-runtime',
    title: 'Run commands in a new AgentCore runtime',
    does: 'Create an agent runtime and run a command in it',
    references: ['pathfinding.cloud:bedrock-003', 'pathfinding.cloud:bedrock-005'],
    service: 'bedrock-agentcore.amazonaws.com',
    create: ['bedrock-agentcore:CreateAgentRuntime'],
    afterwards: ['bedrock-agentcore:CreateAgentRuntimeEndpoint', 'bedrock-agentcore:CreateWorkloadIdentity'],
    either: ['bedrock-agentcore:InvokeAgentRuntimeCommand', 'bedrock-agentcore:InvokeAgentRuntime'],
  },
  {
    id: 'pass-role-agentcore-browser',
    title: 'Drive a new AgentCore browser',
    does: 'Create a browser and drive it to its metadata service',
    references: ['pathfinding.cloud:bedrock-006'],
    service: 'bedrock-agentcore.amazonaws.com',
    create: ['bedrock-agentcore:CreateBrowser'],
    afterwards: ['bedrock-agentcore:StartBrowserSession', 'bedrock-agentcore:ConnectBrowserAutomationStream'],
  },
  {
    id: 'pass-role-braket-job',
    title: 'Run a Braket job with a passed role',
    does: 'Create a Braket job',
    references: ['pathfinding.cloud:braket-001'],
    service: 'braket.amazonaws.com',
    create: ['braket:CreateJob'],
  },
  {
    id: 'pass-role-cloudformation-stack',
    title: 'Create a stack that a passed role builds',
    does: 'Create a stack',
    references: ['pathfinding.cloud:cloudformation-001'],
    service: 'cloudformation.amazonaws.com',
    create: ['cloudformation:CreateStack'],
    gives: 'act-as',
    attack: ['T1648'],
  },
  {
    id: 'pass-role-cloudformation-change-set',
    title: 'Create a stack by a change set that a passed role carries out',
    does: 'Create a change set for a new stack, and execute it',
    references: ['https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html'],
    service: 'cloudformation.amazonaws.com',
    oneThing: 'stack/*/*',
    create: ['cloudformation:CreateChangeSet'],
    afterwards: ['cloudformation:ExecuteChangeSet'],
    gives: 'act-as',
    attack: ['T1648'],
  },
  {
    id: 'pass-role-cloudformation-update-stack',
    title: 'Update a stack that a passed role builds from then on',
    does: 'Update a stack',
    references: ['https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html'],
    service: 'cloudformation.amazonaws.com',
    create: ['cloudformation:UpdateStack'],
    gives: 'act-as',
    changes: { ...STACK, calls: ['cloudformation:UpdateStack'] },
    attack: ['T1648'],
  },
  {
    id: 'pass-role-cloudformation-stack-set',
    title: 'Create a stack set with a passed administration role',
    does: 'Create a stack set and its instances',
    references: ['pathfinding.cloud:cloudformation-003'],
    service: 'cloudformation.amazonaws.com',
    oneThing: 'stackset/*:*',
    create: ['cloudformation:CreateStackSet'],
    afterwards: ['cloudformation:CreateStackInstances'],
    gives: 'act-as',
    assumptions: ['The execution role of the target account trusts the passed role.'],
  },
  {
    id: 'pass-role-cloudformation-update-stack-set',
    title: 'Update a stack set with a passed administration role',
    does: 'Update a stack set',
    references: ['pathfinding.cloud:cloudformation-004'],
    service: 'cloudformation.amazonaws.com',
    create: ['cloudformation:UpdateStackSet'],
    gives: 'act-as',
    changes: {
      type: 'cloudformation:stack-set',
      operation: 'cloudformation/ListStackSets',
      inState: onStackSet,
      why: 'A stack set exists.',
      calls: ['cloudformation:UpdateStackSet'],
    },
    assumptions: ['The execution role of the target account trusts the passed role.'],
    cost: 3,
    costReason: 'needs an existing stack set',
  },
  {
    id: 'pass-role-cloudcontrol',
    title: 'Create a resource through Cloud Control with a passed role',
    does: 'Create a resource through Cloud Control',
    references: ['https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_CreateResource.html'],
    service: 'cloudformation.amazonaws.com',
    create: ['cloudformation:CreateResource'],
    gives: 'act-as',
  },
  {
    id: 'pass-role-codebuild-project',
    title: 'Build in a new CodeBuild project with a passed role',
    does: 'Create a CodeBuild project and start a build',
    references: ['pathfinding.cloud:codebuild-001'],
    service: 'codebuild.amazonaws.com',
    oneThing: 'project/*',
    create: ['codebuild:CreateProject'],
    afterwards: ['codebuild:StartBuild'],
  },
  {
    id: 'pass-role-codebuild-update-project',
    title: 'Build in an existing CodeBuild project with a passed role',
    does: 'Change the role of a CodeBuild project and start a build',
    references: ['https://docs.aws.amazon.com/codebuild/latest/APIReference/API_UpdateProject.html'],
    service: 'codebuild.amazonaws.com',
    create: ['codebuild:UpdateProject'],
    afterwards: ['codebuild:StartBuild'],
    changes: { ...PROJECT, calls: ['codebuild:UpdateProject', 'codebuild:StartBuild'] },
  },
  {
    id: 'pass-role-codebuild-batch',
    title: 'Build a batch in a new CodeBuild project with a passed role',
    does: 'Create a CodeBuild project and start a batch build',
    references: ['pathfinding.cloud:codebuild-004'],
    service: 'codebuild.amazonaws.com',
    oneThing: 'project/*',
    create: ['codebuild:CreateProject'],
    afterwards: ['codebuild:StartBuildBatch'],
  },
  {
    id: 'pass-role-datapipeline',
    title: 'Run a Data Pipeline on an instance with a passed role',
    does: 'Create and activate a pipeline',
    references: ['pathfinding.cloud:datapipeline-001'],
    service: EC2,
    create: ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
    afterwards: ['datapipeline:ActivatePipeline'],
    instanceProfile: 'existing',
    alongside: 'datapipeline.amazonaws.com',
    assumptions: ['The service is closed to new customers.'],
    cost: 5,
    costReason: 'a service closed to new customers',
  },
  {
    id: 'pass-role-datapipeline-role',
    title: 'Have Data Pipeline act with a passed role',
    does: 'Create and activate a pipeline of copies',
    references: [
      'pathfinding.cloud:datapipeline-001',
      'https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-iam-roles.html',
    ],
    service: 'datapipeline.amazonaws.com',
    create: ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
    afterwards: ['datapipeline:ActivatePipeline'],
    gives: 'act-as',
    assumptions: [
      'What the service does with the role is of use: it launches instances that run a command, and copies what is in stores; it is closed to new customers.',
    ],
    cost: 5,
    costReason: 'a service closed to new customers',
  },
  {
    id: 'pass-role-ec2-instance',
    title: 'Launch an instance with a passed role',
    does: 'Launch an instance',
    references: ['pathfinding.cloud:ec2-001'],
    service: EC2,
    create: ['ec2:RunInstances'],
    instanceProfile: 'existing',
    attack: ['T1578.002'],
  },
  {
    id: 'pass-role-ec2-new-profile',
    title: 'Make an instance profile for a role and launch an instance with it',
    does: 'Make an instance profile and launch an instance',
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html',
    ],
    service: EC2,
    oneThing: 'instance-profile/*',
    create: ['iam:AddRoleToInstanceProfile', 'ec2:RunInstances'],
    afterwards: ['iam:CreateInstanceProfile'],
    attack: ['T1578.002'],
    cost: 3,
    costReason: 'four API calls and propagation',
  },
  {
    id: 'pass-role-ec2-swap-profile',
    title: 'Swap the role in an instance profile and launch an instance with it',
    does: 'Swap the role of an existing instance profile and launch an instance',
    references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html'],
    service: EC2,
    create: ['iam:AddRoleToInstanceProfile', 'ec2:RunInstances'],
    afterwards: ['iam:RemoveRoleFromInstanceProfile'],
    changes: {
      ...INSTANCE_PROFILE,
      calls: ['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
    },
    attack: ['T1578.002'],
    cost: 3,
    costReason: 'breaks what uses the profile',
  },
  {
    id: 'pass-role-ec2-spot',
    title: 'Request a spot instance with a passed role',
    does: 'Request a spot instance',
    references: [
      'pathfinding.cloud:ec2-003',
      'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSEC2SpotServiceRolePolicy.html',
    ],
    service: EC2,
    // What launches the instance is the role of EC2 Spot: the caller needs no ec2:RunInstances.
    create: ['ec2:RequestSpotInstances'],
    instanceProfile: 'existing',
    assumptions: ['The service-linked role of EC2 Spot is there, or the principal may have it made.'],
    attack: ['T1578.002'],
  },
  {
    id: 'pass-role-ec2-fleet',
    title: 'Launch a fleet with a passed role',
    does: 'Launch a fleet',
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-prerequisites.html'],
    service: EC2,
    create: ['ec2:CreateLaunchTemplate', 'ec2:CreateFleet', 'ec2:RunInstances'],
    instanceProfile: 'existing',
    attack: ['T1578.002'],
  },
  {
    id: 'pass-role-autoscaling-template',
    title: 'Launch through an Auto Scaling group with a passed role',
    does: 'Make a launch template and an Auto Scaling group',
    references: [
      'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html',
    ],
    service: EC2,
    create: ['ec2:CreateLaunchTemplate', 'autoscaling:CreateAutoScalingGroup', 'ec2:RunInstances'],
    instanceProfile: 'existing',
    attack: ['T1578.002'],
  },
  {
    id: 'pass-role-autoscaling-configuration',
    title: 'Launch through a launch configuration with a passed role',
    does: 'Make a launch configuration and an Auto Scaling group',
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html'],
    service: EC2,
    create: ['autoscaling:CreateLaunchConfiguration', 'autoscaling:CreateAutoScalingGroup'],
    instanceProfile: 'existing',
    attack: ['T1578.002'],
    cost: 3,
    costReason: 'closed to newer accounts',
  },
  {
    id: 'pass-role-ecs-new-cluster-service',
    title: 'Run an ECS service in a new cluster with a passed role',
    does: 'Make a cluster and run a service',
    references: ['pathfinding.cloud:ecs-001'],
    service: ECS_TASKS,
    create: ['ecs:RegisterTaskDefinition'],
    afterwards: ['ecs:CreateCluster', 'ecs:CreateService'],
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-ecs-new-cluster-task',
    title: 'Run an ECS task in a new cluster with a passed role',
    does: 'Make a cluster and run a task',
    references: ['pathfinding.cloud:ecs-002'],
    service: ECS_TASKS,
    create: ['ecs:RegisterTaskDefinition'],
    afterwards: ['ecs:CreateCluster', 'ecs:RunTask'],
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-ecs-service',
    title: 'Run an ECS service with a passed role',
    does: 'Register a task definition and run a service',
    references: ['pathfinding.cloud:ecs-003'],
    service: ECS_TASKS,
    create: ['ecs:RegisterTaskDefinition'],
    afterwards: ['ecs:CreateService'],
    needs: [CLUSTER],
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-ecs-update-service',
    title: 'Redeploy an ECS service with a passed role',
    does: 'Register a task definition and redeploy a service',
    references: ['https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html'],
    service: ECS_TASKS,
    create: ['ecs:RegisterTaskDefinition'],
    afterwards: ['ecs:UpdateService'],
    changes: { ...SERVICE, calls: ['ecs:UpdateService'] },
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-ecs-task',
    title: 'Run an ECS task with a passed role',
    does: 'Register a task definition and run a task',
    references: ['pathfinding.cloud:ecs-004'],
    service: ECS_TASKS,
    create: ['ecs:RegisterTaskDefinition'],
    afterwards: ['ecs:RunTask'],
    needs: [CLUSTER],
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-ecs-start-task',
    title: 'Start an ECS task on a chosen container instance with a passed role',
    does: 'Register a task definition and start a task',
    references: ['pathfinding.cloud:ecs-005'],
    service: ECS_TASKS,
    create: ['ecs:RegisterTaskDefinition'],
    afterwards: ['ecs:StartTask'],
    needs: [CLUSTER, CONTAINER_INSTANCE],
    attack: ['T1610'],
    assumptions: [CONTAINER_IMAGE],
  },
  {
    id: 'pass-role-ecs-rogue-instance',
    title: "Start a task with a passed role on the intruder's own container instance",
    does: 'Register a container instance and start a task on it',
    references: ['pathfinding.cloud:ecs-007'],
    service: ECS_TASKS,
    create: ['ecs:StartTask'],
    afterwards: ['ecs:RegisterContainerInstance'],
    needs: [CLUSTER, TASK_DEFINITION],
    attack: ['T1610'],
    assumptions: [
      'The call overrides the role of the task definition.',
      'An instance under control registers itself: its identity document is signed, and its role lets the agent work.',
    ],
  },
  {
    id: 'pass-role-ecs-run-task-override',
    title: 'Override the role of an existing task definition',
    does: 'Run an existing task definition',
    references: ['pathfinding.cloud:ecs-008'],
    service: ECS_TASKS,
    create: ['ecs:RunTask'],
    needs: [CLUSTER, TASK_DEFINITION],
    attack: ['T1610'],
    assumptions: ['The execution role of the task definition may be passed too; the command can be overridden.'],
  },
  {
    id: 'pass-role-ecs-start-task-override',
    title: 'Override the role of an existing task definition on a chosen instance',
    does: 'Start an existing task definition',
    references: ['pathfinding.cloud:ecs-009'],
    service: ECS_TASKS,
    create: ['ecs:StartTask'],
    needs: [CLUSTER, CONTAINER_INSTANCE, TASK_DEFINITION],
    attack: ['T1610'],
    assumptions: ['The execution role of the task definition may be passed too; the command can be overridden.'],
  },
  {
    id: 'pass-role-emr-cluster',
    title: 'Launch an EMR cluster with a passed role',
    does: 'Launch an EMR cluster',
    references: [
      'pathfinding.cloud:emr-001',
      'https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles.html',
    ],
    service: EC2,
    create: ['elasticmapreduce:RunJobFlow'],
    instanceProfile: 'existing',
    alongside: 'elasticmapreduce.amazonaws.com',
    cost: 3,
    costReason: 'a cluster with two roles',
  },
  {
    id: 'pass-role-emr-serverless',
    title: 'Run an EMR Serverless job with a passed role',
    does: 'Create an application and start a job run',
    references: ['pathfinding.cloud:emrserverless-001'],
    service: 'emr-serverless.amazonaws.com',
    create: ['emr-serverless:StartJobRun'],
    afterwards: ['emr-serverless:CreateApplication'],
  },
  {
    id: 'pass-role-gamelift-fleet',
    title: 'Run a GameLift fleet with a passed role',
    does: 'Upload a build and create a fleet',
    references: ['pathfinding.cloud:gamelift-001'],
    service: 'gamelift.amazonaws.com',
    create: ['gamelift:CreateFleet'],
    afterwards: ['gamelift:CreateBuild', 'gamelift:RequestUploadCredentials'],
    cost: 3,
    costReason: 'needs a server build',
  },
  {
    id: 'pass-role-glue-dev-endpoint',
    title: 'Open a Glue development endpoint with a passed role',
    does: 'Create a development endpoint and log in to it',
    references: ['pathfinding.cloud:glue-001'],
    service: 'glue.amazonaws.com',
    create: ['glue:CreateDevEndpoint'],
    cost: 3,
    costReason: 'a legacy feature',
  },
  {
    id: 'pass-role-glue-job',
    title: 'Run a Glue job with a passed role',
    does: 'Create a Glue job and start it',
    references: ['pathfinding.cloud:glue-003'],
    service: 'glue.amazonaws.com',
    oneThing: 'job/*',
    create: ['glue:CreateJob'],
    afterwards: ['glue:StartJobRun'],
    assumptions: [GLUE_SCRIPT],
  },
  {
    id: 'pass-role-glue-job-trigger',
    title: 'Trigger a new Glue job with a passed role',
    does: 'Create a Glue job and a trigger for it',
    references: ['pathfinding.cloud:glue-004'],
    service: 'glue.amazonaws.com',
    create: ['glue:CreateJob'],
    afterwards: ['glue:CreateTrigger'],
    assumptions: [GLUE_SCRIPT],
  },
  {
    id: 'pass-role-glue-update-job',
    title: 'Change an existing Glue job to run with a passed role',
    does: 'Change a Glue job and start it',
    references: ['pathfinding.cloud:glue-005'],
    service: 'glue.amazonaws.com',
    create: ['glue:UpdateJob'],
    afterwards: ['glue:StartJobRun'],
    changes: { ...GLUE_JOB, calls: ['glue:UpdateJob', 'glue:StartJobRun'] },
    assumptions: [GLUE_SCRIPT],
  },
  {
    id: 'pass-role-glue-update-job-trigger',
    title: 'Change an existing Glue job and trigger it',
    does: 'Change a Glue job and create a trigger for it',
    references: ['pathfinding.cloud:glue-006'],
    service: 'glue.amazonaws.com',
    create: ['glue:UpdateJob'],
    afterwards: ['glue:CreateTrigger'],
    changes: { ...GLUE_JOB, calls: ['glue:UpdateJob'] },
    assumptions: [GLUE_SCRIPT],
  },
  {
    id: 'pass-role-glue-session',
    title: 'Run statements in a Glue session with a passed role',
    does: 'Create a Glue session and run a statement',
    references: ['pathfinding.cloud:glue-007'],
    service: 'glue.amazonaws.com',
    oneThing: 'session/*',
    create: ['glue:CreateSession'],
    afterwards: ['glue:RunStatement'],
  },
  {
    id: 'pass-role-imagebuilder',
    title: 'Build an image on an instance with a passed role',
    does: 'Build an image',
    references: ['pathfinding.cloud:imagebuilder-001'],
    service: EC2,
    create: ['imagebuilder:CreateInfrastructureConfiguration'],
    afterwards: ['imagebuilder:CreateComponent', 'imagebuilder:CreateImageRecipe', 'imagebuilder:CreateImage'],
    instanceProfile: 'existing',
    cost: 3,
    costReason: 'four resources to make',
  },
  {
    id: 'pass-role-managed-flink',
    title: 'Run a managed Flink application with a passed role',
    does: 'Create and start a Flink application',
    references: ['pathfinding.cloud:kinesisanalytics-001'],
    service: 'kinesisanalytics.amazonaws.com',
    oneThing: 'application/*',
    create: ['kinesisanalytics:CreateApplication'],
    afterwards: ['kinesisanalytics:StartApplication'],
  },
  {
    id: 'pass-role-lambda-function',
    title: 'Create and invoke a function with a passed role',
    does: 'Create a function and invoke it',
    references: ['pathfinding.cloud:lambda-001'],
    service: 'lambda.amazonaws.com',
    oneThing: 'function:*',
    create: ['lambda:CreateFunction'],
    afterwards: ['lambda:InvokeFunction'],
  },
  {
    id: 'pass-role-lambda-event-source',
    title: 'Create a function with a passed role and trigger it by a stream or queue',
    does: 'Create a function and map an event source to it',
    references: ['pathfinding.cloud:lambda-002'],
    service: 'lambda.amazonaws.com',
    create: ['lambda:CreateFunction'],
    afterwards: ['lambda:CreateEventSourceMapping'],
    roleMay: {
      actions: ['sqs:ReceiveMessage', 'kinesis:GetRecords', 'dynamodb:GetRecords'],
      why: 'The role may read a queue or a stream: the service reads it as the role.',
    },
    assumptions: ['Something arrives at the queue or stream, as the intruder can see to.'],
  },
  {
    id: 'pass-role-lambda-permission',
    title: 'Create a function with a passed role and let oneself invoke it',
    does: 'Create a function and add a permission to invoke it',
    references: ['pathfinding.cloud:lambda-006'],
    service: 'lambda.amazonaws.com',
    oneThing: 'function:*',
    create: ['lambda:CreateFunction'],
    afterwards: ['lambda:AddPermission'],
  },
  {
    id: 'pass-role-omics-run',
    title: 'Run a HealthOmics workflow with a passed role',
    does: 'Create a workflow and run it',
    references: ['pathfinding.cloud:omics-001'],
    service: 'omics.amazonaws.com',
    create: ['omics:StartRun'],
    afterwards: ['omics:CreateWorkflow', 's3:GetObject'],
    assumptions: ['The role may write its output to a bucket that the intruder reads.'],
  },
  {
    id: 'pass-role-sagemaker-notebook',
    title: 'Open a SageMaker notebook with a passed role',
    does: 'Create a notebook instance',
    references: ['pathfinding.cloud:sagemaker-001'],
    service: 'sagemaker.amazonaws.com',
    create: ['sagemaker:CreateNotebookInstance'],
    either: ['sagemaker:CreatePresignedNotebookInstanceUrl', 'sagemaker:CreateNotebookInstanceLifecycleConfig'],
  },
  {
    id: 'pass-role-sagemaker-training',
    title: 'Run a SageMaker training job with a passed role',
    does: 'Create a training job',
    references: ['pathfinding.cloud:sagemaker-002'],
    service: 'sagemaker.amazonaws.com',
    create: ['sagemaker:CreateTrainingJob'],
  },
  {
    id: 'pass-role-sagemaker-processing',
    title: 'Run a SageMaker processing job with a passed role',
    does: 'Create a processing job',
    references: ['pathfinding.cloud:sagemaker-003'],
    service: 'sagemaker.amazonaws.com',
    create: ['sagemaker:CreateProcessingJob'],
  },
  {
    id: 'pass-role-sagemaker-transform',
    title: 'Run a SageMaker transform job with a passed role',
    does: 'Create a model and a transform job',
    references: ['https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html'],
    service: 'sagemaker.amazonaws.com',
    create: ['sagemaker:CreateModel'],
    afterwards: ['sagemaker:CreateTransformJob'],
  },
  {
    id: 'pass-role-sagemaker-tuning',
    title: 'Run a SageMaker tuning job with a passed role',
    does: 'Create a hyperparameter tuning job',
    references: ['https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html'],
    service: 'sagemaker.amazonaws.com',
    create: ['sagemaker:CreateHyperParameterTuningJob'],
  },
  {
    id: 'pass-role-scheduler',
    title: 'Schedule an API call with a passed role',
    does: 'Create a schedule whose target is an API call',
    references: ['pathfinding.cloud:scheduler-001'],
    service: 'scheduler.amazonaws.com',
    create: ['scheduler:CreateSchedule'],
    gives: 'act-as',
  },
  {
    id: 'pass-role-ssm-automation',
    title: 'Run an automation document with a passed role',
    does: 'Write an automation document and run it',
    references: ['pathfinding.cloud:ssm-003'],
    service: 'ssm.amazonaws.com',
    create: ['ssm:StartAutomationExecution'],
    afterwards: ['ssm:CreateDocument'],
  },
  {
    id: 'pass-role-ssm-activation',
    title: "Register the intruder's host with a passed role",
    does: 'Create an activation and register a host',
    references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/hybrid-activation-managed-nodes.html'],
    service: 'ssm.amazonaws.com',
    create: ['ssm:CreateActivation'],
  },
  {
    id: 'pass-role-state-machine',
    title: 'Run a state machine with a passed role',
    does: 'Create a state machine and start it',
    references: ['pathfinding.cloud:stepfunctions-001'],
    service: 'states.amazonaws.com',
    oneThing: 'stateMachine:*',
    create: ['states:CreateStateMachine'],
    either: START_MACHINE,
    gives: 'act-as',
  },
  {
    id: 'pass-role-update-state-machine',
    title: 'Give a passed role to an existing state machine',
    does: 'Change the role of a state machine and start it',
    references: ['https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html'],
    service: 'states.amazonaws.com',
    create: ['states:UpdateStateMachine'],
    either: START_MACHINE,
    changes: { ...STATE_MACHINE, calls: ['states:UpdateStateMachine', ...START_MACHINE] },
    gives: 'act-as',
  },
  {
    id: 'pass-role-test-state',
    title: 'Test a state with a passed role',
    does: 'Test a state that calls an API',
    references: ['https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html'],
    service: 'states.amazonaws.com',
    create: ['states:TestState'],
    gives: 'act-as',
  },
  {
    id: 'pass-role-events-target',
    title: 'Have an event rule act with a passed role',
    does: 'Put a rule and a target',
    references: ['https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html'],
    service: 'events.amazonaws.com',
    create: ['events:PutTargets'],
    afterwards: ['events:PutRule'],
    gives: 'act-as',
  },
  {
    id: 'pass-role-amplify-app',
    title: 'Build an Amplify app with a passed role',
    does: 'Create an Amplify app and start a job',
    references: ['pathfinding.cloud:amplify-001'],
    service: 'amplify.amazonaws.com',
    create: ['amplify:CreateApp'],
    afterwards: ['amplify:CreateBranch', 'amplify:StartJob'],
  },
];
