import { field } from '../../model/index.js';
import { perResource, plain, type ServiceCollector, textsIn } from '../declaration.js';

const clusters = textsIn('clusters');

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html */
export const eks: ServiceCollector = {
  service: 'eks',
  prefix: 'eks',
  load: () => import('@aws-sdk/client-eks'),
  client: 'EKSClient',
  scope: 'region',
  operations: [
    ...plain('ListClusters'),
    perResource('DescribeCluster', 'name', 'ListClusters', clusters),
    perResource('ListNodegroups', 'clusterName', 'ListClusters', clusters),
    {
      name: 'DescribeNodegroup',
      each: async (read) => {
        const listed = await read('ListNodegroups');
        return Object.keys(listed).flatMap((clusterName) =>
          textsIn('nodegroups')(field(listed, clusterName)).map((nodegroupName) => ({
            id: `${clusterName}/${nodegroupName}`,
            input: { clusterName, nodegroupName },
          })),
        );
      },
    },
  ],
};
