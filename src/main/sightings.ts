import {
  at,
  field,
  isObject,
  type Json,
  type JsonObject,
  makeArn,
  objects,
  sortedUnique,
  text,
} from '../model/index.js';
import {
  type Answer,
  findEnvironmentSecrets,
  findPairSecrets,
  findSecrets,
  type SecretFinding,
  type Snapshot,
} from '../snapshot/index.js';
import type { SecretSighting } from '../techniques/index.js';

/** What an operation shows of secrets: by what holds them. */
interface Sight {
  readonly service: string;
  readonly operation: string;
  readonly find: (
    answer: Answer,
  ) => readonly (readonly [holder: string | undefined, findings: readonly SecretFinding[]])[];
}

/** The entries of an answer that is keyed by resource. */
export const entriesOf = (answer: Answer): readonly (readonly [string, JsonObject])[] =>
  Object.keys(answer.body).flatMap((key) => {
    const value = field(answer.body, key);
    return isObject(value) ? [[key, value] as const] : [];
  });

const inVariables = (variables: Json | undefined): readonly SecretFinding[] =>
  isObject(variables) ? findEnvironmentSecrets(variables) : [];
const inText = (value: Json | undefined): readonly SecretFinding[] => findSecrets(text(value) ?? '');

/** Pairs as some services name them: `[{ParameterKey, ParameterValue}]`. */
const inPairs = (pairs: Json | undefined, name: string, value: string): readonly SecretFinding[] =>
  findPairSecrets(objects(pairs).map((pair) => ({ name: pair[name] ?? '', value: pair[value] ?? '' })));

/** Variables of other types than plain text only name a parameter or secret. */
const isPlain = (variable: JsonObject): boolean => (text(field(variable, 'type')) ?? 'PLAINTEXT') === 'PLAINTEXT';

const SIGHTS: readonly Sight[] = [
  {
    service: 'ec2',
    operation: 'DescribeInstanceAttribute',
    find: (answer) =>
      entriesOf(answer).map(([id, value]) => [
        makeArn('ec2', answer.region, answer.account, `instance/${id}`),
        inText(at(value, 'UserData', 'Value')),
      ]),
  },
  {
    service: 'ec2',
    operation: 'DescribeLaunchTemplateVersions',
    find: (answer) =>
      entriesOf(answer).map(([id, value]) => [
        makeArn('ec2', answer.region, answer.account, `launch-template/${id}`),
        objects(field(value, 'LaunchTemplateVersions')).flatMap((version) =>
          inText(at(version, 'LaunchTemplateData', 'UserData')),
        ),
      ]),
  },
  {
    service: 'auto-scaling',
    operation: 'DescribeLaunchConfigurations',
    find: ({ body }) =>
      objects(field(body, 'LaunchConfigurations')).map((configuration) => [
        text(field(configuration, 'LaunchConfigurationARN')),
        inText(field(configuration, 'UserData')),
      ]),
  },
  {
    service: 'lambda',
    operation: 'ListFunctions',
    find: ({ body }) =>
      objects(field(body, 'Functions')).map((fn) => [
        text(field(fn, 'FunctionArn')),
        inVariables(at(fn, 'Environment', 'Variables')),
      ]),
  },
  {
    service: 'ecs',
    operation: 'DescribeTaskDefinition',
    find: (answer) =>
      entriesOf(answer).map(([id, value]) => [
        text(at(value, 'taskDefinition', 'taskDefinitionArn')) ?? id,
        objects(at(value, 'taskDefinition', 'containerDefinitions')).flatMap((container) =>
          findPairSecrets(field(container, 'environment')),
        ),
      ]),
  },
  {
    service: 'codebuild',
    operation: 'BatchGetProjects',
    find: ({ body }) =>
      objects(field(body, 'projects')).map((project) => [
        text(field(project, 'arn')),
        findPairSecrets(objects(at(project, 'environment', 'environmentVariables')).filter(isPlain)),
      ]),
  },
  {
    service: 'elastic-beanstalk',
    operation: 'DescribeConfigurationSettings',
    find: (answer) =>
      entriesOf(answer).map(([environment, value]) => {
        const settings = objects(field(value, 'ConfigurationSettings'));
        const application = text(field(settings[0], 'ApplicationName')) ?? '';
        return [
          makeArn('elasticbeanstalk', answer.region, answer.account, `environment/${application}/${environment}`),
          inPairs(
            settings.flatMap((own) => objects(field(own, 'OptionSettings'))),
            'OptionName',
            'Value',
          ),
        ];
      }),
  },
  {
    service: 'apprunner',
    operation: 'DescribeService',
    find: (answer) =>
      entriesOf(answer).map(([id, value]) => {
        const source = at(value, 'Service', 'SourceConfiguration');
        return [
          id,
          [
            ...inVariables(at(source, 'ImageRepository', 'ImageConfiguration', 'RuntimeEnvironmentVariables')),
            ...inVariables(
              at(
                source,
                'CodeRepository',
                'CodeConfiguration',
                'CodeConfigurationValues',
                'RuntimeEnvironmentVariables',
              ),
            ),
          ],
        ];
      }),
  },
  {
    service: 'batch',
    operation: 'DescribeJobDefinitions',
    find: ({ body }) =>
      objects(field(body, 'jobDefinitions')).map((definition) => [
        text(field(definition, 'jobDefinitionArn')),
        findPairSecrets(at(definition, 'containerProperties', 'environment')),
      ]),
  },
  {
    service: 'bedrock-agentcore-control',
    operation: 'GetAgentRuntime',
    find: (answer) =>
      entriesOf(answer).map(([, runtime]) => [
        text(field(runtime, 'agentRuntimeArn')),
        inVariables(field(runtime, 'environmentVariables')),
      ]),
  },
  {
    service: 'glue',
    operation: 'GetJobs',
    find: ({ body, region, account }) =>
      objects(field(body, 'Jobs')).map((job) => [
        makeArn('glue', region, account, `job/${text(field(job, 'Name')) ?? ''}`),
        inVariables(field(job, 'DefaultArguments')),
      ]),
  },
  {
    service: 'cloudformation',
    operation: 'DescribeStacks',
    find: ({ body }) =>
      objects(field(body, 'Stacks')).map((stack) => [
        text(field(stack, 'StackId')),
        [
          ...inPairs(field(stack, 'Parameters'), 'ParameterKey', 'ParameterValue'),
          ...inPairs(field(stack, 'Outputs'), 'OutputKey', 'OutputValue'),
        ],
      ]),
  },
];

/** Secrets that stand in texts which the API gives: what kinds, and whose access keys; never their values. */
export const readSightings = (snapshot: Snapshot): readonly SecretSighting[] =>
  SIGHTS.flatMap(({ service, operation, find }) =>
    snapshot.answers(service, operation).flatMap((answer) =>
      find(answer).flatMap(([holder, findings]): readonly SecretSighting[] =>
        holder === undefined || findings.length === 0
          ? []
          : [
              {
                holder,
                kinds: sortedUnique(findings.map((f) => f.kind)),
                accessKeyIds: sortedUnique(
                  findings.flatMap((f) => (f.kind === 'aws-access-key' ? (f.accessKeyId ?? []) : [])),
                ),
                source: answer.source,
              },
            ],
      ),
    ),
  );
