import { idsIn, perResource, plain, type ServiceCollector } from '../declaration.js';

const fileSystems = idsIn('FileSystems', 'FileSystemId');
const absent = ['FileSystemNotFound'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html */
export const efs: ServiceCollector = {
  service: 'efs',
  prefix: 'elasticfilesystem',
  load: () => import('@aws-sdk/client-efs'),
  client: 'EFSClient',
  scope: 'region',
  operations: [
    ...plain('DescribeFileSystems'),
    perResource('DescribeMountTargets', 'FileSystemId', 'DescribeFileSystems', fileSystems, { absent }),
    {
      name: 'DescribeMountTargetSecurityGroups',
      each: async (read) => {
        const targets = await read('DescribeMountTargets');
        const ids = Object.values(targets).flatMap((answer) => idsIn('MountTargets', 'MountTargetId')(answer));
        return ids.map((id) => ({ id, input: { MountTargetId: id } }));
      },
      absent: ['MountTargetNotFound'],
    },
    perResource('DescribeFileSystemPolicy', 'FileSystemId', 'DescribeFileSystems', fileSystems, {
      absent: ['PolicyNotFound', ...absent],
    }),
  ],
};
