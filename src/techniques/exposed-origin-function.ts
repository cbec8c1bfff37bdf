import {
  type Asset,
  at,
  type Condition,
  groupBy,
  type Json,
  objects,
  onceFor,
  onceForBoth,
  text,
  unknown,
} from '../model/index.js';
import { least, type Origin, readDistribution } from '../network/index.js';
import { BOTH_SINCE, codeGivesWay, exposedFunction } from './exposed-function.js';
import { fact, INTERNET_FACT } from './fact.js';
import { type Allowed, allowedTo, contextOf, signerOf } from './origin-signer.js';
import type { Technique } from './technique.js';
import { nameOf, stated, type World } from './world.js';

const GUIDE = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide';

/** Functions whose URL asks for signed requests, and gets them of a distribution for whoever asks that. */
export const exposedOriginFunction: Technique = {
  id: 'exposed-origin-function',
  title: 'Enter a function through a distribution that asks nobody who comes',
  tactic: 'Initial Access',
  attack: ['T1190', 'T1648'],
  references: [
    `${GUIDE}/private-content-restricting-access-to-lambda.html`,
    'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  ],
  premises: [
    'A distribution of CloudFront that is on has the function’s URL as an origin, and a behavior that leads there and needs no signed URL or cookie.',
    'It signs its requests by an origin access control, and the function’s policy lets it call the URL.',
  ],
  assumptions: exposedFunction.assumptions,
  difficulty: exposedFunction.difficulty,
  detection: ['CloudWatch Logs of the function', 'Access log of the distribution'],
  remediation: 'Have the distribution ask for signed URLs or cookies; check in the code what it is sent.',
  steps: (world, emit) => {
    for (const asset of world.graph.assetsOfType('cloudfront:distribution')) {
      const distribution = readDistribution(asset.record);
      for (const origin of distribution?.origins ?? []) {
        const open = origin.behaviors.filter(({ isSigned }) => !isSigned);
        if (!distribution || open.length === 0 || !URL_HOST.test(origin.domain)) continue;
        const signer = signerOf(world, asset, origin);
        if (!signer?.isControl) continue;
        for (const { id, url, alias, conditions } of functionsAt(world, asset, origin)) {
          const may = alias === undefined ? mayCall(world, asset, id, url) : policyUnseen(id, alias);
          if (!may) continue;
          emit({
            head: fact('exec', id),
            body: [INTERNET_FACT],
            conditions: [
              ...distribution.conditions,
              ...least(open),
              ...signer.conditions,
              ...conditions,
              ...may.conditions,
              codeGivesWay(id),
            ],
            label: {
              technique: exposedOriginFunction,
              detail: () => ({
                text: `Call ${nameOf(world, id)} through distribution ${nameOf(world, asset.id)}, which asks nobody who comes, and make its code run what it is sent.`,
                evidence: [
                  stated(world, asset.id, `${origin.domain} is asked for whoever asks it`),
                  ...may.decidedBy.map(
                    (d) => d.evidence ?? stated(world, id, `statement ${d.statement} lets the distribution call`),
                  ),
                ],
                fix: exposedOriginFunction.remediation,
              }),
            },
          });
        }
      }
    }
  },
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
const URL_HOST = /^[a-z0-9]+\.lambda-url\.([a-z0-9-]+)\.on\.aws$/;

interface UrlOfFunction {
  readonly id: string;
  /** Its configuration; `undefined` where that was not collected. */
  readonly url: Json | undefined;
  /** It is of an alias, which has a policy of its own, that is not collected. */
  readonly alias?: string | undefined;
  readonly conditions: readonly Condition[];
}

const urlsOf = (world: World, id: string): readonly (Json | undefined)[] => {
  const own = world.observed.detail('lambda/GetFunctionUrlConfig', id);
  return [own, ...objects(at(world.observed.detail('lambda/ListFunctionUrlConfigs', id), 'FunctionUrlConfigs'))];
};

const functionsByHost = onceFor((world: World): ReadonlyMap<string, UrlOfFunction> => {
  const all = world.graph.assetsOfType('lambda:function').flatMap(({ id }) =>
    urlsOf(world, id).flatMap((url) => {
      const host = /^https:\/\/([^/]+)/.exec(text(at(url, 'FunctionUrl')) ?? '')?.[1];
      const alias = (text(at(url, 'FunctionArn')) ?? '').split(':')[7];
      return host === undefined ? [] : [[host, { id, url, alias, conditions: [] }] as const];
    }),
  );
  return new Map(all);
});

const policyUnseen = (id: string, alias: string): Allowed => ({
  conditions: [
    unknown('function policy', `whether that of alias ${alias} of ${id} lets it be called is not collected`),
  ],
  decidedBy: [],
});

/** The function whose URL is asked; else those of its region of which the URLs were not collected, and which may let the distribution call them. */
function functionsAt(world: World, { id: distribution, account }: Asset, { domain }: Origin): readonly UrlOfFunction[] {
  const known = functionsByHost(world).get(domain);
  if (known) return [known];
  const region = URL_HOST.exec(domain)?.[1] ?? '';
  const unseen = unseenByCaller(world, account);
  return [distribution, ANY_CALLER]
    .flatMap((caller) => unseen.get(`${region} ${caller}`) ?? [])
    .map((id) => ({
      id,
      url: undefined,
      conditions: [unknown('function URL', `whether that of ${id} is ${domain} was not collected`)],
    }));
}

const ANY_CALLER = '*';

/** Functions of an account of which the URLs were not collected, by region and by each distribution that may call them. */
const unseenByCaller = onceForBoth((world: World, account: string): ReadonlyMap<string, readonly string[]> => {
  const unseen = world.graph
    .assetsOfType('lambda:function')
    .filter((one) => one.account === account && isUrlUnseen(world, one.id))
    .flatMap(({ id, region }) => callersOf(world, account, id).map((caller) => ({ id, place: `${region} ${caller}` })));
  const byPlace = groupBy(unseen, ({ place }) => place);
  return new Map([...byPlace].map(([place, all]) => [place, all.map(({ id }) => id)]));
});

/** Distributions of the account that a function may let call it, as far as its policy names them: else any. */
function callersOf({ iam }: World, account: string, id: string): readonly string[] {
  const may = allowedTo([
    iam.evaluate({
      principal: CLOUDFRONT,
      action: CALL_URL,
      resource: id,
      context: { 'aws:SourceAccount': account, ...BY_URL },
    }),
  ]);
  if (!may) return [];
  const named = may.conditions.find(
    ({ key, operator, values }) =>
      key.toLowerCase() === 'aws:sourcearn' && NAMES.has(operator) && !values.some((value) => /[*?$]/.test(value)),
  );
  return named?.values ?? [ANY_CALLER];
}

const NAMES: ReadonlySet<string> = new Set(['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike']);

const isUrlUnseen = ({ observed }: World, id: string): boolean =>
  observed.detail('lambda/GetFunctionUrlConfig', id) === undefined &&
  observed.detail('lambda/ListFunctionUrlConfigs', id) === undefined;

const CLOUDFRONT = 'cloudfront.amazonaws.com';
const CALL_URL = 'lambda:InvokeFunctionUrl';
const BY_URL = { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } as const;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
function mayCall({ iam }: World, distribution: Asset, id: string, url: Json | undefined): Allowed | undefined {
  const asked = (action: string, how: Readonly<Record<string, string>>): Allowed | undefined =>
    allowedTo([
      iam.evaluate({
        principal: CLOUDFRONT,
        action,
        resource: id,
        context: { ...contextOf(distribution), ...how },
      }),
    ]);
  const byUrl = asked(CALL_URL, BY_URL);
  const made = text(at(url, 'CreationTime')) ?? '';
  const isOlder = url !== undefined && made !== '' && made < BOTH_SINCE;
  if (!byUrl || isOlder) return byUrl;
  const besides = asked('lambda:InvokeFunction', { 'lambda:InvokedViaFunctionUrl': 'true' });
  return (
    besides && {
      conditions: [...byUrl.conditions, ...besides.conditions],
      decidedBy: [...byUrl.decidedBy, ...besides.decidedBy],
    }
  );
}
