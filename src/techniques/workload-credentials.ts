import { groupKeyed } from '../model/index.js';
import { EACH, fact } from './fact.js';
import type { Technique } from './technique.js';
import { MANAGED_WORKLOADS, roleOfWorkload } from './workload-kinds.js';
import { nameOf, stated, type World } from './world.js';

export const workloadCredentials: Technique = {
  id: 'workload-credentials',
  title: "Take a workload's role credentials from where its code runs",
  tactic: 'Credential Access',
  attack: ['T1552.005', 'T1552.007'],
  references: [
    'https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html',
    'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
    'https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html',
    'https://docs.aws.amazon.com/glue/latest/dg/create-an-iam-role.html',
  ],
  premises: [
    'Code runs in the workload: a build, a notebook, a job, an App Runner service, an agent.',
    'It has a role, which lets the service in.',
  ],
  assumptions: [],
  difficulty: { cost: 1, reason: 'one local HTTP request, or the keys are in environment variables' },
  detection: ['CloudTrail: calls by the workload’s role session from another address'],
  remediation: 'Give the workload the narrowest role that it needs.',
  steps: (world, emit) => {
    for (const [role, workloads] of workloadsByRole(world)) {
      emit({
        head: fact('creds', role),
        body: [fact('exec', EACH)],
        each: workloads,
        label: {
          technique: workloadCredentials,
          detail: (workload) => ({
            text: `Read the credentials of role ${nameOf(world, role)} in ${nameOf(world, workload)}.`,
            evidence: [stated(world, workload, `runs with role ${role}`)],
            fix: `Narrow what ${nameOf(world, role)} may do.`,
          }),
        },
      });
    }
  },
};

function workloadsByRole(world: World): ReadonlyMap<string, readonly string[]> {
  const workloads = MANAGED_WORKLOADS.flatMap((type) => world.graph.assetsOfType(type));
  return new Map(
    [...groupKeyed(workloads, (workload) => roleOfWorkload(world, workload))].map(([role, own]) => [
      role,
      own.map(({ id }) => id),
    ]),
  );
}
