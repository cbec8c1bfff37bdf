import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import * as fc from 'fast-check';
import { buildAuthorizer, evaluatePolicies, PolicyCompiler, type PolicyEvaluation } from '../src/iam/index.js';
import { toEvaluation } from '../tests/iam/oracle/questions.js';
import { drawScene } from '../tests/iam/oracle/scene-arbitrary.js';
import { simulate, toSimulation } from '../tests/iam/oracle/simulate.js';
import { type BenchEstate, makeEstate } from './iam-estate.js';
import { randomFrom } from './random.js';
import { megabytes, milliseconds, printTable, ratio } from './table.js';

const ACCOUNT = '111122223333';

interface Contest {
  readonly title: string;
  readonly requests: number;
  /** Verdicts a second. */
  readonly ours: number;
  readonly theirs: number;
  /** How many of the verdicts are the same. */
  readonly same: number;
}

/** Processor time of this process in milliseconds: unlike the clock it is not stretched by other processes. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Asks questions from the `from`th on, in a circle, for `least` milliseconds of processor time: how many a second, and where it stopped. */
async function slice<Q>(questions: readonly Q[], from: number, least: number, ask: (question: Q) => unknown) {
  const start = processorTime();
  let asked = 0;
  let took = 0;
  while (took < least) {
    for (let i = 0; i < 50; i += 1) {
      const answer = ask(questions[(from + asked) % questions.length] as Q);
      // Awaiting a value that is there already would be most of what is measured.
      if (answer instanceof Promise) await answer;
      asked += 1;
    }
    took = processorTime() - start;
  }
  return { rate: (1000 * asked) / took, next: from + asked };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const SLICES = 7;
const SLICE = 400;

/** Both sides take turns, so that whatever else the machine does meets both; the median of either's turns counts. */
async function race<Q>(questions: readonly Q[], ours: (question: Q) => unknown, theirs: (question: Q) => unknown) {
  for (const question of questions) ours(question);
  for (const question of questions) await theirs(question);
  const rates = { ours: [] as number[], theirs: [] as number[] };
  let at = { ours: 0, theirs: 0 };
  for (let turn = 0; turn < SLICES; turn += 1) {
    const mine = await slice(questions, at.ours, SLICE, ours);
    const yours = await slice(questions, at.theirs, SLICE, theirs);
    rates.ours.push(mine.rate);
    rates.theirs.push(yours.rate);
    at = { ours: mine.next, theirs: yours.next };
  }
  return { ours: median(rates.ours), theirs: median(rates.theirs) };
}

/** A question in the words of both sides, put together beforehand: what is measured is deciding. */
interface Prepared {
  readonly evaluation: PolicyEvaluation;
  readonly simulation: Simulation;
}

/** The same with every part named, as a program that asks many questions writes them. */
const inOrder = (evaluation: PolicyEvaluation): PolicyEvaluation => ({
  principal: evaluation.principal,
  action: evaluation.action,
  resource: evaluation.resource,
  resourceAccount: evaluation.resourceAccount,
  context: evaluation.context,
  unknownKeys: undefined,
  chosenKeys: undefined,
  identityPolicies: evaluation.identityPolicies,
  permissionsBoundary: evaluation.permissionsBoundary,
  sessionPolicy: evaluation.sessionPolicy,
  serviceControlPolicies: evaluation.serviceControlPolicies,
  resourceControlPolicies: evaluation.resourceControlPolicies,
  resourcePolicy: evaluation.resourcePolicy,
  vpcEndpointPolicy: evaluation.vpcEndpointPolicy,
});

/** Random policies of all types with random requests, as the differential test draws them. */
export async function contestOfScenes(scenes = 150, seed = 1): Promise<Contest> {
  const questions = fc.sample(drawScene(20), { seed, numRuns: scenes }).flatMap((scene) =>
    scene.requests.map((request): Prepared => {
      const evaluation = inOrder(toEvaluation(scene, request));
      return { evaluation, simulation: toSimulation(evaluation) };
    }),
  );
  const compiler = new PolicyCompiler();
  let same = 0;
  for (const { evaluation } of questions)
    if (evaluatePolicies(evaluation, compiler).verdict === (await simulate(evaluation))) same += 1;
  const rates = await race(
    questions,
    ({ evaluation }) => evaluatePolicies(evaluation, compiler),
    ({ simulation }) => runSimulation(simulation, {}),
  );
  return { title: 'policies of all types, given with the request', requests: questions.length, ...rates, same };
}

const ACTIONS = [
  ['s3:GetObject', (team: number) => `arn:aws:s3:::team-${team}-data/key`],
  ['sqs:SendMessage', (team: number) => `arn:aws:sqs:us-east-1:${ACCOUNT}:x-team-${team}-jobs`],
  ['dynamodb:GetItem', (team: number) => `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/team-${team}`],
  ['iam:PassRole', (team: number) => `arn:aws:iam::${ACCOUNT}:role/team-${team}`],
  ['ec2:StopInstances', (team: number) => `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/team-${team}`],
] as const;

interface EstateQuestion extends Prepared {
  readonly request: { readonly principal: string; readonly action: string; readonly resource: string };
}

/** The same request twice: as asked of an account, and with the principal's policies for one who does not know the account. */
function askEstate(estate: BenchEstate, count: number): readonly EstateQuestion[] {
  const random = randomFrom(9);
  return Array.from({ length: count }, () => {
    const principal = random.pick(estate.principals);
    const [action, resourceOf] = random.pick(ACTIONS);
    const request = { principal, action, resource: resourceOf(random.below(20)) };
    const tag = estate.principals.indexOf(principal) % Math.max(4, Math.ceil(estate.principals.length / 50));
    const boundary = estate.boundaryOf.get(principal);
    const documents = estate.documentsOf.get(principal) ?? [];
    const evaluation: PolicyEvaluation = {
      ...request,
      resourceAccount: ACCOUNT,
      context: { 'aws:PrincipalTag/team': `team-${tag}` },
      identityPolicies: documents.map((document, index) => ({ name: `policy-${index}`, document })),
      ...(boundary && { permissionsBoundary: { name: 'boundary', document: boundary } }),
    };
    return { request, evaluation, simulation: toSimulation(evaluation) };
  });
}

/** Requests of an account's principals: ours knows the account, the simulator is handed the principal's policies. */
export async function contestOfAccount(principals = 1000, count = 2000): Promise<Contest> {
  const estate = makeEstate(principals);
  const authorizer = buildAuthorizer(estate.snapshot);
  const questions = askEstate(estate, count);
  let same = 0;
  for (const { request, evaluation } of questions)
    if (authorizer.evaluate(request).verdict === (await simulate(evaluation))) same += 1;
  const rates = await race(
    questions,
    ({ request }) => authorizer.evaluate(request),
    ({ simulation }) => runSimulation(simulation, {}),
  );
  return { title: `an account of ${principals.toLocaleString('en')} principals`, requests: count, ...rates, same };
}

/** Bytes of live objects, after collecting what is dead. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function timed<T>(work: () => T): { readonly result: T; readonly took: number } {
  const start = processorTime();
  const result = work();
  return { result, took: processorTime() - start };
}

export interface Growth {
  readonly principals: number;
  readonly parse: number;
  readonly build: number;
  readonly grants: number;
  readonly covered: number;
  readonly bytes: number;
}

/** Times and memory of the engine over accounts of growing size; the snapshot's own memory is not counted. */
export function growthWithPrincipals(sizes: readonly number[] = [1_000, 10_000, 100_000]): readonly Growth[] {
  return sizes.map((principals) => {
    const { snapshot } = makeEstate(principals);
    const body = snapshot.answer(ACCOUNT, 'global', 'iam', 'GetAccountAuthorizationDetails')?.body;
    const json = JSON.stringify(body);
    const { took: parse } = timed(() => JSON.parse(json) as unknown);
    const before = liveBytes();
    const { result: authorizer, took: build } = timed(() => buildAuthorizer(snapshot));
    const resources = Array.from({ length: 10 }, (_, team) => `arn:aws:s3:::team-${team}-data/key`);
    const { result: grants, took: asking } = timed(() => authorizer.grants({ action: 's3:GetObject', resources }));
    const bytes = liveBytes() - before;
    const covered = grants.reduce((sum, grant) => sum + grant.principals.length * grant.resources.length, 0);
    // Kept alive until it has been weighed.
    if (authorizer.principals.length !== principals) throw new Error('The estate was read wrongly');
    return { principals, parse, build, grants: asking, covered, bytes };
  });
}

/** Verdicts a second against the simulator on the same requests, and what the engine costs as accounts grow. */
export async function benchIam(sizes?: readonly number[]): Promise<void> {
  const contests = [await contestOfScenes(), await contestOfAccount(), await contestOfAccount(10_000)];
  printTable(
    'Authorization against the simulator, verdicts a second of processor time (goal: 100 times as many)',
    ['requests about', 'requests', 'same verdict', 'ours', 'simulator', 'ours : simulator'],
    contests.map((contest) => [
      contest.title,
      contest.requests.toLocaleString('en'),
      `${((100 * contest.same) / contest.requests).toFixed(1)} %`,
      Math.round(contest.ours).toLocaleString('en'),
      Math.round(contest.theirs).toLocaleString('en'),
      (contest.ours / contest.theirs).toFixed(0),
    ]),
  );
  const growth = growthWithPrincipals(sizes);
  printTable(
    'Authorization as accounts grow (ms of processor time; memory without the snapshot)',
    [
      'principals',
      'JSON.parse',
      'build',
      'build : parse',
      'grants on 10',
      'pairs granted',
      'MB',
      'bytes a principal',
      'times the last build',
    ],
    growth.map((row, index) => [
      row.principals.toLocaleString('en'),
      milliseconds(row.parse),
      milliseconds(row.build),
      ratio(row.build, row.parse),
      milliseconds(row.grants),
      row.covered.toLocaleString('en'),
      megabytes(row.bytes),
      Math.round(row.bytes / row.principals).toLocaleString('en'),
      index === 0 ? '-' : ratio(row.build, growth[index - 1]?.build ?? 0),
    ]),
  );
}
