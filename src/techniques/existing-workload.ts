import { fact } from './fact.js';
import type { Technique, TechniqueInfo } from './technique.js';
import { groupsOf, nameOf, stated, type World } from './world.js';

/** A resource that runs with a role already, and can be made to run the intruder's code. */
interface ExistingWorkload {
  readonly info: Pick<TechniqueInfo, 'id' | 'title' | 'references' | 'assumptions'>;
  /** Asset type. */
  readonly on: string;
  /** Which role it runs with; by default what it `runs-as`. */
  readonly actions: readonly string[];
  readonly gives?: 'creds' | 'act-as';
  readonly does: string;
}

const INVOKED = 'The function is invoked by what invokes it today: an event, a URL, a schedule.';

const WORKLOADS: readonly ExistingWorkload[] = [
  {
    info: {
      id: 'lambda-update-code-invoke',
      title: 'Replace the code of a function and invoke it',
      references: ['pathfinding.cloud:lambda-004'],
      assumptions: ['No code signing is enforced.'],
    },
    on: 'lambda:function',
    actions: ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
    does: 'Replace the code of, and invoke, function',
  },
  {
    info: {
      id: 'lambda-update-code-permission',
      title: 'Replace the code of a function and let oneself invoke it',
      references: ['pathfinding.cloud:lambda-005'],
      assumptions: ['No code signing is enforced.'],
    },
    on: 'lambda:function',
    actions: ['lambda:UpdateFunctionCode', 'lambda:AddPermission'],
    does: 'Replace the code of, and add a permission to invoke, function',
  },
  {
    info: {
      id: 'lambda-update-code',
      title: 'Replace the code of a function and wait for it to run',
      references: ['pathfinding.cloud:lambda-003'],
      assumptions: [INVOKED, 'No code signing is enforced.'],
    },
    on: 'lambda:function',
    actions: ['lambda:UpdateFunctionCode'],
    does: 'Replace the code of function',
  },
  {
    info: {
      id: 'lambda-update-configuration',
      title: 'Add a layer or environment that runs code in a function',
      references: ['TECHNIQUES:privesc-lambda-layer', 'TECHNIQUES:privesc-lambda-env-hijack'],
      assumptions: [INVOKED, 'The runtime loads code from a layer or by its environment.'],
    },
    on: 'lambda:function',
    actions: ['lambda:UpdateFunctionConfiguration'],
    does: 'Add a layer that hijacks function',
  },
  {
    info: {
      id: 'codebuild-start-build',
      title: 'Start a build with another build specification',
      references: ['pathfinding.cloud:codebuild-002'],
      assumptions: [],
    },
    on: 'codebuild:project',
    actions: ['codebuild:StartBuild'],
    does: 'Start a build with an own build specification in project',
  },
  {
    info: {
      id: 'codebuild-start-build-batch',
      title: 'Start a batch build with another build specification',
      references: ['pathfinding.cloud:codebuild-003'],
      assumptions: ['The project allows batch builds.'],
    },
    on: 'codebuild:project',
    actions: ['codebuild:StartBuildBatch'],
    does: 'Start a batch build with an own build specification in project',
  },
  {
    info: {
      id: 'cloudformation-update-stack',
      title: 'Update a stack that keeps its service role',
      references: ['pathfinding.cloud:cloudformation-002'],
      assumptions: [],
    },
    on: 'cloudformation:stack',
    actions: ['cloudformation:UpdateStack'],
    gives: 'act-as',
    does: 'Update, keeping its role, stack',
  },
  {
    info: {
      id: 'cloudformation-change-set',
      title: 'Execute a change set on a stack that keeps its service role',
      references: ['pathfinding.cloud:cloudformation-005'],
      assumptions: [],
    },
    on: 'cloudformation:stack',
    actions: ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
    gives: 'act-as',
    does: 'Make and execute a change set, keeping its role, on stack',
  },
  {
    info: {
      id: 'glue-update-dev-endpoint',
      title: 'Add a key to a Glue development endpoint',
      references: ['pathfinding.cloud:glue-002'],
      assumptions: ['The endpoint can be reached over SSH.'],
    },
    on: 'glue:dev-endpoint',
    actions: ['glue:UpdateDevEndpoint'],
    does: 'Add an own key to, and log in to, development endpoint',
  },
  {
    info: {
      id: 'sagemaker-notebook-url',
      title: 'Open an existing SageMaker notebook',
      references: ['pathfinding.cloud:sagemaker-004'],
      assumptions: ['The notebook is in service.'],
    },
    on: 'sagemaker:notebook-instance',
    actions: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
    does: 'Open, by a presigned address, notebook',
  },
  {
    info: {
      id: 'sagemaker-lifecycle',
      title: 'Put a lifecycle script into a SageMaker notebook',
      references: ['pathfinding.cloud:sagemaker-005'],
      assumptions: ['A lifecycle configuration can be created (sagemaker:CreateNotebookInstanceLifecycleConfig).'],
    },
    on: 'sagemaker:notebook-instance',
    actions: ['sagemaker:StopNotebookInstance', 'sagemaker:UpdateNotebookInstance', 'sagemaker:StartNotebookInstance'],
    does: 'Restart, with a lifecycle script, notebook',
  },
  {
    info: {
      id: 'state-machine-update',
      title: 'Rewrite a state machine',
      references: ['pathfinding.cloud:stepfunctions-002'],
      assumptions: [],
    },
    on: 'states:state-machine',
    actions: ['states:UpdateStateMachine', 'states:StartExecution'],
    gives: 'act-as',
    does: 'Rewrite and start state machine',
  },
];

/** Resources that run with a role already: no role is passed, and the role's trust needs no check. */
export const EXISTING_WORKLOADS: readonly Technique[] = WORKLOADS.map(makeTechnique);

const roleOf = (world: World, workload: string): string | undefined => world.graph.outgoing(workload, 'runs-as')[0]?.to;

function makeTechnique({ info, on, actions, gives, does }: ExistingWorkload): Technique {
  const technique: Technique = {
    ...info,
    tactic: 'Privilege Escalation',
    attack: ['T1648', 'T1525'],
    premises: [`Principals under the intruder's control may call ${actions.join(', ')} on it.`, 'It runs with a role.'],
    difficulty: { cost: 2, reason: 'a payload and a few API calls' },
    detection: actions,
    remediation: `Limit ${actions[0]} to those who deploy it.`,
    steps: (world, emit) => {
      for (const { ids } of groupsOf(world, on)) {
        const facts = actions.map((action) => world.permissions.may({ action, resources: ids }));
        for (const workload of facts[0]?.resources ?? []) {
          const role = roleOf(world, workload);
          const body = facts.map((f) => f.of(workload));
          if (role === undefined || body.includes(undefined)) continue;
          emit({
            head: fact(gives ?? 'creds', role),
            body: body.filter((b) => b !== undefined),
            label: {
              technique,
              detail: () => ({
                text: `${does} ${nameOf(world, workload)}, which runs with role ${nameOf(world, role)}.`,
                evidence: [stated(world, workload, `runs with role ${role}`)],
                fix: `Take ${actions[0]} on ${nameOf(world, workload)} away.`,
              }),
            },
          });
        }
      }
    },
  };
  return technique;
}
