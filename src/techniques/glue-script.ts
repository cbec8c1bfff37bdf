import { at, partitionOf, text } from '../model/index.js';
import { fact } from './fact.js';
import type { Technique } from './technique.js';
import { roleOfWorkload } from './workload-kinds.js';
import { nameOf, stated } from './world.js';

export const glueScript: Technique = {
  id: 'glue-script-overwrite',
  title: 'Overwrite the script of a Glue job in its bucket',
  tactic: 'Privilege Escalation',
  attack: ['T1525', 'T1648'],
  references: [
    'https://docs.aws.amazon.com/glue/latest/dg/add-job.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html',
  ],
  premises: ['s3:PutObject is allowed on the object that holds the script.', 'glue:StartJobRun is allowed on the job.'],
  assumptions: [],
  difficulty: { cost: 2, reason: 'a script and two API calls' },
  detection: ['s3:PutObject (data event)', 'glue:StartJobRun'],
  remediation: 'Let nobody but the deployment write to the bucket of scripts.',
  steps: (world, emit) => {
    const jobs = world.graph.assetsOfType('glue:job').flatMap((glueJob) => {
      const { id, record, region } = glueJob;
      const [, place] = /^s3:\/\/(.+\/.+)$/.exec(text(at(record, 'Command', 'ScriptLocation')) ?? '') ?? [];
      const role = roleOfWorkload(world, glueJob);
      if (place === undefined || role === undefined) return [];
      return [{ job: id, role, script: `arn:${partitionOf(region)}:s3:::${place}` }];
    });
    if (jobs.length === 0) return;
    const writes = world.permissions.may({ action: 's3:PutObject', resources: jobs.map((j) => j.script) });
    const starts = world.permissions.may({ action: 'glue:StartJobRun', resources: jobs.map((j) => j.job) });
    for (const { job, role, script } of jobs) {
      const write = writes.of(script);
      const start = starts.of(job);
      if (write === undefined || start === undefined) continue;
      emit({
        head: fact('creds', role),
        body: [write, start],
        label: {
          technique: glueScript,
          detail: () => ({
            text: `Overwrite ${script}, the script of job ${nameOf(world, job)}, and start it with role ${nameOf(world, role)}.`,
            evidence: [stated(world, job, `runs ${script} with role ${role}`)],
            fix: `Take s3:PutObject on ${script} away.`,
          }),
        },
      });
    }
  },
};
