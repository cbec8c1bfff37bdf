import { field, type JsonObject, objects } from '../../model/index.js';
import {
  idsIn,
  inBatches,
  perResource,
  type Operation,
  plain,
  type ServiceCollector,
  textsIn,
} from '../declaration.js';

const clusters = textsIn('clusterArns');

/** What a listing by cluster names, described in batches and keyed by the cluster. */
function describe(name: string, listing: string, listName: string, parameter: string, size: number): Operation {
  return {
    name,
    each: async (read) => {
      const listed = await read(listing);
      return Object.keys(listed).flatMap((cluster) =>
        inBatches(
          textsIn(listName)(field(listed, cluster)),
          size,
          (batch) => ({ cluster, [parameter]: batch, include: ['TAGS'] }),
          cluster,
        ),
      );
    },
  };
}

const idsInEach = (answer: JsonObject, listName: string, idName: string): string[] =>
  Object.keys(answer).flatMap((key) => idsIn(listName, idName)(field(answer, key)));

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
export const ecs: ServiceCollector = {
  service: 'ecs',
  prefix: 'ecs',
  load: () => import('@aws-sdk/client-ecs'),
  client: 'ECSClient',
  scope: 'region',
  operations: [
    ...plain('ListClusters', 'ListTaskDefinitions'),
    {
      name: 'DescribeClusters',
      isBatch: true,
      each: async (read) =>
        inBatches(clusters(await read('ListClusters')), 100, (batch) => ({ clusters: batch, include: ['TAGS'] })),
    },
    perResource('ListServices', 'cluster', 'ListClusters', clusters, { input: { maxResults: 100 } }),
    perResource('ListTasks', 'cluster', 'ListClusters', clusters),
    perResource('ListContainerInstances', 'cluster', 'ListClusters', clusters),
    describe('DescribeServices', 'ListServices', 'serviceArns', 'services', 10),
    describe('DescribeTasks', 'ListTasks', 'taskArns', 'tasks', 100),
    describe(
      'DescribeContainerInstances',
      'ListContainerInstances',
      'containerInstanceArns',
      'containerInstances',
      100,
    ),
    {
      name: 'DescribeTaskDefinition',
      // Every revision that runs, and each family's newest: what a principal with RunTask would start.
      each: async (read) => {
        const [services, tasks, families] = await Promise.all([
          read('DescribeServices'),
          read('DescribeTasks'),
          read('ListTaskDefinitions'),
        ]);
        const running = [
          ...idsInEach(services, 'services', 'taskDefinition'),
          ...Object.values(services).flatMap((described) =>
            objects(field(described, 'services')).flatMap(idsIn('taskSets', 'taskDefinition')),
          ),
          ...idsInEach(tasks, 'tasks', 'taskDefinitionArn'),
        ];
        const all = new Set([...running, ...newestOfEachFamily(textsIn('taskDefinitionArns')(families))]);
        return [...all].map((id) => ({ id, input: { taskDefinition: id } }));
      },
    },
  ],
};

function newestOfEachFamily(arns: readonly string[]): Iterable<string> {
  const newest = new Map<string, string>();
  for (const arn of arns) {
    const [family = '', revision] = arn.split(/:(?=\d+$)/);
    const known = newest.get(family)?.split(/:(?=\d+$)/)[1] ?? '-1';
    if (Number(revision) > Number(known)) newest.set(family, arn);
  }
  return newest.values();
}
