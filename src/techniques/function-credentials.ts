import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { roleOfWorkload } from './workload-kinds.js';
import { nameOf, stated } from './world.js';

export const functionCredentials: Technique = {
  id: 'function-credentials',
  title: "Take a function's role credentials from its environment",
  tactic: 'Credential Access',
  attack: ['T1552.007'],
  references: ['https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html'],
  premises: ['Code runs in the function.', 'Its role lets Lambda in.'],
  assumptions: [],
  difficulty: { cost: 1, reason: 'the keys are in environment variables' },
  detection: ['CloudTrail: calls by the function’s role session from outside of AWS'],
  remediation: 'Give the function the narrowest role that it needs.',
  steps: (world, emit) => {
    for (const lambda of world.graph.assetsOfType('lambda:function')) {
      const { id } = lambda;
      const role = roleOfWorkload(world, lambda);
      if (role === undefined) continue;
      emit({
        head: fact('creds', role),
        body: [fact('exec', id)],
        label: {
          technique: functionCredentials,
          detail: () => ({
            text: `Read the credentials of role ${nameOf(world, role)} from the environment of function ${nameOf(world, id)}.`,
            evidence: [stated(world, id, `runs with role ${role}`)],
            fix: `Narrow what ${nameOf(world, role)} may do.`,
          }),
        },
      });
    }
  },
};
